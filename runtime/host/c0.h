// Makes every program of the dialect c0 a C11 program, so that the host's gcc is a second, independent source of what
// the program does (docs/benchmarks.md, test/programs). Used as `gcc -include runtime/host/c0.h prog.c0 start.c`;
// the flags are in test/programs/oracle.py.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// A fresh zero-initialised heap variable, or null when the heap is exhausted (decisions.md, 6).
// new(T, n), of C0X: an array of n, null also for n <= 0.
#define new(...) C0_PICK(__VA_ARGS__, C0_NEW_ARRAY, C0_NEW_ONE, )(__VA_ARGS__)
#define C0_PICK(first, second, which, ...) which
#define C0_NEW_ONE(T) ((__typeof__(T) *)c0_new(sizeof(T)))
#define C0_NEW_ARRAY(T, n) ((__typeof__(T) *)c0_new_array(sizeof(T), n))
void *c0_new(size_t size);
void *c0_new_array(size_t size, int count);
unsigned heap_used();
unsigned heap_size();

// The program has no semantics from here on (assembler/object/faults.def): status 123 after what was printed.
__attribute__((noreturn)) void c0_fault(int code);

int put_char(char c);            // one byte to standard output
int get_char();                  // next byte of standard input (0..255), or -1 at its end
int put_int(int value);          // decimal
int put_unsigned(unsigned value);  // decimal
int put_hex(unsigned value);     // hexadecimal
int exit(int status);            // ends the program with status modulo 256
