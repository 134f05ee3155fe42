/* peak.h - the most multiply-adds that this machine does in vectors of a trainer's width, as the yardstick of
 * `NAME bench`. */
#ifndef NETC_RUN_PEAK_H
#define NETC_RUN_PEAK_H

/* FLOP a second of `threads` threads together, two for each multiply-add: the best of short bursts over
 * `seconds`. `march` is the trainer's: its vectors are used. */
double peak_measure(const char *march, int threads, double seconds);

#endif
