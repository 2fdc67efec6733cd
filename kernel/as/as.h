// as: address spaces. Attaches frames to pages and detaches them (seed 004, "as.c"; decisions.md, 21). Uses mem, pt, ptspace.
// No data of its own. Page numbers, no addresses.
#pragma once

// Attaches a fresh frame to page vpage of the space, valid and writable; its contents are whatever they were. Returns vpage.
// Refused, 0 and nothing has changed: no such space, vpage outside ptspace_first..ptspace_end-1, vpage mapped already, no free frame.
// (In a space whose first page is 0 the result does not tell; ask pt_lookup there.)
int as_request(int space, int vpage);

// Detaches the frame of page vpage and frees it. Returns vpage.
// Refused, 0 and nothing has changed: no such space, vpage out of range, vpage not mapped.
int as_release(int space, int vpage);

// The same for a client that knows the index of the page's entry (pt.h) and what is there (kernel/as/attach.c0a): no checks.

// Attaches a fresh frame to the page, with these flags, in place of whatever it was mapped to. Returns the frame;
// 0 if no frame is free: nothing has changed then.
int as_attach(int index, int flags);

// Detaches the page's frame and frees it. Returns the frame.
int as_detach(int index);
