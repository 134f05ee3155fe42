/* power_law.c - a, b in closed form for each c, golden section over c, errors by Gauss and Newton. */
#include "sweep/power_law.h"

#include <math.h>

static const double least_c = 0.01, most_c = 5;

double power_law_at(const struct power_law *law, double n)
{
    return law->a + law->b * pow(n, -law->c);
}

/* The sum of squared relative residuals with the best a >= 0 and b for this c. */
static double fit_linear(const double *n, const double *y, int count, double c, struct power_law *law)
{
    /* rows (1, n^-c) / y against 1 */
    double aa = 0, ab = 0, bb = 0, a = 0, b = 0, sum = 0;
    for (int i = 0; i < count; i++) {
        const double u = 1 / y[i], v = pow(n[i] / n[0], -c) / y[i];
        aa += u * u;
        ab += u * v;
        bb += v * v;
        a += u;
        b += v;
    }
    const double determinant = aa * bb - ab * ab;
    law->c = c;
    law->a = determinant > 1e-12 * aa * bb ? (a * bb - b * ab) / determinant : 0;
    law->b = law->a > 0 ? (b - ab * law->a) / bb : b / bb;
    law->a = fmax(law->a, 0);
    law->b *= pow(n[0], c); /* n was measured by the first, so that no power under- or overflows */
    for (int i = 0; i < count; i++) {
        const double residual = (y[i] - power_law_at(law, n[i])) / y[i];
        sum += residual * residual;
    }
    return sum;
}

static void find_c(const double *n, const double *y, int count, struct power_law *law)
{
    enum { COARSE = 200, FINE = 100 };
    const double golden = (sqrt(5) - 1) / 2;
    double best = INFINITY, at = least_c;
    const double step = pow(most_c / least_c, 1.0 / COARSE);
    for (int i = 0; i <= COARSE; i++) {
        const double c = least_c * pow(step, i), sum = fit_linear(n, y, count, c, law);
        if (sum < best) {
            best = sum;
            at = c;
        }
    }
    double low = fmax(at / step, least_c), high = fmin(at * step, most_c);
    for (int i = 0; i < FINE; i++) {
        const double left = high - golden * (high - low), right = low + golden * (high - low);
        if (fit_linear(n, y, count, left, law) < fit_linear(n, y, count, right, law))
            high = right;
        else
            low = left;
    }
    fit_linear(n, y, count, (low + high) / 2, law);
}

/* The curve's derivatives by a, b, c. */
static void derive(const struct power_law *law, double n, double by[3])
{
    by[0] = 1;
    by[1] = pow(n, -law->c);
    by[2] = -law->b * log(n) * by[1];
}

/* Inverts a symmetric 3x3 matrix by Gauss and Jordan; false where it is singular. */
static bool invert(double matrix[3][3], double inverse[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            inverse[i][j] = i == j;
    for (int k = 0; k < 3; k++) {
        const double pivot = matrix[k][k];
        if (!(fabs(pivot) > 0))
            return false;
        for (int j = 0; j < 3; j++) {
            matrix[k][j] /= pivot;
            inverse[k][j] /= pivot;
        }
        for (int i = 0; i < 3; i++) {
            const double factor = matrix[i][k];
            for (int j = 0; i != k && j < 3; j++) {
                matrix[i][j] -= factor * matrix[k][j];
                inverse[i][j] -= factor * inverse[k][j];
            }
        }
    }
    return true;
}

/* s² (JᵀJ)⁻¹ with J the derivatives over y; a held at 0 is no unknown. */
static void find_errors(const double *n, const double *y, int count, double sum, struct power_law *law)
{
    double normal[3][3] = {{0}}, inverse[3][3] = {{0}}, scale[3] = {0};
    const bool is_held = law->a == 0;
    const int unknowns = is_held ? 2 : 3;
    for (int i = 0; i < count; i++) {
        double by[3];
        derive(law, n[i], by);
        by[0] = is_held ? 0 : by[0];
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                normal[j][k] += by[j] * by[k] / (y[i] * y[i]);
    }
    if (is_held)
        normal[0][0] = 1;
    /* Unknowns of very different size: each in units of its own. */
    for (int j = 0; j < 3; j++)
        scale[j] = sqrt(normal[j][j]);
    for (int j = 0; j < 3; j++)
        for (int k = 0; k < 3; k++)
            normal[j][k] /= scale[j] * scale[k];
    law->deviation = count > unknowns ? sqrt(sum / (count - unknowns)) : 0;
    const bool is_known = invert(normal, inverse);
    for (int j = 0; j < 3; j++)
        for (int k = 0; k < 3; k++) {
            const bool is_of_held = is_held && (j == 0 || k == 0);
            law->covariance[j][k] =
                !is_known    ? NAN
                : is_of_held ? 0
                             : inverse[j][k] / (scale[j] * scale[k]) * law->deviation * law->deviation;
        }
    law->a_error = is_held ? NAN : sqrt(law->covariance[0][0]);
    law->b_error = sqrt(law->covariance[1][1]);
    law->c_error = sqrt(law->covariance[2][2]);
}

bool power_law_fit(const double *n, const double *y, int count, struct power_law *law)
{
    int different = 0;
    for (int i = 0; i < count; i++) {
        bool is_new = n[i] > 0 && y[i] > 0;
        if (!is_new)
            return false;
        for (int j = 0; j < i; j++)
            is_new = is_new && n[j] != n[i];
        different += is_new;
    }
    *law = (struct power_law){.count = count};
    if (different < 4)
        return false;
    find_c(n, y, count, law);
    if (!(law->b > 0) || law->c <= least_c * 1.0001 || law->c >= most_c * 0.9999)
        return false;
    find_errors(n, y, count, fit_linear(n, y, count, law->c, law), law);
    return true;
}

double power_law_error_at(const struct power_law *law, double n)
{
    double by[3], variance = 0;
    derive(law, n, by);
    for (int j = 0; j < 3; j++)
        for (int k = 0; k < 3; k++)
            variance += by[j] * law->covariance[j][k] * by[k];
    return sqrt(variance);
}
