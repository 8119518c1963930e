/* SYNOPSIS
     struct random source = random_seed(1);
     double z = random_normal(&source);

   DESCRIPTION
     xoshiro256++ 1.0: period 2^256 - 1, equidistributed in four dimensions, passes BigCrush.
     Uniform: the upper 53 bits. Below: rejection of the numbers under 2^64 mod count, so that each
     result has equally many. Normal: Box and Muller's cosine; its sine twin is thrown away, so that
     a source has no hidden half and a draw always costs two numbers.

   REFERENCE
     Blackman & Vigna (2021), Scrambled linear pseudorandom number generators, ACM Transactions on
     Mathematical Software 47(4):36. Steele, Lea & Flood (2014), Fast splittable pseudorandom number
     generators, OOPSLA, 453-472. Box & Muller (1958), Annals of Mathematical Statistics 29:610-611.
*/
#include "base/random.h"

#include <math.h>

static const double two_pi = 6.283185307179586476925286766559;

uint64_t random_splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* splitmix64 is a bijection of a counter, so its four outputs differ and are not all zero. */
struct random random_seed(uint64_t seed)
{
    struct random source;
    for (int i = 0; i < 4; i++)
        source.state[i] = random_splitmix64(&seed);
    return source;
}

static uint64_t rotate_left(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

uint64_t random_bits(struct random *source)
{
    uint64_t *s = source->state;
    uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double random_uniform(struct random *source)
{
    return (double)(random_bits(source) >> 11) * 0x1p-53;
}

uint64_t random_below(struct random *source, uint64_t count)
{
    if (count == 0)
        return 0;
    uint64_t surplus = (UINT64_MAX - count + 1) % count; /* 2^64 mod count */
    uint64_t bits = random_bits(source);
    while (bits < surplus)
        bits = random_bits(source);
    return bits % count;
}

/* 1 - u lies in (0, 1]: the logarithm of 0 is never asked for. */
double random_normal(struct random *source)
{
    double radius = sqrt(-2 * log(1 - random_uniform(source)));
    return radius * cos(two_pi * random_uniform(source));
}

double random_exponential(struct random *source, double mean)
{
    return -mean * log(1 - random_uniform(source));
}

double random_log_normal(struct random *source, double location, double spread)
{
    return exp(location + spread * random_normal(source));
}
