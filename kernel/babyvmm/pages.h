// The kernel's pages: mem and as with counters, and checks of what both promise.
#pragma once

#include <stdbool.h>

#define ADDRESS(page) ((unsigned)(page) << 12)

bool pages_request(int page);   // a high page; false: no frame is left
void pages_release(int page);   // a high page that was requested
int pages_low();                // a low page, or 0
void pages_low_free(int page);  // one that pages_low gave
int pages_high_held();

struct pages_counts {
  int requests, releases, refused;
};
extern struct pages_counts pages_counts;

// Ends the run with status 1, and the text on the console, unless ok.
void check(bool ok, const char *text);
