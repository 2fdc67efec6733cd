// Output and input of characters; formatted output. All of it goes through the primitives put_char and get_char.
#pragma once

#include <c0/print.h>
#include <stddef.h>

#define EOF (-1)

int put_char(char c);
int get_char();

int putchar(int c);           // the byte written, 0..255
int getchar();                // 0..255, or EOF
int puts(const char *text);   // and a newline

// The format is a constant: the compiler checks it and calls the routines of <c0/print.h>. %d %i %u %x %X %c %s %p %%,
// flags - 0 + space #, width, precision, * for either. The result is the number of bytes written.
#ifdef __GNUC__
__attribute__((format(printf, 1, 2)))
#endif
int printf(const char *format, ...);
