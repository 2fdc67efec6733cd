// What was compared, and what happened, in a run of konsis. Every exemption has its counter.
#pragma once

#include <array>
#include <cstdint>

namespace konsis {

struct Counters {
  // What was done.
  uint64_t userSteps = 0, idleSteps = 0;  // of the CVM machine
  uint64_t kernelSteps = 0;               // of ca
  uint64_t primitives = 0;
  std::array<uint64_t, 32> interrupts{};  // of users, by the lowest cause; without silent page faults
  uint64_t pageFaults = 0;                // silent ones
  uint64_t pageIns = 0, pageOuts = 0;     // pages of the swap disk, by sectors / 8
  uint64_t forced = 0;                    // lines forced by --force
  // What was compared.
  uint64_t points = 0;      // steps i of the CVM machine at which the relations were asked for, user steps each by itself not counted
  uint64_t values = 0;      // konsis: simple values
  uint64_t registers = 0;   // B: words of registers, PTO and PTL
  uint64_t pages = 0;       // B: pages
  uint64_t owners = 0;      // ownership: frames, slots, table pages
  uint64_t accesses = 0;    // devices: port accesses
  // What was left out.
  uint64_t dangling = 0;    // konsis: pointers to frames that have ended
  uint64_t lostPages = 0;   // pages that could not be read
};

}  // namespace konsis
