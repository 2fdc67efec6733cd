#include "vm/consis/json_members.h"

#include "llvm/ADT/StringExtras.h"

namespace consis {
namespace {

// The parser is recursive; what we write is not deep.
bool isDeep(std::string_view text) {
  unsigned depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') quoted = !quoted;
    else if (quoted) i += c == '\\';
    else if (c == '[' || c == '{') ++depth;
    else if (c == ']' || c == '}') depth -= depth != 0;
    if (depth > 32) return true;
  }
  return false;
}

}  // namespace

base::Result<llvm::json::Value> parseJson(std::span<const uint8_t> bytes, const char* what, const char* id) {
  const llvm::StringRef text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string none = std::string("not ") + what + ": ";
  if (isDeep({text.data(), text.size()})) return base::Error{none + "it is nested too deeply", id, ""};
  auto parsed = llvm::json::parse(text);
  if (!parsed) return base::Error{none + llvm::toString(parsed.takeError()), id, ""};
  return std::move(*parsed);
}

Members::Members(const llvm::json::Object* object, std::string path, const char* id)
    : object_(object), path_(std::move(path)), id_(id) {
  if (!object_) wrong(path_.empty() ? "the report" : path_, "is no object");
}

Members Members::child(const char* name) {
  Members members(object_ ? object_->getObject(name) : nullptr, path(name), id_);
  take(members);
  return members;
}

std::string Members::text(const char* name) {
  auto value = object_ ? object_->getString(name) : llvm::None;
  if (!value) wrong(path(name), "is no string");
  return value ? value->str() : "";
}

uint64_t Members::number(const char* name) {
  auto value = object_ ? object_->getInteger(name) : llvm::None;
  if (!value || *value < 0) wrong(path(name), "is no number from 0 on");
  return value && *value >= 0 ? uint64_t(*value) : 0;
}

bool Members::truth(const char* name) {
  auto value = object_ ? object_->getBoolean(name) : llvm::None;
  if (!value) wrong(path(name), "is neither true nor false");
  return value && *value;
}

std::vector<std::string> Members::texts(const char* name) {
  std::vector<std::string> texts;
  const llvm::json::Array* array = list(name);
  for (size_t i = 0; array && i < array->size(); ++i) {
    auto value = (*array)[i].getAsString();
    if (!value) wrong(path(name), "is no list of strings");
    else texts.push_back(value->str());
  }
  return texts;
}

std::vector<uint64_t> Members::numbers(const char* name) {
  std::vector<uint64_t> numbers;
  const llvm::json::Array* array = list(name);
  for (size_t i = 0; array && i < array->size(); ++i) {
    auto value = (*array)[i].getAsInteger();
    if (!value || *value < 0) wrong(path(name), "is no list of numbers from 0 on");
    else numbers.push_back(uint64_t(*value));
  }
  return numbers;
}

std::string Members::bytes(const char* name) {
  std::string bytes;
  const std::string digits = text(name);
  if (!llvm::tryGetFromHex(digits, bytes) || digits.size() % 2) wrong(path(name), "is not hexadecimal");
  return bytes;
}

std::vector<Members> Members::children(const char* name) {
  std::vector<Members> children;
  const llvm::json::Array* array = list(name);
  for (size_t i = 0; array && i < array->size(); ++i) {
    children.emplace_back((*array)[i].getAsObject(), path(name) + "[" + std::to_string(i) + "]", id_);
    take(children.back());
  }
  return children;
}

void Members::wrong(std::string place, std::string text) {
  if (!error_) error_ = base::Error{base::printable(place) + " " + std::move(text), id_, ""};
}

const llvm::json::Array* Members::list(const char* name) {
  const llvm::json::Array* array = object_ ? object_->getArray(name) : nullptr;
  if (!array) wrong(path(name), "is no list");
  return array;
}

}  // namespace consis
