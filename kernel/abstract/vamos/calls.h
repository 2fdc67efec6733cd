// vamos: what users see. The one table of numbers: kernel, user library (kernel/user/stubs.py) and docs/vamos.md (checked) take them from
// here. Arguments are in r11, r12, .. in their order, the result in r20: 0 or more, or an ERROR of kernel/abstract/calls.h.
#pragma once

#include "kernel/abstract/calls.h"

#define CALL_NOTHING 0  // nothing()      what a call costs
#define CALL_FREE 7     // free(pages)    the last pages of memory go

// Messages: words 0..3 in r13..r16. With a buffer r17 is its address, r18 its size, and word 3 the number of its bytes that belong to
// the message.
#define CALL_SEND 8                // send(to, timeout)
#define CALL_RECEIVE 9             // receive(from, timeout)    who sent it; 0: the kernel
#define CALL_REQUEST 10            // request(to, timeout)      send, then receive from the same process
#define CALL_REPLY_WAIT 11         // reply_wait(to)            send to one that waits for it, then receive from anybody
#define CALL_SEND_BUFFER 12        // send_buffer(to, timeout)
#define CALL_RECEIVE_BUFFER 13     // receive_buffer(from, timeout)
#define CALL_REQUEST_BUFFER 14     // request_buffer(to, timeout)
#define CALL_REPLY_WAIT_BUFFER 15  // reply_wait_buffer(to)
#define CALL_ALLOW 16              // allow(from, to, yes)      may `from`, or ANYBODY, send to `to`?

// Processes
#define CALL_CREATE 17     // create(pages)              a new dormant process with zero memory
#define CALL_CLONE 18      // clone(id)                  a copy of a dormant process; or of oneself, where it gets 0
#define CALL_FILL 19       // fill(id, to, from, bytes)  into the memory of a dormant process
#define CALL_START 20      // start(id)                  a dormant process runs
#define CALL_KILL 21       // kill(id)
#define CALL_SCHEDULE 22   // schedule(id, priority, slice)
#define CALL_PRIVILEGE 23  // privilege(id, yes)
#define CALL_INFO 24       // info(what, id)             INFO_..

// Devices
#define CALL_DRIVER 25       // driver(device, id)         the device's driver; 0: none
#define CALL_INTERRUPTS 26   // interrupts(device, yes)    lets the device's next interrupt through
#define CALL_READ 27         // read(device, port)         the word in r13
#define CALL_WRITE 28        // write(device, port, word)
#define CALL_READ_WORDS 29   // read_words(device, port, address, count)
#define CALL_WRITE_WORDS 30  // write_words(device, port, address, count)

// Partners that are no process
#define KERNEL 0
#define ANYBODY (-1)

#define FOREVER (-1)        // a timeout; so is every negative one. Others are ticks
#define BUFFER_LIMIT 16384  // bytes that move at once

// Messages of the kernel: word 0 of them. Word 1 is the device or the child, word 3 is 0
#define MESSAGE_INTERRUPT 1  // the device wants its driver
#define MESSAGE_EXITED 2     // word 2: its status
#define MESSAGE_KILLED 3     // word 2: by whom
#define MESSAGE_FAULT 4      // word 2: the cause, 1..31 (vamp.md, "Interrupts"; 31: a page of it was lost); 0: CALL_FAULT

// info(what, id)
#define INFO_ID 0           // the caller
#define INFO_VERSION 1
#define INFO_TICKS 2        // since the start, modulo 2^31
#define INFO_PERIOD 3       // instructions a tick
#define INFO_PROCESSES 4    // how many there may be
#define INFO_STATE 5        // STATE_..
#define INFO_PARENT 6       // 0: none
#define INFO_PRIORITY 7
#define INFO_SLICE 8
#define INFO_SIZE 9         // pages
#define INFO_PRIVILEGED 10  // 0, 1
#define INFO_USED 11        // ticks that found it running
#define INFO_DRIVER 12      // id is a device: its driver, 0: none

#define STATE_FREE 0       // no process
#define STATE_DEAD 1       // has ended, but its parent has not been told
#define STATE_DORMANT 2    // waits to be started
#define STATE_READY 3      // runs, or could; from here on: it lives
#define STATE_SENDING 4    // waits until its partner receives
#define STATE_RECEIVING 5  // waits for a message

#define PRIORITIES 8      // 0..7, the highest first
#define SLICE_LIMIT 100   // ticks
#define FIRST_PRIORITY 4  // of process 1; others have their parent's
#define FIRST_SLICE 2

#define VAMOS_VERSION 1

// How the system ends if process 1 was killed, or if everybody waits for what cannot happen.
#define STATUS_KILLED 64
#define STATUS_DEADLOCK 65
