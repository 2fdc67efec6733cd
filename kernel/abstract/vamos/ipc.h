// ipc: synchronous messages. A message goes from the registers and the buffer of a sender to those of a receiver when both are
// there; who comes first waits, at most as long as it says. Four words, and a buffer of up to BUFFER_LIMIT bytes.
#pragma once

#include "kernel/abstract/vamos/process.h"

// The calls, made by p, which is ready. They set r20, now or when p goes on.
int ipc_send(struct process *p, bool has_buffer);
int ipc_receive(struct process *p, bool has_buffer);
int ipc_request(struct process *p, bool has_buffer);
int ipc_reply_wait(struct process *p, bool has_buffer);

// p has an interrupt or a dead child to be told of: if it waits for that, it goes on.
int ipc_notify(struct process *p);

// p, which waits and is not in the list of time.c0 any more, goes on with this result.
int ipc_cancel(struct process *p, int result);

// p is about to end. It waits for nobody any more, and nobody for it.
int ipc_forget(struct process *p);

// Do so many bytes, 0 or more, from this address on lie in the memory of p?
bool ipc_in_memory(struct process *p, int address, int bytes);
