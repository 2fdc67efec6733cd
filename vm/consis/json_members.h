// The JSON that we write, and reading it back: reports and shards of consis.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/diagnostics.h"
#include "llvm/Support/JSON.h"

namespace consis {

// Text for JSON; what is no UTF-8 in it is replaced.
inline std::string utf8(std::string_view text) { return llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size())); }

// What a file contains, `what` ("a JSON report of consis") as JSON. Errors: `id`, with the place in the text.
base::Result<llvm::json::Value> parseJson(std::span<const uint8_t> bytes, const char* what, const char* id);

// Members of an object, each of the right kind; the first error, which has the id and names the member, stands.
class Members {
 public:
  Members(const llvm::json::Object* object, std::string path, const char* id);
  Members child(const char* name);
  bool has(const char* name) const { return object_ && object_->get(name); }
  std::string text(const char* name);
  uint64_t number(const char* name);
  bool truth(const char* name);
  std::vector<std::string> texts(const char* name);
  std::vector<uint64_t> numbers(const char* name);
  std::string bytes(const char* name);  // in hexadecimal
  std::vector<Members> children(const char* name);
  void wrong(std::string place, std::string text);
  // The other's error, too.
  void take(const Members& other) {
    if (!error_) error_ = other.error_;
  }
  std::string path(const char* name) const { return path_.empty() ? name : path_ + "." + name; }
  const std::optional<base::Error>& error() const { return error_; }

 private:
  const llvm::json::Array* list(const char* name);

  const llvm::json::Object* object_;
  std::string path_;
  const char* id_;
  std::optional<base::Error> error_;
};

}  // namespace consis
