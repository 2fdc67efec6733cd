// Start code and library of C0 programs on a Linux host: i386 (the oracle), x86-64 and mipsel (the benchmarks).
// No libc: three system calls, buffered output, and the heap of decisions.md, 6.
#include "c0.h"

enum { kHeapSize = 16 << 20, kBuffer = 4096 };

extern int main(void);

#if defined(__i386__)
enum { kExit = 1, kRead = 3, kWrite = 4 };
static long call(long number, long a, const void *b, long c) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(a), "c"(b), "d"(c) : "memory");
  return result;
}
__asm__(".globl _start\n_start:\n xor %ebp, %ebp\n and $-16, %esp\n call host_start\n");
#elif defined(__x86_64__)
enum { kExit = 60, kRead = 0, kWrite = 1 };
static long call(long number, long a, const void *b, long c) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return result;
}
__asm__(".globl _start\n_start:\n xor %ebp, %ebp\n and $-16, %rsp\n call host_start\n");
#elif defined(__mips__)
enum { kExit = 4001, kRead = 4003, kWrite = 4004 };
static long call(long number, long a, const void *b, long c) {
  register long v0 __asm__("v0") = number;
  register long a0 __asm__("a0") = a;
  register const void *a1 __asm__("a1") = b;
  register long a2 __asm__("a2") = c;
  register long a3 __asm__("a3");
  __asm__ volatile("syscall" : "+r"(v0), "=r"(a3) : "r"(a0), "r"(a1), "r"(a2)
                   : "at", "v1", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "memory");
  return a3 ? -1 : v0;
}
__asm__(".set noreorder\n.globl __start\n__start:\n addiu $sp, $sp, -32\n jal host_start\n nop\n.set reorder\n");
#endif

static char output[kBuffer];
static unsigned pending;
static unsigned char input[kBuffer];
static long inputSize, inputNext;
static unsigned char heap[kHeapSize] __attribute__((aligned(16)));
static size_t used;

static void flush(void) {
  unsigned done = 0;
  while (done < pending) {
    long n = call(kWrite, 1, output + done, pending - done);
    if (n <= 0) call(kExit, 125, 0, 0);
    done += (unsigned)n;
  }
  pending = 0;
}

int exit(int status) {
  flush();
  call(kExit, status & 255, 0, 0);
  return 0;
}

__attribute__((used)) void host_start(void) { exit(main()); }

int put_char(char c) {
  if (pending == kBuffer) flush();
  output[pending++] = c;
  return c;
}

int get_char() {
  if (inputNext == inputSize) {
    inputSize = call(kRead, 0, input, kBuffer);
    inputNext = 0;
  }
  if (inputSize <= 0) return inputSize = 0, -1;
  return input[inputNext++];
}

static void putDigits(unsigned value, unsigned base) {
  char digits[10];
  int n = 0;
  do {
    digits[n++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value);
  while (n) put_char(digits[--n]);
}

int put_unsigned(unsigned value) { return putDigits(value, 10), 0; }
int put_hex(unsigned value) { return putDigits(value, 16), 0; }
int put_int(int value) {
  if (value < 0) put_char('-');
  return put_unsigned(value < 0 ? 0u - (unsigned)value : (unsigned)value);
}

void *c0_new(size_t size) {
  size_t need = (size + sizeof(void *) - 1) & ~(sizeof(void *) - 1);  // 4 where pointers are C0's
  if (need < size || need > kHeapSize - used) return 0;
  used += need;
  return heap + used - need;
}

void *c0_new_array(size_t size, int count) {
  if (count <= 0 || (size_t)count > kHeapSize / size) return 0;
  return c0_new(size * (size_t)count);
}

unsigned heap_used() { return (unsigned)used; }
unsigned heap_size() { return kHeapSize; }

void c0_fault(int code) {
  (void)code;
  exit(123);
  __builtin_unreachable();
}

// What gcc and clang call on their own for copies of structs; weak, because the library of C0X has them too.
#pragma weak memcpy
#pragma weak memset
void *memmove(void *to, const void *from, size_t n) {
  if ((char *)to <= (const char *)from)
    for (size_t i = 0; i < n; i++) ((char *)to)[i] = ((const char *)from)[i];
  else
    while (n--) ((char *)to)[n] = ((const char *)from)[n];
  return to;
}
void *memcpy(void *to, const void *from, size_t n) {
  for (size_t i = 0; i < n; i++) ((char *)to)[i] = ((const char *)from)[i];
  return to;
}
void *memset(void *to, int byte, size_t n) {
  for (size_t i = 0; i < n; i++) ((char *)to)[i] = (char)byte;
  return to;
}
