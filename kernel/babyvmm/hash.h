// A hash table in high memory: a page for each bucket that has entries (key, value), and one low page with the number of
// entries of each bucket.
#pragma once

#include <stdbool.h>

#include "layout.h"

#define HASH_BUCKETS 8
#define HASH_FIRST NPAGES

bool hash_init();                               // false: no low page is left
// A new key. False: the bucket is full or no frame is left; nothing has changed.
bool hash_put(unsigned key, unsigned value);
bool hash_get(unsigned key, unsigned *value);   // false: the key is not there
bool hash_remove(unsigned key);                 // false: the key is not there
void hash_done();                               // the table is empty: gives the low page back
