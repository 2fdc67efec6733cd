// What primitives ask of their arguments.
#pragma once

#include "kernel/cvm/cvm.h"

#define IS_PROCESS(u) (((u) - 1 & -P) == 0)  // P is a power of two
#define IS_REGISTER(r) (((r) & -32) == 0)
#define IS_PORT(dev, port) (1 <= (dev) && (dev) <= 6 && 0 <= (port) && (port) < 1024)

// The address of a port (vamp.md, "Physical map").
#define PORT_ADDRESS(dev, port) ((unsigned)(-0x8000 + ((dev) << 12) + ((port) << 2)))

// Whether count >= 0 bytes from address a on lie in the memory of u; none do, wherever a is.
bool cvm_is_range(int u, int a, int count);
