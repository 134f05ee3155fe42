/* Made by tests/judges/groups.py; see there. */
enum { EXAMPLES = 210, GROUPS = 3 };
static const double two_accuracy[] = {0.7, 0.8, 0.9};
static const double two_precision[] = {0.538461538461538, 0.642857142857143, 0.888888888888889};
static const double two_recall[] = {0.7, 0.9, 0.8};
static const double two_f1[] = {0.608695652173913, 0.75, 0.842105263157895};
static const double two_selection_rate[] = {0.433333333333333, 0.466666666666667, 0.3};
static const double two_false_positive_rate[] = {0.3, 0.25, 0.05};
static const double two_gaps[] = {0.2, 0.166666666666667, 0.25, 0.642857142857143, 0.166666666666667};
static const double many_accuracy[] = {0.55, 0.7, 0.866666666666667};
static const double many_precision[] = {0.536990740740741, 0.697023809523809, 0.881944444444444};
static const double many_recall[] = {0.549436090225564, 0.713762626262626, 0.847916666666667};
static const double many_f1[] = {0.537365235237576, 0.684048913043478, 0.84982174688057};
static const double many_gaps[] = {0.316666666666667, 0.2, 0.390350877192982, 0.428571428571429, 0, 2, 2};
static const double real_rmse[] = {0.765720657289589, 1.55857841210081, 2.69895813231699};
static const double real_mae[] = {0.678125, 1.25833333333333, 2.09166666666667};
static const double real_r_squared[] = {0.955835185044576, 0.817681933676461, 0.450477777079273};
static const double real_coverage[] = {0.875, 0.7, 0.5};
static const double real_gaps[] = {1.9332374750274, 0.375};
