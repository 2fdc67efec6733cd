// A queue of words in high memory. Its pages are requested when the tail reaches them and released when the head has
// left them; the positions run through a ring of QUEUE_PAGES pages.
#pragma once

#include <stdbool.h>

#include "layout.h"

#define QUEUE_PAGES 4
#define QUEUE_FIRST (NPAGES + 8)

bool queue_put(unsigned word);  // false: the ring is full or no frame is left; nothing has changed
unsigned queue_get();           // the oldest word; the queue is not empty
int queue_length();
void queue_done();              // the queue is empty: gives its last page back
