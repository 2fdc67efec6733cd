// Frames for pages, if necessary from other pages (pfh.h).
#pragma once

// A frame for page vpage of u, whose entry has this index: attached with these flags (pt.h), in the ring, and kept. It
// contains zeros if `zeros`, else anything. 0 if there is none: nobody's page can be given up.
int pfh_frame(int u, int vpage, int index, int flags, bool zeros);

// Page vpage of u, which is in this frame, is given up without being saved. The frame becomes free. Returns 0.
int pfh_forget(int u, int vpage, int frame);
