// info: what everybody may know.
#pragma once

#include "kernel/abstract/vamos/process.h"

// The call, made by p. Result or error.
int info_call(struct process *p, int what, int id);
