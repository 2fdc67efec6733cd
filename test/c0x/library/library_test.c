// The library's routines (renamed by library_test.py to c0_*) against libc's, on many arguments; 64-bit, with sanitizers.
#include <c0/print.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int host_printf(const char *format, ...);
size_t c0_strlen(const char *);
int c0_strcmp(const char *, const char *), c0_strncmp(const char *, const char *, size_t);
char *c0_strcpy(char *, const char *), *c0_strncpy(char *, const char *, size_t), *c0_strcat(char *, const char *);
char *c0_strchr(const char *, int), *c0_strstr(const char *, const char *);
char *c0_memcpy(char *, const char *, size_t), *c0_memset(char *, int, size_t);
int c0_memcmp(const char *, const char *, size_t);
int c0_abs(int), c0_atoi(const char *), c0_strtol(const char *, char **, int), c0_rand(void);
void c0_srand(unsigned), c0_sort_ints(int *, int);
int c0_putchar(int), c0_puts(const char *);

static char captured[4096];
static int size;
static long checks;

int put_char(char c) {
  if (size < (int)sizeof captured - 1) captured[size++] = c;
  return 0;
}
int get_char(void) { return -1; }

static void check(bool holds, const char *what, const char *detail) {
  checks++;
  if (holds) return;
  printf("%s differs: %s\n", what, detail);
  exit(1);
}

// What was captured since the last call, and the number returned, against libc's.
static void same(int result, const char *what, const char *format, ...) {
  char wanted[4096];
  va_list list;
  va_start(list, format);
  int length = vsnprintf(wanted, sizeof wanted, format, list);
  va_end(list);
  captured[size] = 0;
  if (result != length || size != length || memcmp(captured, wanted, (size_t)length) != 0) {
    printf("%s of '%s': '%s' (%d), libc '%s' (%d)\n", what, format, captured, result, wanted, length);
    exit(1);
  }
  checks++;
  size = 0;
}

static const unsigned kValues[] = {0, 1, 9, 10, 99, 100, 255, 4095, 12345, 0x7FFF, 0x8000, 99999999, 100000000, 0x7FFFFFFF,
                                   0x80000000, 0x80000001, 999999999, 1000000000, 4294967295u, 4294967291u, 0xABCDEF, 7};
enum { kCount = sizeof kValues / sizeof *kValues };

// The directive for these flags, width and precision (-1: none) and its letter.
static const char *directive(char *to, int flags, int width, int precision, char letter) {
  char *p = to;
  *p++ = '%';
  if (flags & kPrintLeft) *p++ = '-';
  if (flags & kPrintZero) *p++ = '0';
  if (flags & kPrintPlus) *p++ = '+';
  if (flags & kPrintSpace) *p++ = ' ';
  if (flags & kPrintAlternate) *p++ = '#';
  if (width) p += sprintf(p, "%d", width);
  if (precision >= 0) p += sprintf(p, ".%d", precision);
  *p++ = letter;
  *p = 0;
  return to;
}

static void numbers(void) {
  char text[32];
  for (int flags = 0; flags < 32; flags++)
    for (int width = 0; width < 16; width++)
      for (int precision = -1; precision < 14; precision++)
        for (int i = 0; i < kCount; i++) {
          unsigned value = kValues[i];
          bool isInt = !(flags & kPrintAlternate), isUnsigned = isInt && !(flags & (kPrintPlus | kPrintSpace));
          bool isHex = !(flags & (kPrintPlus | kPrintSpace));
          if (isInt) {
            const char *format = directive(text, flags, width, precision, 'd');
            same(__print_int((int)value, width, precision, flags), "__print_int", format, value);
            same(host_printf(format, value), "host printf", format, value);
          }
          if (isUnsigned) {
            const char *format = directive(text, flags, width, precision, 'u');
            same(__print_unsigned(value, width, precision, flags), "__print_unsigned", format, value);
            same(host_printf(format, value), "host printf", format, value);
          }
          if (isHex) {
            const char *format = directive(text, flags, width, precision, 'x');
            same(__print_hex(value, width, precision, flags), "__print_hex", format, value);
            same(host_printf(format, value), "host printf", format, value);
            format = directive(text, flags, width, precision, 'X');
            same(__print_hex(value, width, precision, flags | kPrintUpper), "__print_hex", format, value);
            same(host_printf(format, value), "host printf", format, value);
          }
        }
  srand(1);
  for (int i = 0; i < 200000; i++) {
    unsigned value = ((unsigned)rand() << 16 ^ (unsigned)rand()) >> rand() % 32;
    same(__print_unsigned(value, 0, -1, 0), "__print_unsigned", "%u", value);
  }
}

static void texts(void) {
  static const char *const kTexts[] = {"", "a", "hello", "longer than that"};
  char text[32];
  for (int left = 0; left < 2; left++)
    for (int width = 0; width < 22; width++) {
      for (int precision = -1; precision < 20; precision++)
        for (int i = 0; i < 4; i++) {
          const char *format = directive(text, left, width, precision, 's');
          same(__print_string(kTexts[i], width, precision, left), "__print_string", format, kTexts[i]);
          same(host_printf(format, kTexts[i]), "host printf", format, kTexts[i]);
        }
      const char *format = directive(text, left, width, -1, 'c');
      same(__print_char('x', width, left), "__print_char", format, 'x');
      same(host_printf(format, 'x'), "host printf", format, 'x');
      format = directive(text, left, width, -1, 's');
      same(__print_pointer(true, width, left), "__print_pointer", format, "(pointer)");
      same(__print_pointer(false, width, left), "__print_pointer", format, "(nil)");
    }
  const char unterminated[3] = {'a', 'b', 'c'};
  same(__print_string(unterminated, 5, 3, 0), "__print_string", "%5.3s", unterminated);
  for (int width = -9; width < 10; width++)
    for (int precision = -2; precision < 8; precision++) {
      same(__print_int(-42, width, precision, 0), "__print_int *", "%*.*d", width, precision, -42);
      same(host_printf("%*.*d", width, precision, -42), "host printf *", "%*.*d", width, precision, -42);
      same(__print_string("word", width, precision, 0), "__print_string *", "%*.*s", width, precision, "word");
      same(__print_hex(255, width, precision, kPrintZero), "__print_hex *", "%0*.*x", width, precision, 255);
      same(__print_char('c', width, 0), "__print_char *", "%*c", width, 'c');
    }
  same(__print_text("100%") + __print_char('!', 0, 0), "__print_text", "%s", "100%!");
  same(host_printf("%d%%|%s|%c", 5, "x", 'y'), "host printf", "%d%%|%s|%c", 5, "x", 'y');
}

static int sign(int n) { return (n > 0) - (n < 0); }

static void strings(void) {
  char a[40], b[40], mine[128], theirs[128];
  for (int i = 0; i < 100000; i++) {
    int n = rand() % 12, m = rand() % 12;
    for (int j = 0; j < n; j++) a[j] = (char)("ab\xff\x7f"[rand() % (i % 3 + 2)]);
    for (int j = 0; j < m; j++) b[j] = (char)("ab\xff\x7f"[rand() % (i % 3 + 2)]);
    a[n] = b[m] = 0;
    size_t count = (size_t)(rand() % 14);
    check(c0_strlen(a) == strlen(a), "strlen", a);
    check(sign(c0_strcmp(a, b)) == sign(strcmp(a, b)), "strcmp", a);
    check(sign(c0_strncmp(a, b, count)) == sign(strncmp(a, b, count)), "strncmp", a);
    check(c0_strchr(a, b[0]) == strchr(a, b[0]), "strchr", a);
    b[rand() % 3] = 0;
    check(c0_strstr(a, b) == strstr(a, b), "strstr", a);
    memset(mine, 'm', sizeof mine);
    memset(theirs, 'm', sizeof theirs);
    check(c0_strcpy(mine, a) == mine && c0_strcat(mine, b) == mine, "strcpy", a);
    strcat(strcpy(theirs, a), b);
    check(memcmp(mine, theirs, sizeof mine) == 0, "strcat", a);
    c0_strncpy(mine + 50, a, count);
#pragma GCC diagnostic ignored "-Wstringop-truncation"
    strncpy(theirs + 50, a, count);
    check(memcmp(mine, theirs, sizeof mine) == 0, "strncpy", a);
    check(c0_memset(mine + 70, i, count) == mine + 70, "memset", a);
    memset(theirs + 70, i, count);
    check(c0_memcpy(mine + 90, a, count) == mine + 90, "memcpy", a);
    memcpy(theirs + 90, a, count);
    check(memcmp(mine, theirs, sizeof mine) == 0, "memcpy", a);
    check(sign(c0_memcmp(a, b, 3)) == sign(memcmp(a, b, 3)), "memcmp", a);
  }
}

static void convert(const char *text, int base) {
  char *mine, *theirs;
  long wanted = strtol(text, &theirs, base);
  int value = c0_strtol(text, &mine, base);
  if (wanted > INT_MAX) wanted = INT_MAX;
  if (wanted < INT_MIN) wanted = INT_MIN;
  check(value == wanted && mine == theirs, "strtol", text);
}

static void conversions(void) {
  static const char *const kTexts[] = {"", "0", "-0", "+7", "  42x", "-2147483648", "-2147483649", "2147483647", "2147483648", "99999999999",
                                       "-99999999999", "0x", "0xg", "0x1F", "-0X80000000", "0777", "08", "zz", "-ZZ", "- 1", "\t\n\v\f\r 5", "1e5",
                                       "4294967296", "4294967299", "21474836470", "101", "--1", "0x7fffffff", "0xffffffff", "9"};
  for (size_t i = 0; i < sizeof kTexts / sizeof *kTexts; i++) {
    convert(kTexts[i], 0);
    for (int base = 2; base <= 36; base++) convert(kTexts[i], base);
  }
  for (int i = 0; i < 100000; i++) {
    char text[16];
    int n = rand() % 13;
    for (int j = 0; j < n; j++) text[j] = "0123456789-+ xaF"[rand() % (i % 2 ? 10 : 16)];
    text[n] = 0;
    convert(text, i % 5 == 0 ? 0 : i % 5 == 1 ? 16 : 10);
  }
  check(c0_atoi("-123abc") == -123, "atoi", "-123abc");
  check(c0_abs(-5) == 5 && c0_abs(5) == 5 && c0_abs(INT_MIN) == INT_MIN, "abs", "5");
  c0_srand(1);
  check(c0_rand() == 270369 && c0_rand() == 67634689, "rand", "the published sequence of xorshift32 from 1");
}

static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

static void sorting(void) {
  static int mine[300], theirs[300];
  for (int round = 0; round < 3000; round++) {
    int n = rand() % 300, range = round % 3 ? 10 : INT_MAX;
    for (int i = 0; i < n; i++) mine[i] = theirs[i] = round % 5 == 0 ? i : round % 7 == 0 ? -i : rand() % range - range / 2;
    c0_sort_ints(mine, n);
    qsort(theirs, (size_t)n, sizeof *theirs, compare);
    check(memcmp(mine, theirs, (size_t)n * sizeof *mine) == 0, "sort_ints", "see round");
  }
}

int main(void) {
  numbers();
  c0_puts("line");
  check(size == 5 && memcmp(captured, "line\n", 5) == 0, "puts", "line");
  size = 0;
  check(c0_putchar(0x1C3) == 0xC3 && size == 1 && captured[0] == (char)0xC3, "putchar", "0x1C3");
  size = 0;
  texts();
  strings();
  conversions();
  sorting();
  printf("%ld checks passed\n", checks);
}
