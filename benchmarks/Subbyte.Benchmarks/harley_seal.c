/* The rate of a binary dot product in C: XNOR and the Harley-Seal population count, a carry-save tree of sixteen vectors, both operands in the first
   cache. Prints multiply-accumulates per second, the best of many short runs. */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#ifdef __AVX512BW__
typedef __m512i vector;
#define LOAD(p) _mm512_loadu_si512(p)
#define XOR(a, b) _mm512_xor_si512(a, b)
#define ADD8(a, b) _mm512_add_epi8(a, b)
#define ZERO() _mm512_setzero_si512()
static inline vector carry(vector a, vector b, vector c) { return _mm512_ternarylogic_epi64(a, b, c, 0xE8); }
static inline vector sum(vector a, vector b, vector c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
static inline vector counts(vector x)
{
    const vector table = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4)), nibble = _mm512_set1_epi8(15);
    return _mm512_add_epi8(_mm512_shuffle_epi8(table, _mm512_and_si512(x, nibble)), _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(x, 4), nibble)));
}
static inline vector total(vector x) { return _mm512_sad_epu8(x, ZERO()); }
static inline vector add64(vector a, vector b) { return _mm512_add_epi64(a, b); }
#else
typedef __m256i vector;
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define XOR(a, b) _mm256_xor_si256(a, b)
#define ADD8(a, b) _mm256_add_epi8(a, b)
#define ZERO() _mm256_setzero_si256()
static inline vector carry(vector a, vector b, vector c) { return _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(_mm256_xor_si256(a, b), c)); }
static inline vector sum(vector a, vector b, vector c) { return _mm256_xor_si256(_mm256_xor_si256(a, b), c); }
static inline vector counts(vector x)
{
    const vector table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4), nibble = _mm256_set1_epi8(15);
    return _mm256_add_epi8(_mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble)), _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble)));
}
static inline vector total(vector x) { return _mm256_sad_epu8(x, ZERO()); }
static inline vector add64(vector a, vector b) { return _mm256_add_epi64(a, b); }
#endif

enum { BYTES = 16384, VECTORS = BYTES / sizeof(vector), RUNS = 4000, CALLS = 20 };

static uint8_t x[BYTES], w[BYTES];

#define DIFFERENCE(i) XOR(LOAD(x + (i) * sizeof(vector)), LOAD(w + (i) * sizeof(vector)))
#define CSA(high, low, a, b) do { vector a_ = (a), b_ = (b); high = carry(low, a_, b_); low = sum(low, a_, b_); } while (0)

static uint64_t differences(void)
{
    vector ones = ZERO(), twos = ZERO(), fours = ZERO(), eights = ZERO(), all = ZERO(), twos_a, twos_b, fours_a, fours_b, eights_a, eights_b, sixteens;
    for (int i = 0; i < VECTORS; i += 16)
    {
        CSA(twos_a, ones, DIFFERENCE(i), DIFFERENCE(i + 1));
        CSA(twos_b, ones, DIFFERENCE(i + 2), DIFFERENCE(i + 3));
        CSA(fours_a, twos, twos_a, twos_b);
        CSA(twos_a, ones, DIFFERENCE(i + 4), DIFFERENCE(i + 5));
        CSA(twos_b, ones, DIFFERENCE(i + 6), DIFFERENCE(i + 7));
        CSA(fours_b, twos, twos_a, twos_b);
        CSA(eights_a, fours, fours_a, fours_b);
        CSA(twos_a, ones, DIFFERENCE(i + 8), DIFFERENCE(i + 9));
        CSA(twos_b, ones, DIFFERENCE(i + 10), DIFFERENCE(i + 11));
        CSA(fours_a, twos, twos_a, twos_b);
        CSA(twos_a, ones, DIFFERENCE(i + 12), DIFFERENCE(i + 13));
        CSA(twos_b, ones, DIFFERENCE(i + 14), DIFFERENCE(i + 15));
        CSA(fours_b, twos, twos_a, twos_b);
        CSA(eights_b, fours, fours_a, fours_b);
        CSA(sixteens, eights, eights_a, eights_b);
        all = add64(all, total(counts(sixteens)));
    }
    uint64_t lanes[sizeof(vector) / 8], result = 0;
    vector parts[] = { all, total(counts(eights)), total(counts(fours)), total(counts(twos)), total(counts(ones)) };
    for (int part = 0; part < 5; part++)
    {
        __builtin_memcpy(lanes, &parts[part], sizeof lanes);
        for (unsigned i = 0; i < sizeof lanes / 8; i++) result += lanes[i] << (4 - part);
    }
    return result;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(void)
{
    uint64_t sink = 0, expected = 0;
    for (int i = 0; i < BYTES; i++) x[i] = (uint8_t)(i * 37), w[i] = (uint8_t)(i * 91 >> 3);
    for (int i = 0; i < BYTES; i++) expected += (unsigned)__builtin_popcount(x[i] ^ w[i]);
    if (differences() != expected) return 1;
    double best = 1e9;
    for (int run = 0; run < RUNS; run++)
    {
        double start = now();
        for (int call = 0; call < CALLS; call++)
        {
            x[run % BYTES] ^= 1;
            sink += differences();
        }
        double seconds = now() - start;
        if (seconds < best) best = seconds;
    }
    printf("%.0f %u\n", CALLS * 8.0 * BYTES / best, (unsigned)sink);
    return 0;
}
