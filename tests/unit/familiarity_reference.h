/* Made by tests/judges/calibration.py: what scikit-learn and SciPy compute of the logits in
 * test_metrics_rows.h; of the ECE and of densities their definition. */
static const double density_mean = -12.822320135;
static const double density_strange = -11.048931705;
static const double energy_mean = 5.2605368735;
static const double auroc_of_energy = 0.48409269442;
static const double auroc_of_ties = 0.58652227584;
static const double deviations_of_1e_06 = 1.2533141374e-06;
static const double deviations_of_0_5 = 0.6744897502;
static const double deviations_of_0_9 = 1.644853627;
static const double deviations_of_0_95 = 1.9599639845;
static const double deviations_of_0_999999 = 4.8916384757;
