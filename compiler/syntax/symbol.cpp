#include "compiler/syntax/symbol.h"

#include <algorithm>
#include <cstring>

#include "grammar.h"

namespace syntax {

namespace {

constexpr size_t kBlockSize = 1024;

uint32_t hashOf(std::string_view text) {
  uint64_t hash = text.size() * 0x9E3779B97F4A7C15u;
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
  }
  uint64_t word = 0;
  for (size_t i = 0; i < left; ++i) word |= uint64_t(uint8_t(at[i])) << (8 * i);
  hash = (hash ^ word) * 0xD6E8FEB86659FD93u;
  return uint32_t(hash >> 32);
}

}  // namespace

SymbolTable::SymbolTable() : slots_(4096) {
#define KEYWORD(text, TOKEN) intern(text)->keyword = uint16_t(Parser::token::TOKEN);
#include "compiler/syntax/keywords.def"
}

Symbol* SymbolTable::intern(std::string_view text) {
  uint32_t hash = hashOf(text);
  size_t mask = slots_.size() - 1;
  for (size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    Symbol* symbol = slots_[slot];
    if (!symbol) return add(text, hash, slot);
    if (symbol->hash == hash && symbol->text == text) return symbol;
  }
}

Symbol* SymbolTable::internOwn(std::string_view text) {
  std::string name(text);
  std::replace(name.begin(), name.end(), '$', '.');
  own_.push_back(std::move(name));
  Symbol* symbol = intern(own_.back());
  if (symbol->text.data() != own_.back().data()) own_.pop_back();
  return symbol;
}

Symbol* SymbolTable::add(std::string_view text, uint32_t hash, size_t slot) {
  if (blocks_.empty() || usedInBlock_ == kBlockSize) {
    blocks_.push_back(std::make_unique<Symbol[]>(kBlockSize));
    usedInBlock_ = 0;
  }
  Symbol* symbol = &blocks_.back()[usedInBlock_++];
  *symbol = {text, hash, count(), 0, false, false};
  all_.push_back(symbol);
  slots_[slot] = symbol;
  if (all_.size() * 2 > slots_.size()) grow();
  return symbol;
}

void SymbolTable::grow() {
  slots_.assign(slots_.size() * 2, nullptr);
  size_t mask = slots_.size() - 1;
  for (Symbol* symbol : all_) {
    size_t slot = symbol->hash & mask;
    while (slots_[slot]) slot = (slot + 1) & mask;
    slots_[slot] = symbol;
  }
}

}  // namespace syntax
