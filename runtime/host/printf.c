// printf for the oracle, written apart from runtime/lib/print.c0 so that it can tell when that one is wrong: formats of
// docs/library.md, tested against libc's (test/c0x/print_test.c).
#include "c0.h"

struct directive {
  bool left, zero, plus, space, alternate;
  int width, precision;
  char prefix[3];  // "-", "+", " ", "0x" or ""
};

static int written;

static void emit(const char *text, int length) {
  for (int i = 0; i < length; i++) put_char(text[i]);
  written += length;
}

static void pad(char c, int count) {
  while (count-- > 0) emit(&c, 1);
}

static int length(const char *text, int most) {
  int n = 0;
  while (n != most && text[n]) n++;
  return n;
}

static void field(const struct directive *d, const char *body, int size, int zeros) {
  int prefix = length(d->prefix, 2);
  int space = d->width - prefix - zeros - size;
  if (!d->left) pad(' ', space);
  emit(d->prefix, prefix);
  pad('0', zeros);
  emit(body, size);
  if (d->left) pad(' ', space);
}

static void number(struct directive *d, unsigned value, unsigned base, const char *alphabet) {
  char text[12], *p = text + sizeof text;
  for (unsigned rest = value; rest || (!value && p == text + sizeof text && d->precision); rest /= base) *--p = alphabet[rest % base];
  int size = (int)(text + sizeof text - p), zeros = d->precision - size;
  if (d->precision < 0 && d->zero && !d->left) zeros = d->width - length(d->prefix, 2) - size;
  field(d, p, size, zeros > 0 ? zeros : 0);
}

static int digits(const char **format) {
  int n = 0;
  while (**format >= '0' && **format <= '9') n = n * 10 + *(*format)++ - '0';
  return n;
}

int printf(const char *format, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, format);
  written = 0;
  while (*format) {
    if (*format != '%') {
      emit(format++, 1);
      continue;
    }
    struct directive d = {.precision = -1};
    for (format++;; format++) {
      if (*format == '-') d.left = true;
      else if (*format == '0') d.zero = true;
      else if (*format == '+') d.plus = true;
      else if (*format == ' ') d.space = true;
      else if (*format == '#') d.alternate = true;
      else break;
    }
    if (*format == '*') d.width = __builtin_va_arg(list, int), format++;
    else d.width = digits(&format);
    if (d.width < 0) d.left = true, d.width = -d.width;
    if (*format == '.') {
      format++;
      if (*format == '*') d.precision = __builtin_va_arg(list, int), format++;
      else d.precision = digits(&format);
    }
    char kind = *format++;
    if (kind == 'd' || kind == 'i') {
      int value = __builtin_va_arg(list, int);
      d.prefix[0] = value < 0 ? '-' : d.plus ? '+' : d.space ? ' ' : 0;
      number(&d, value < 0 ? -(unsigned)value : (unsigned)value, 10, "0123456789");
    } else if (kind == 'u') {
      number(&d, __builtin_va_arg(list, unsigned), 10, "0123456789");
    } else if (kind == 'x' || kind == 'X') {
      unsigned value = __builtin_va_arg(list, unsigned);
      if (d.alternate && value) d.prefix[0] = '0', d.prefix[1] = kind;
      number(&d, value, 16, kind == 'x' ? "0123456789abcdef" : "0123456789ABCDEF");
    } else if (kind == 'c') {
      char c = (char)__builtin_va_arg(list, int);
      field(&d, &c, 1, 0);
    } else if (kind == 's' || kind == 'p') {
      const char *text = __builtin_va_arg(list, const char *);
      if (kind == 'p') text = text ? "(pointer)" : "(nil)", d.precision = -1;
      if (!text) text = "(null)";
      field(&d, text, length(text, d.precision), 0);
    } else {
      emit("%", 1);
    }
  }
  __builtin_va_end(list);
  return written;
}
