// Compiles C0 text, links it with libc0.a, runs it on the emulator.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "assembler/link/link.h"
#include "compiler/codegen/codegen.h"
#include "compiler/sema/sema.h"
#include "vm/devices/system_bus.h"

namespace codegen::test {

class StringConsole : public devices::Console {
 public:
  std::string text;
  void put(uint8_t byte) override { text += char(byte); }
  int get() override { return -1; }
  bool available() override { return false; }
};

struct Outcome {
  std::string output;
  std::optional<uint32_t> status;         // nothing: it did not end, or faulted
  std::optional<object::MapCheck> fault;  // of the unit's map
  std::optional<uint32_t> faultAddress;   // also if the map does not know it
  uint64_t instructions = 0;
};

inline std::string readAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

// The unit's object; errors fail the test.
inline object::Object compile(const std::string& text, const Options& options = {}, std::string name = "test.c0") {
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  UnitGenerator generator(name, options);
  sema::Options analysis;
  analysis.onFunction = [&](core::Program& program, uint32_t index) {
    base::Status status = generator.function(program, index);
    if (!status) ADD_FAILURE() << status.error().text;
  };
  auto file = sources.addText(name, text);
  auto program = sema::analyze(sources, *file, analysis, diagnostics);
  for (const base::Diagnostic& diagnostic : diagnostics.all())
    ADD_FAILURE() << sources.place(diagnostic.where.begin).line << ": " << diagnostic.text;
  if (!program) return {};
  auto unit = generator.finish(*program);
  if (!unit) {
    ADD_FAILURE() << unit.error().text;
    return {};
  }
  return std::move(*unit);
}

inline object::Object link(const std::vector<object::Object>& units, linker::Options options = {}) {
  static const std::string library = readAll(C0_BINARY_DIR "/lib/libc0.a");
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  std::vector<std::vector<uint8_t>> bytes;
  for (const object::Object& unit : units) bytes.push_back(object::writeElf(unit));
  std::vector<linker::Input> inputs;
  for (const auto& unit : bytes) inputs.push_back({"unit.o", unit});
  inputs.push_back({"libc0.a", {reinterpret_cast<const uint8_t*>(library.data()), library.size()}});
  options.required = {"__reset"};
  auto image = linker::link(inputs, options, diagnostics);
  for (const base::Diagnostic& diagnostic : diagnostics.all()) ADD_FAILURE() << diagnostic.text;
  return image ? std::move(*image) : object::Object();
}

inline Outcome run(const object::Object& image, uint64_t limit = 50'000'000) {
  StringConsole console;
  machine::Machine machine(64 << 20);
  devices::SystemBus bus(console, console, machine.memorySize());
  machine.setBus(&bus);
  machine.state = machine::resetState();
  for (const object::Segment& segment : object::segments(image))
    if (!segment.bytes.empty()) machine.write(segment.address, segment.bytes.data(), uint32_t(segment.bytes.size()));
  machine.run(limit);
  Outcome outcome{console.text, bus.host.exitStatus(), {}, bus.host.fault(), machine.state.steps};
  const object::Section* map = image.section(".c0map");
  auto units = object::readMap(map ? std::span<const uint8_t>(map->bytes) : std::span<const uint8_t>());
  if (outcome.faultAddress && units)
    for (const object::MapUnit& unit : *units)
      for (const object::MapFunction& function : unit.functions)
        for (const object::MapCheck& check : function.checks)
          if (function.address + check.returnAddress == *outcome.faultAddress) outcome.fault = check;
  return outcome;
}

inline Outcome run(const std::string& text, const Options& options = {}) { return run(link({compile(text, options)})); }

constexpr const char* kConsole =
    "extern int put_char(char c);\nextern int put_int(int value);\nextern int put_unsigned(unsigned value);\n";

}  // namespace codegen::test
