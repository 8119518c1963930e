/* assignment/draw.h

   Which arm a unit gets: permuted blocks whose order comes from a keyed hash, so that a draw can be
   had again by who holds the key and guessed by nobody else.

   Units of a stratum take its places 0, 1, 2, … one after the other, as they come; within one call
   by the hash of each, so that the order of a list does not matter. Places are cut into blocks of
   B. A block b has

       k(b) = floor((b + 1) B p + U) - floor(b B p + U)

   places of the second arm, with U in [0, 1) from the hash of the stratum (systematic sampling with
   a random start): after every whole block the arm's count is within 1 of its share, for any p, and
   each place has probability p exactly. Where B p is whole, k is B p. The k places of the block
   with the smallest hashes are of the second arm.

   Of more than two arms, or of waves, each has as many places of a block as every other. Of K arms
   a block has K, or the smallest multiple of K that is 4 at least; its places, by their hashes,
   are of the first arm, then of the next, and so on.

   The hash of a text is the first 8 bytes of its 16-byte BLAKE2b under the workspace's key, as a
   number with its first byte highest. Texts are lines with newlines between:

       assign PLAN order UNIT                 where a unit comes among those of a call
       assign PLAN start STRATUM              U = hash / 2^64
       assign PLAN place STRATUM BLOCK PLACE  of a place of a block, both from 0

   Matts & Lachin (1988), Controlled Clinical Trials 9:327-344, for permuted blocks. Oracle: the
   same recipe written in Python, tests/cli/draw.py. */

#ifndef ASSIGNMENT_DRAW_H
#define ASSIGNMENT_DRAW_H

#include "base/hash.h"

#include <stddef.h>
#include <stdint.h>

enum { draw_block_max = 20, draw_waves_max = 520 };

struct draw {
    const struct hash_key *key;
    const char *plan;
};

/* Where a unit comes among others: smaller first. */
uint64_t draw_order(const struct draw *draw, const char *unit);

/* B: the smallest number from 2 to 20 that the probability divides into whole places, taken again
   until it is 4 at least; 10 where there is none. */
int draw_block_size(double probability);

/* Arms of a block's places: 1 for the second arm, else 0.
   arms   draw_block_size(probability) of them */
void draw_block(const struct draw *draw, const char *stratum, int64_t block, double probability,
                int *arms);

/* B where each of so many arms has an equal share. */
int draw_equal_size(int arms);

/* The same where a block has as many places for each of several: arms, or waves.
   size    of the block, a multiple of parts: at most draw_waves_max
   parts   from 2 on
   out     by place: the number of its part, from 0 */
void draw_equal(const struct draw *draw, const char *stratum, int64_t block, int size, int parts,
                int *out);

#endif
