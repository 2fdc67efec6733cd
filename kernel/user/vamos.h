// vamos's calls as functions, for user programs in C0X (docs/vamos.md). Results: 0 or more, or an ERROR. `exit`, `put_char`, `get_char` and
// printf are the platform's. The functions are in stubs.s, which stubs.py makes of the table of numbers.
#pragma once

#include "kernel/abstract/vamos/calls.h"

struct message {
  int word[4];
};

int vamos_nothing();
int vamos_yield();
int vamos_alloc(int pages);
int vamos_free(int pages);
int vamos_info(int what, int id);  // INFO_..

// Messages. The buffer has `size` bytes; word 3 of the message counts those that belong to it.
int vamos_send(int to, int timeout, const struct message *m);
int vamos_receive(int from, int timeout, struct message *m);
int vamos_request(int to, int timeout, struct message *m);
int vamos_reply_wait(int to, struct message *m);
int vamos_send_buffer(int to, int timeout, const struct message *m, const char *buffer, int size);
int vamos_receive_buffer(int from, int timeout, struct message *m, char *buffer, int size);
int vamos_request_buffer(int to, int timeout, struct message *m, char *buffer, int size);
int vamos_reply_wait_buffer(int to, struct message *m, char *buffer, int size);
int vamos_allow(int from, int to, int yes);

// Processes. vamos_clone(vamos_info(INFO_ID, 0)) returns twice.
int vamos_create(int pages);
int vamos_clone(int id);
int vamos_fill(int id, int to, const char *from, int bytes);
int vamos_start(int id);
int vamos_kill(int id);
int vamos_schedule(int id, int priority, int slice);
int vamos_privilege(int id, int yes);

// Devices
int vamos_driver(int device, int id);
int vamos_interrupts(int device, int yes);
int vamos_read(int device, int port, int *word);
int vamos_write(int device, int port, int word);
int vamos_read_words(int device, int port, int *to, int count);
int vamos_write_words(int device, int port, const int *from, int count);

// Words at any address, for memory that vamos_alloc has given.
int load_word(unsigned address);
int store_word(unsigned address, int word);
