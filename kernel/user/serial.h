// What the driver of the serial line understands (serial.c0): requests with a buffer; word 3 counts its bytes, of requests and answers.
#pragma once

#define SERIAL 2  // the device

enum {
  kSerialWrite = 1,  // the bytes go out
  kSerialRead,       // answered by the next line, without its end
  kSerialQuit,       // the driver ends
};

enum { kSerialLine = 128 };  // bytes of the buffer, at most
