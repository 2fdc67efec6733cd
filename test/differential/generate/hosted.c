// The primitives of C0X over libc, for runs of generated programs on the 64-bit host under its sanitizers.
#include <stdio.h>
#include <stdlib.h>

int put_char(char c) { return putchar(c), 0; }
int get_char(void) { return getchar(); }
int put_hex(unsigned value) { return printf("%x", value), 0; }
int put_int(int value) { return printf("%d", value), 0; }
int put_unsigned(unsigned value) { return printf("%u", value), 0; }
void *c0_new(size_t size) { return calloc(1, size); }
void *c0_new_array(size_t size, int count) { return count > 0 ? calloc((size_t)count, size) : NULL; }
static int compare(const void *a, const void *b) {
  const int *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}
void sort_ints(int *values, int count) { qsort(values, (size_t)count, sizeof *values, compare); }
void c0_fault(int code) {
  fflush(stdout);
  fprintf(stderr, "fault %d\n", code);
  _Exit(123);
}
