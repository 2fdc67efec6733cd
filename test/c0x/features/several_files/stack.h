#ifndef STACK_H
#define STACK_H

#include <stdbool.h>

enum { kDepth = 6, kEmpty = -1, kLimits = 2 };

struct stack {
  int size;
  int items[kDepth];
};

extern int pushes;
extern int limits[kLimits];
extern const char stack_version[10];

struct stack *stack_new();
bool stack_push(struct stack *s, int value);
int stack_pop(struct stack *s);
int stack_top(const struct stack *s);
int stack_count();

#endif
