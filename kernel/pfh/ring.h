// The ring of frames in use (pfh.h).
#pragma once

// The frame, which contains page vpage of u, becomes the youngest. Returns it.
int pfh_enter(int frame, int u, int vpage);

// The frame is taken out. Returns the next younger one.
int pfh_leave(int frame);
