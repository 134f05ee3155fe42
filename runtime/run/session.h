/* session.h - what every command that makes steps begins with: the data divided and normalised, the network
 * with its first weights, the order of the examples.
 *
 *     --data d.yaml --seed 3 --share 10%   ->   run.train of 5400 examples, net with the weights of seed 3 */
#ifndef NETC_RUN_SESSION_H
#define NETC_RUN_SESSION_H

#include "data/balance.h"
#include "run/commands.h"
#include "run/group_figures.h"
#include "run/observer.h"
#include "run/safetensors.h"
#include "run/state.h"

/* Everything of a run that is to be given back. What follows `initial_names` is of train alone. */
struct session {
    const struct model *model;
    const struct options *options;
    char manifest[4096];
    struct dataset *data;
    void *net;
    struct training run;
    struct balance balance; /* where the model wants it */
    struct observer observer;
    struct safetensors_shared initial; /* of --init */
    const char *initial_file;          /* NULL without */
    json_t *initial_names;             /* of a resumed run: owns them */
    struct state state;                /* of --resume */
    struct state_keeper keeper;
    char folder[4096];
    double seconds;
    struct score test;
    struct group_figures groups;
};

/* Data, network and first weights as the options want them; of --resume the state is open, too, and not yet
 * taken. False and a problem on any fault; `session` may be closed then, too. */
bool session_open(struct session *session, struct problem *problem);
/* Takes the weights of --init, where it was given. */
bool session_read_initial(struct session *session, struct problem *problem);
/* Tells which tensors these were. */
void session_print_initial(const struct session *session);
void session_close(struct session *session);

#endif
