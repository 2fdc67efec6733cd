// call: from the number of a system call to the function that serves it.
#pragma once

#include "kernel/abstract/vamos/process.h"

// p, which is ready, makes the call with this number, any number.
int call_dispatch(struct process *p, int number);
