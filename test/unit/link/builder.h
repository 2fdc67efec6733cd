// Objects built by hand, and a link of them, for the linker's tests.
#pragma once

#include <gtest/gtest.h>

#include "assembler/base/bytes.h"
#include "assembler/link/link.h"

namespace linker {

class ObjectBuilder {
 public:
  // Index of a section, made when it is first named.
  uint32_t section(const std::string& name, uint32_t flags, uint32_t size, uint32_t align = 4, bool noBits = false) {
    object::Section& added = object_.sections.emplace_back();
    added.name = name, added.flags = flags, added.align = align;
    if (noBits) added.type = 8, added.size = size;
    else added.bytes.assign(size, 0);
    return uint32_t(object_.sections.size() - 1);
  }
  uint32_t text(uint32_t size) { return section(".text", object::kAlloc | object::kExecute, size); }
  uint32_t data(uint32_t size) { return section(".data", object::kAlloc | object::kWrite, size); }

  uint32_t define(const std::string& name, uint32_t section, uint32_t value, bool weak = false) {
    return add({.name = name, .section = section, .value = value, .global = !weak, .weak = weak});
  }
  uint32_t local(const std::string& name, uint32_t section, uint32_t value) {
    return add({.name = name, .section = section, .value = value});
  }
  uint32_t use(const std::string& name, bool weak = false) {
    return add({.name = name, .global = !weak, .weak = weak});
  }

  void relocate(uint32_t section, uint32_t offset, object::Relocation type, uint32_t symbol, int32_t addend = 0) {
    object_.sections[section].relocations.push_back({offset, type, symbol, addend});
  }
  object::Object& object() { return object_; }
  std::vector<uint8_t> bytes() const { return object::writeElf(object_); }

 private:
  uint32_t add(object::Symbol symbol) {
    object_.symbols.push_back(std::move(symbol));
    return uint32_t(object_.symbols.size() - 1);
  }
  object::Object object_;
};

// Links and keeps what came out; every image must survive the strict reader.
struct Linking {
  Options options;
  std::vector<std::pair<std::string, std::vector<uint8_t>>> files;
  base::SourceManager sources;
  base::Diagnostics diagnostics{sources};
  std::optional<object::Object> image;
  std::string map;

  void add(std::string name, std::vector<uint8_t> bytes) { files.emplace_back(std::move(name), std::move(bytes)); }
  void run() {
    std::vector<Input> inputs;
    for (auto& [name, bytes] : files) inputs.push_back({name, bytes});
    image = link(inputs, options, diagnostics, &map);
    if (!image) return;
    base::Result<object::Object> read = object::readElf(object::writeElf(*image));
    EXPECT_TRUE(read) << read.error().place << ": " << read.error().text;
  }
  // "place: text [id]", a line each, notes indented.
  std::string errors() const {
    std::string text;
    for (const base::Diagnostic& d : diagnostics.all()) {
      text += d.place + ": " + d.text + " [" + d.id + "]\n";
      for (const base::Diagnostic& note : d.notes) text += "  " + note.place + ": " + note.text + "\n";
    }
    return text;
  }
  uint32_t address(const std::string& name) const {
    const object::Symbol* symbol = image->symbol(name);
    EXPECT_NE(symbol, nullptr) << name;
    return symbol ? symbol->value : 0;
  }
  uint32_t word(uint32_t address) const {
    for (const object::Segment& segment : object::segments(*image))
      if (address >= segment.address && address - segment.address + 4 <= segment.bytes.size())
        return base::load<uint32_t>(&segment.bytes[address - segment.address]);
    ADD_FAILURE() << "no word at " << address;
    return 0;
  }
};

// An archive as ar makes it, without an index.
inline std::vector<uint8_t> archive(const std::vector<std::pair<std::string, std::vector<uint8_t>>>& members) {
  std::string text = "!<arch>\n";
  for (const auto& [name, bytes] : members) {
    char header[61];
    std::snprintf(header, sizeof header, "%-16s%-12d%-6d%-6d%-8d%-10zu`\n", (name + "/").c_str(), 0, 0, 0, 644,
                  bytes.size());
    text += header;
    text.append(bytes.begin(), bytes.end());
    if (bytes.size() % 2) text += '\n';
  }
  return {text.begin(), text.end()};
}

}  // namespace linker
