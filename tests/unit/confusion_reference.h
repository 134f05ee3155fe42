/* Made by tests/judges/confusion.py: what scikit-learn computes of the classes in
 * test_metrics_confusion.c. */
enum { EXAMPLES = 500, CLASSES = 7 };
static const size_t reference_pairs[CLASSES][CLASSES] = {
    {100, 0, 0, 0, 0, 0, 0}, {0, 33, 33, 0, 0, 0, 0}, {33, 0, 134, 0, 33, 0, 0}, {34, 33, 0, 0, 0, 0, 0},
    {0, 0, 0, 0, 0, 0, 0},   {0, 0, 0, 0, 0, 67, 0},  {0, 0, 0, 0, 0, 0, 0},
};
static const double reference_precision[CLASSES] = {0.59880239521, 0.5, 0.80239520958, NAN, 0, 1, NAN};
static const double reference_recall[CLASSES] = {1, 0.5, 0.67, 0, NAN, 1, NAN};
static const double reference_f1[CLASSES] = {0.74906367041, 0.5, 0.73024523161, 0, 0, 1, NAN};
static const double reference_iou[CLASSES] = {0.59880239521, 0.33333333333, 0.57510729614, 0, 0, 1, NAN};
static const double reference_mean_iou = 0.41787383745;
static const double reference_macro_f1 = 0.49655148367;
