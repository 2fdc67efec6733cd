// Frames for pages, if necessary from other pages (pfh.h).
#pragma once

// A frame for page vpage of u, attached with these flags (pt.h), in the ring, and kept. It contains zeros if `zeros`, else
// anything. 0 if there is none: nobody's page can be given up.
int pfh_frame(int u, int vpage, int flags, bool zeros);

// The page in this frame, which is u's page vpage, is given up without being saved. The frame becomes free. Returns 0.
int pfh_forget(int u, int vpage, int frame);
