// What the linker's passes share. Private to assembler/link.
#pragma once

#include <deque>
#include <limits>
#include <string_view>
#include <unordered_map>

#include "assembler/link/link.h"

namespace linker {

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();
constexpr uint32_t kTextStart = 0x8000, kPage = 0x1000;

// An object that is part of the image.
struct File {
  std::string name;  // "a.o", "lib.a(m.o)"
  object::Object object;
  std::vector<uint32_t> globals;    // symbol -> index into State::globals, or kNone for a local one
  std::vector<uint64_t> addresses;  // section -> its address (allocated), else its offset in the output section
  std::vector<uint32_t> outputs;    // section -> index into State::outputs
};

// A symbol as all files together see it.
struct Global {
  std::string_view name;
  uint32_t file = kNone;  // where it is defined; kNone: nowhere, or by the linker
  uint32_t symbol = 0;    // there
  bool weak = false;      // the definition
  bool byLinker = false;
  bool needed = false;  // some file uses it other than weakly
  uint32_t address = 0;

  bool defined() const { return file != kNone || byLinker; }
};

// An input section in an output section.
struct Chunk {
  uint32_t file, section;
  uint8_t order;  // within the output section: .data before .sdata, .sbss before .bss
  uint64_t offset = 0;
};

struct Output {
  std::string name;
  uint8_t rank;  // in memory, see layout.cpp
  uint32_t type, flags;
  uint32_t align = 1;
  uint64_t address = 0, size = 0;
  std::vector<Chunk> chunks{};
  std::vector<uint8_t> bytes{};
};

struct State {
  const Options& options;
  base::Diagnostics& diagnostics;
  std::deque<File> files{};  // stable: names are referred to
  std::vector<Global> globals{};
  std::unordered_map<std::string_view, uint32_t> byName{};
  std::vector<Output> outputs{};
  uint32_t gp = 0;
  std::optional<uint32_t> abstractUnits{};  // of a concrete kernel: units of its abstract kernel

  uint32_t global(std::string_view name);  // index, adding it if it is new
  // For an error that will be shown: " in function 'f' (main.c0:3:5)", or as much of it as is known, possibly nothing.
  std::string functionAt(uint32_t file, uint32_t section, uint32_t offset) const;
};

// The passes, in their order. Each reports its errors; later ones run only if there was none.
void resolve(State& state, const std::vector<Input>& inputs);
void layOut(State& state);
void relocate(State& state);  // fills Output::bytes

// "a.o(.text+0x10)"
std::string place(const File& file, uint32_t section, uint32_t offset);

std::string writeMap(const State& state);

}  // namespace linker
