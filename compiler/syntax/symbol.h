// Names, interned: one Symbol for each spelling, hashed once by the lexer. Ids are dense, so that later phases keep
// what they know of a name in an array.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace syntax {

struct Symbol {
  std::string_view text;
  uint32_t hash;
  uint32_t id;
  uint16_t keyword;  // its token, 0 = an ordinary name
  bool typeName;     // a typedef name at this point of the text
  bool tag;          // some struct's tag
};

class SymbolTable {
 public:
  SymbolTable();
  SymbolTable(const SymbolTable&) = delete;
  SymbolTable& operator=(const SymbolTable&) = delete;

  // The text must outlive the table (it is a view into the source).
  Symbol* intern(std::string_view text);
  // A name of the compiler's own in a dump of the core: `f$counter` stands for `f.counter`.
  Symbol* internOwn(std::string_view text);
  bool ownNames = false;  // whether the text may have such names

  uint32_t count() const { return uint32_t(all_.size()); }
  const std::vector<Symbol*>& all() const { return all_; }

 private:
  Symbol* add(std::string_view text, uint32_t hash, size_t slot);
  void grow();

  std::vector<Symbol*> slots_;  // open addressing, power of two
  std::vector<Symbol*> all_;
  std::vector<std::unique_ptr<Symbol[]>> blocks_;
  size_t usedInBlock_ = 0;
  std::deque<std::string> own_;
};

}  // namespace syntax
