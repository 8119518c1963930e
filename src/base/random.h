/* base/random.h

   Random numbers that can be had again: xoshiro256++ with its state filled by splitmix64 from one
   64-bit seed. Two sources with the same seed give the same numbers; nothing is shared between
   sources, so each thread has its own. Not for keys or tokens: the state can be told from a few
   outputs.

   random_bits, random_uniform and random_below are integer work and one exact product: the same on
   every machine. The other variates go through libm's log, exp and cos, which the standard does not
   ask to be correctly rounded: the same on one libm, within a few units in the last place on
   another. Who writes files rounds them (seconds, cents); a file then differs on another libm only
   if a value lies within that distance of a rounding edge.

   Oracle: the first outputs of the authors' programs. */

#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* A state of four zeros gives zeros for ever; random_seed never makes it. */
struct random {
    uint64_t state[4];
};

/* Moves *state on and gives the next number of splitmix64. */
uint64_t random_splitmix64(uint64_t *state);

struct random random_seed(uint64_t seed);

uint64_t random_bits(struct random *source);                  /* 64 of them */
double random_uniform(struct random *source);                 /* [0, 1), a multiple of 2^-53 */
uint64_t random_below(struct random *source, uint64_t count); /* 0 … count - 1; 0 if count is 0 */
double random_normal(struct random *source);                  /* mean 0, variance 1; |z| < 8.6 */
double random_exponential(struct random *source, double mean); /* [0, 36.8 mean) */

/* exp(location + spread z): median exp(location), mean exp(location + spread^2 / 2). */
double random_log_normal(struct random *source, double location, double spread);

#endif
