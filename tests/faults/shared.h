/* shared.h - what inject.c and the library that it loads into a command share, in a mapped file. */
#ifndef NETC_TESTS_FAULTS_SHARED_H
#define NETC_TESTS_FAULTS_SHARED_H

#define TALLY_NAME "NETC_TESTS_TALLY" /* environment variable: the file, where allocations are to fail */

struct tally {
    long fails_at; /* number of the call that fails, from 1 */
    long count;    /* calls of the kind so far */
    int descriptor;
};

#endif
