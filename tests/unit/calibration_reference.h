/* Made by tests/judges/calibration.py: what scikit-learn and SciPy compute of the logits in
 * test_metrics_rows.h; of the ECE and of densities their definition. */
static const double temperature_of_5 = 3.8150305609;
static const double nll_of_5 = 2.1371989155;
static const double brier_of_5 = 0.64113268264;
static const double ece_of_5 = 0.23443323991;
static const double entropy_of_5 = 0.59195193979;
static const double nll_after_of_5 = 1.32583444;
static const double brier_after_of_5 = 0.64453171971;
static const double ece_after_of_5 = 0.22186608455;
static const double entropy_after_of_5 = 1.32583444;
static const double temperature_of_2 = 4.2817767667;
static const double nll_of_2 = 0.9872957167;
static const double brier_of_2 = 0.20044499415;
static const double ece_of_2 = 0.18205073258;
static const double entropy_of_2 = 0.22565074904;
static const double nll_after_of_2 = 0.56510785324;
static const double brier_after_of_2 = 0.18762582331;
static const double ece_after_of_2 = 0.15736333102;
static const double entropy_after_of_2 = 0.56510785324;
