#include <algorithm>

#include "assembler/object/map.h"
#include "assembler/object/map_format.h"

namespace object {
namespace {

using namespace map_format;

int64_t difference(uint32_t to, uint32_t from) { return int64_t(to) - int64_t(from); }

// Code offsets are multiples of 4, and near each other.
void codeDelta(base::Writer& out, uint32_t to, uint32_t from) {
  assert(to % 4 == 0 && from % 4 == 0);
  out.signedNumber(difference(to / 4, from / 4));
}

void position(base::Writer& out, uint64_t head, unsigned newFileBit, const MapPosition& to, MapPosition& from) {
  bool newFile = to.file != from.file;
  out.unsignedNumber(head | (newFile ? newFileBit : 0));
  if (newFile) out.unsignedNumber(to.file);
  out.signedNumber(difference(to.line, from.line));
  out.unsignedNumber(to.column);
  from = to;
}

void statements(base::Writer& out, const std::vector<MapStatement>& list) {
  out.unsignedNumber(list.size());
  MapPosition last;
  uint32_t code = 0;
  for (const MapStatement& statement : list) {
    uint64_t head = uint64_t(statement.entries.size()) << kStatementShift | (statement.emits ? kEmits : 0);
    position(out, head, kNewFile, statement.position, last);
    for (uint32_t entry : statement.entries) {
      codeDelta(out, entry, code);
      code = entry;
    }
  }
}

}  // namespace

MapWriter::MapWriter(std::string_view unitName) : unitName_(unitName) {}

uint32_t MapWriter::file(std::string_view name) {
  auto found = std::find(files_.begin(), files_.end(), name);
  if (found == files_.end()) found = files_.emplace(files_.end(), name);
  return uint32_t(found - files_.begin());
}

void MapWriter::global(std::string_view name) {
  globalCount_++;
  globals_.string(name);
  globalRelocations_.push_back({uint32_t(globals_.bytes.size()), std::string(name)});
  globals_.u32(0);
}

void MapWriter::function(const MapFunction& function) {
  base::Writer& out = functions_;
  functionCount_++;
  out.string(function.name);
  functionRelocations_.push_back({uint32_t(out.bytes.size()), function.name});
  out.u32(0);
  out.unsignedNumber(function.size);
  out.unsignedNumber(function.frameSize);
  out.unsignedNumber(function.returnAddressOffset);
  out.unsignedNumber(function.variables.size());
  for (const MapVariable& variable : function.variables) {
    out.unsignedNumber(variable.kind);
    out.unsignedNumber(variable.offset);
  }
  statements(out, function.statements);
  out.unsignedNumber(function.calls.size());
  MapCall call{0, 0};
  for (const MapCall& next : function.calls) {
    out.unsignedNumber(next.statement - call.statement);
    codeDelta(out, next.returnPoint, call.returnPoint);
    call = next;
  }
  out.unsignedNumber(function.checks.size());
  MapPosition last;
  uint32_t code = 0;
  for (const MapCheck& check : function.checks) {
    position(out, uint64_t(check.fault) << kCheckShift, kNewFile, check.position, last);
    codeDelta(out, check.returnAddress, code);
    code = check.returnAddress;
  }
  out.unsignedNumber(function.asms.size());
  for (const MapAsm& block : function.asms) {
    out.unsignedNumber(block.statement);
    out.unsignedNumber(block.begin / 4);
    out.unsignedNumber((block.end - block.begin) / 4);
  }
}

std::vector<uint8_t> MapWriter::finish(std::vector<MapRelocation>& relocations) {
  base::Writer out;
  out.bytes.assign(kMagic.begin(), kMagic.end());
  out.u32(0);
  size_t begin = out.bytes.size();
  out.string(unitName_);
  out.unsignedNumber(files_.size());
  for (const std::string& name : files_) out.string(name);
  relocations.clear();
  auto append = [&](base::Writer& part, uint32_t count, std::vector<MapRelocation>& partRelocations) {
    out.unsignedNumber(count);
    for (MapRelocation& relocation : partRelocations) relocation.offset += uint32_t(out.bytes.size());
    std::move(partRelocations.begin(), partRelocations.end(), std::back_inserter(relocations));
    out.bytes.insert(out.bytes.end(), part.bytes.begin(), part.bytes.end());
  };
  append(globals_, globalCount_, globalRelocations_);
  append(functions_, functionCount_, functionRelocations_);
  base::store(out.bytes.data() + kMagic.size(), uint32_t(out.bytes.size() - begin));
  return std::move(out.bytes);
}

}  // namespace object
