#pragma once

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 2147483647

int exit(int status);  // ends the program with status modulo 256; never returns
#ifdef __GNUC__
#define abort() c0_fault(8)
#else
void abort();          // of the language: the fault `assertion`, status 123
#endif

int abs(int value);    // INT_MIN for INT_MIN
int atoi(const char *text);
// Base 0 or 2..36; beyond int the nearest limit. *end (if end is not null): the first character not read.
int strtol(const char *text, char **end, int base);

int rand();  // 0..RAND_MAX
void srand(unsigned seed);

void sort_ints(int *values, int count);  // ascending, in place, O(n log n) comparisons always

// Primitives: bytes that new has handed out (each object rounded up to 4), and all there are.
unsigned heap_used();
unsigned heap_size();
