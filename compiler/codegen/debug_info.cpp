#include "compiler/codegen/debug_info.h"

#include <algorithm>

#include "assembler/isa/isa.h"
#include "compiler/codegen/function.h"

namespace codegen {

using core::TypeKind;
using core::TypeTable;
using dwarf::FrameRule;
namespace d = llvm::dwarf;

void DebugInfo::function(const core::Program& program, uint32_t index, uint32_t start, const object::MapFunction& map,
                         const FramePoints& points, const std::vector<std::string>& files) {
  lines(program.functions[index], start, map, program, files);
  const int32_t size = int32_t(map.frameSize), link = int32_t(map.returnAddressOffset) - size;
  dwarf::Frame frame{.section = 0, .begin = start, .end = start + map.size};
  frame.rules.push_back({FrameRule::Cfa, start + points.moved, isa::kFrame, size});
  frame.rules.push_back({FrameRule::Saved, start + points.saved, isa::kLink, link});
  if (points.stackStub) {
    if (!points.early) frame.rules.push_back({FrameRule::Cfa, start + points.stackStub, isa::kFrame, 0});
    frame.rules.push_back({FrameRule::Initial, start + points.stackStub, isa::kLink});
  }
  frames_.push_back(std::move(frame));
  functions_.push_back({index, start, map.size, map.frameSize, map.variables});
}

// A statement's code begins at its entries, a fault's at the call that reports it.
void DebugInfo::lines(const core::Function& function, uint32_t start, const object::MapFunction& map, const core::Program& program,
                      const std::vector<std::string>& files) {
  auto add = [&](uint32_t offset, std::string_view file, uint32_t line, uint32_t column) {
    if (line && offset < map.size) lines_.add({0, start + offset}, lines_.file(file), line, column);
  };
  const core::Position& at = function.position;
  add(0, at.file < program.files.size() ? program.files[at.file] : program.name, at.line, at.column);
  for (const object::MapStatement& statement : map.statements)
    for (uint32_t entry : statement.entries)
      if (statement.emits) add(entry, files[statement.position.file], statement.position.line, statement.position.column);
  constexpr uint32_t kCall = 8;  // bytes of a jal with its slot
  for (const object::MapCheck& check : map.checks)
    add(check.returnAddress - kCall, files[check.position.file], check.position.line, check.position.column);
}

void DebugInfo::declaration(const core::Program& program, std::string_view name, core::Position position) {
  entries_.text(d::DW_AT_name, name);
  entries_.number(d::DW_AT_decl_file, lines_.file(position.file < program.files.size() ? program.files[position.file] : program.name));
  entries_.number(d::DW_AT_decl_line, position.line);
}

void DebugInfo::typeOf(core::TypeId id) {
  if (id != TypeTable::kVoid) entries_.reference(d::DW_AT_type, types_[id]);
}

void DebugInfo::type(const core::Program& program, core::TypeId id) {
  const core::Type& type = program.types[id];
  const dwarf::Entries::Label here = types_[id];
  auto elementary = [&](unsigned encoding) {
    entries_.begin(d::DW_TAG_base_type, false, here);
    entries_.text(d::DW_AT_name, program.types.print(id));
    entries_.number(d::DW_AT_encoding, encoding);
    entries_.number(d::DW_AT_byte_size, type.asize);
  };
  switch (type.kind) {
    case TypeKind::Void: return;
    case TypeKind::Bool: return elementary(d::DW_ATE_boolean);
    case TypeKind::Char: return elementary(d::DW_ATE_signed_char);
    case TypeKind::UChar: return elementary(d::DW_ATE_unsigned_char);
    case TypeKind::Int:
    case TypeKind::Short: return elementary(d::DW_ATE_signed);
    case TypeKind::Unsigned:
    case TypeKind::UShort: return elementary(d::DW_ATE_unsigned);
    case TypeKind::Pointer:
      entries_.begin(d::DW_TAG_pointer_type, false, here);
      entries_.number(d::DW_AT_byte_size, type.asize);
      return typeOf(type.element);
    case TypeKind::Array:
      entries_.begin(d::DW_TAG_array_type, true, here);
      typeOf(type.element);
      entries_.begin(d::DW_TAG_subrange_type, false);
      typeOf(TypeTable::kInt);
      entries_.number(d::DW_AT_upper_bound, type.count - 1);
      return entries_.end();
    case TypeKind::Struct:
      entries_.begin(d::DW_TAG_structure_type, !type.fields.empty(), here);
      if (!type.name.empty()) entries_.text(d::DW_AT_name, type.name);
      if (type.fields.empty()) return entries_.flag(d::DW_AT_declaration);
      entries_.number(d::DW_AT_byte_size, type.asize);
      for (const core::Field& field : type.fields) {
        entries_.begin(d::DW_TAG_member, false);
        entries_.text(d::DW_AT_name, field.name);
        typeOf(field.type);
        entries_.number(d::DW_AT_data_member_location, field.offset);
      }
      return entries_.end();
  }
}

void DebugInfo::types(const core::Program& program) {
  for (core::TypeId id = 0; id < program.types.count(); id++) types_.push_back(entries_.label());
  for (core::TypeId id = 0; id < program.types.count(); id++) type(program, id);
}

namespace {

// The program's own names; what the compiler adds has a dot in its name.
bool isOwn(std::string_view name) { return name.find('.') == name.npos; }

// Of a static variable of this function, "function.name" or "function.name.1"; else empty.
std::string_view staticName(std::string_view function, std::string_view global) {
  if (!global.starts_with(function) || global.size() <= function.size() || global[function.size()] != '.') return {};
  global.remove_prefix(function.size() + 1);
  return global.substr(0, global.find('.'));
}

}  // namespace

void DebugInfo::variable(const core::Program& program, const Global& global, std::string_view name) {
  const core::Global& defined = program.globals[global.index];
  entries_.begin(d::DW_TAG_variable, false);
  declaration(program, name, defined.position);
  typeOf(defined.type);
  if (!defined.internal) entries_.flag(d::DW_AT_external);
  dwarf::Contents location;
  location.u8(d::DW_OP_addr);
  location.address(global.place);
  entries_.expression(d::DW_AT_location, location);
}

// A variable's place is counted from the CFA, so that it is right from the function's first instruction on.
void DebugInfo::subprogram(const core::Program& program, const Function& compiled) {
  const core::Function& function = program.functions[compiled.index];
  entries_.begin(d::DW_TAG_subprogram, true);
  declaration(program, function.name, function.position);
  typeOf(function.result);
  entries_.flag(d::DW_AT_prototyped);
  if (!function.internal) entries_.flag(d::DW_AT_external);
  entries_.address(d::DW_AT_low_pc, {text_, compiled.start});
  entries_.number(d::DW_AT_high_pc, compiled.size);
  dwarf::Contents base;
  base.u8(d::DW_OP_call_frame_cfa);
  entries_.expression(d::DW_AT_frame_base, base);
  for (uint32_t i = 0; i < function.variables.size(); i++) {
    const core::Variable& local = function.variables[i];
    if (!isOwn(local.name)) continue;
    entries_.begin(i < function.parameters ? d::DW_TAG_formal_parameter : d::DW_TAG_variable, false);
    declaration(program, local.name, local.position);
    typeOf(local.type);
    dwarf::Contents place;
    place.u8(d::DW_OP_fbreg);
    place.leb128(int64_t(compiled.variables[i].offset) - compiled.frameSize);
    entries_.expression(d::DW_AT_location, place);
  }
  for (const Global& global : globals_)
    if (std::string_view name = staticName(function.name, program.globals[global.index].name); !name.empty())
      variable(program, global, name);
  entries_.end();
}

void DebugInfo::finish(object::Object& object, const core::Program& program, uint32_t text, const std::string& folder) {
  text_ = text;
  const uint32_t lines = uint32_t(object.sections.size());  // it comes first
  entries_.begin(d::DW_TAG_compile_unit, true);
  entries_.text(d::DW_AT_producer, "c0c");
  entries_.number(d::DW_AT_language, d::DW_LANG_C99);
  entries_.text(d::DW_AT_name, program.name);
  entries_.text(d::DW_AT_comp_dir, folder);
  entries_.sectionOffset(d::DW_AT_stmt_list, lines);
  entries_.address(d::DW_AT_low_pc, {text, 0});
  entries_.number(d::DW_AT_high_pc, object.sections[text].length());
  types(program);
  for (const Function& each : functions_) subprogram(program, each);
  for (const Global& each : globals_)
    if (std::string_view name = program.globals[each.index].name; isOwn(name)) variable(program, each, name);
  entries_.end();
  dwarf::addSection(object, ".debug_line", lines_.finish(object));
  entries_.finish(object);
  dwarf::addSection(object, ".debug_frame", dwarf::writeFrames(frames_));
}

}  // namespace codegen
