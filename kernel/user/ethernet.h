// What the drivers of the network interface share (echo.c0, knock.c0): ports (docs/devices.md), and the frames that they exchange.
#pragma once

#include "kernel/user/process.h"

#define NETWORK 3  // the device

enum {  // its ports, and what is in them
  kStatus = 0, kReceiveLength = 1, kReceiveData = 2, kSendLength = 3, kSendData = 4, kMacLow = 5, kMacHigh = 6, kInterrupt = 7,
  kReceived = 1,            // of kStatus
  kSend = 1, kDrop = 2,     // commands
  kEnable = 1
};

// A frame as words: destination and source, 6 bytes each; type (0x88B5, for experiments) and number; the rest.
enum { kFrameWords = 16, kFrameBytes = 4 * kFrameWords, kHeaderWord = 3, kFrameType = 0xB588 };

// Waits for a frame of this length and type; others are dropped.
void receive_frame(int *frame);
void send_frame(const int *frame);

int frame_number(const int *frame);
