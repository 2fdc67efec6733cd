#include "assembler/dwarf/entries.h"

namespace dwarf {

namespace d = llvm::dwarf;

Entries::Label Entries::label() {
  labels_.push_back(0);
  return uint32_t(labels_.size() - 1);
}

void Entries::begin(Tag tag, bool children, Label here) {
  flush();
  if (here < labels_.size()) labels_[here] = kHeader + out_.size();
  abbreviation_.unsignedNumber(tag);
  abbreviation_.u8(children ? d::DW_CHILDREN_yes : d::DW_CHILDREN_no);
}

void Entries::end() {
  flush();
  out_.u8(0);
}

void Entries::attribute(Attribute attribute, d::Form form) {
  abbreviation_.unsignedNumber(attribute);
  abbreviation_.unsignedNumber(form);
}

void Entries::text(Attribute name, std::string_view value) {
  attribute(name, d::DW_FORM_string);
  values_.text(value.substr(0, value.find('\0')));
}

void Entries::number(Attribute name, uint64_t value) {
  attribute(name, d::DW_FORM_udata);
  values_.unsignedNumber(value);
}

void Entries::flag(Attribute name) { attribute(name, d::DW_FORM_flag_present); }

void Entries::address(Attribute name, Place place) {
  attribute(name, d::DW_FORM_addr);
  values_.address(place);
}

void Entries::sectionOffset(Attribute name, uint32_t section) {
  attribute(name, d::DW_FORM_sec_offset);
  values_.address({section, 0});
}

void Entries::reference(Attribute name, Label to) {
  attribute(name, d::DW_FORM_ref4);
  pendingFixups_.push_back({values_.size(), to});
  values_.u32(0);
}

void Entries::expression(Attribute name, const Contents& bytes) {
  attribute(name, d::DW_FORM_exprloc);
  values_.unsignedNumber(bytes.size());
  values_.append(bytes);
}

void Entries::flush() {
  if (abbreviation_.bytes.empty()) return;
  auto [code, isNew] = codes_.emplace(abbreviation_.bytes, uint32_t(codes_.size() + 1));
  if (isNew) {
    abbreviations_.unsignedNumber(code->second);
    abbreviations_.append(abbreviation_);
    abbreviations_.u16(0);
  }
  out_.unsignedNumber(code->second);
  for (Fixup each : pendingFixups_) fixups_.push_back({out_.size() + each.at, each.label});
  out_.append(values_);
  abbreviation_ = {}, values_ = {};
  pendingFixups_.clear();
}

void Entries::finish(object::Object& object) {
  flush();
  for (Fixup each : fixups_) base::store(&out_.bytes[each.at], labels_[each.label]);
  abbreviations_.u8(0);
  const uint32_t abbreviations = addSection(object, ".debug_abbrev", std::move(abbreviations_));
  Contents unit;
  const uint32_t opened = unit.openLength();
  unit.u16(kVersion);
  unit.address({abbreviations, 0});
  unit.u8(4);  // bytes of an address
  unit.append(out_);
  unit.closeLength(opened);
  addSection(object, ".debug_info", std::move(unit));
}

}  // namespace dwarf
