/* threads.h - how many threads a trainer has. They are OpenMP's, which only the generated file is compiled
 * with: a trainer that was linked without it has one. */
#ifndef NETC_RUN_THREADS_H
#define NETC_RUN_THREADS_H

struct model;

/* To be called first: a thread that waits for others shall soon sleep. May start the program anew. */
void threads_settle(char **argv);
/* --threads N; 0 leaves what the system gives, or OMP_NUM_THREADS. */
void threads_set(int count);
/* How many that gave. */
int threads_asked(void);
/* How many a step of this model will have. */
int threads_of(const struct model *model);

#endif
