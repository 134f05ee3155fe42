#include "sweep/page.h"
bool page_write(const struct plan *plan, const struct results *results)
{
    (void)plan, (void)results;
    return true;
}
