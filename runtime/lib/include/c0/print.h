// What a call of printf becomes: one call for each piece of its format, in order; printf's result is the sum of theirs.
//
//   printf("%-5s|%08x\n", s, v)  ->  __print_string(s, 5, -1, kPrintLeft) + __print_text("|") +
//                                    __print_hex(v, 8, -1, kPrintZero) + __print_text("\n")
//
// width 0: none; a negative width is its absolute value with kPrintLeft (C11 7.21.6.1, for `*`). precision -1 or any
// negative: none. A combination that has no meaning in C is ignored. Each returns the number of bytes written.
//
// Addresses cannot be observed in C0X: %p shows "(nil)" or "(pointer)", and the compiler passes `p != NULL`.
#pragma once

enum {
  kPrintLeft = 1,        // -
  kPrintZero = 2,        // 0; ignored with kPrintLeft or a precision
  kPrintPlus = 4,        // +  (%d)
  kPrintSpace = 8,       // space (%d); ignored with kPrintPlus
  kPrintAlternate = 16,  // #  (%x): 0x before a value other than 0
  kPrintUpper = 32       // X for x
};

#ifndef __cplusplus
#include <stdbool.h>

int __print_text(const char *text);
int __print_int(int value, int width, int precision, int flags);            // %d %i
int __print_unsigned(unsigned value, int width, int precision, int flags);  // %u
int __print_hex(unsigned value, int width, int precision, int flags);       // %x %X
int __print_char(int c, int width, int flags);                              // %c
int __print_string(const char *text, int width, int precision, int flags);  // %s; null shows "(null)"
int __print_pointer(bool valid, int width, int flags);                      // %p
#endif
