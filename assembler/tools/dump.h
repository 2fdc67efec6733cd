// The parts of vdump: each appends its text.
#pragma once

#include <string>

#include "assembler/base/result.h"
#include "assembler/object/elf.h"

namespace dump {

// printf into a string.
[[gnu::format(printf, 2, 3)]] void append(std::string& out, const char* format, ...);

void header(const object::Object& object, std::string& out);
void sections(const object::Object& object, std::string& out);
void segments(const object::Object& object, std::string& out);
void symbols(const object::Object& object, std::string& out);
void relocations(const object::Object& object, std::string& out);

// Code with addresses, symbols, relocations; statement boundaries and, where the file can be read, source lines from
// the map. Errors: [bad-map].
base::Status code(const object::Object& object, std::string& out);
// The consistency map. Errors: [bad-map].
base::Status map(const object::Object& object, std::string& out);

}  // namespace dump
