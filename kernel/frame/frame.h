// frame: what page frames contain. Frames of users are no data of the kernel, so only asm blocks touch them. Page
// numbers as in mem.h; addresses are physical. The functions return 0 unless something else is said.
#pragma once

int frame_clear(int frame);          // all words 0
int frame_copy(int from, int to);    // 4096 bytes; also of the kernel's own int tables

int frame_word(int frame, int index);             // word 0..1023
int frame_set_word(int frame, int index, int x);
int frame_sum(int frame);                         // of its words, modulo 2^32

// count > 0 bytes; from the lowest address on, or from the highest down.
int frame_bytes_up(unsigned from, unsigned to, int count);
int frame_bytes_down(unsigned from, unsigned to, int count);

// count > 0 words between the port of a device, at address `port`, and memory.
int frame_from_port(unsigned port, unsigned to, int count);
int frame_to_port(unsigned from, unsigned port, int count);
