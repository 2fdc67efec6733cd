#include "assembler/base/sarif.h"

#include <algorithm>
#include <cctype>

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace base::sarif {
namespace {

using llvm::json::Array;
using llvm::json::Object;

std::string utf8(std::string_view text) { return llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size())); }

Object messageOf(std::string_view text) { return Object{{"text", utf8(text)}}; }

// A relative reference or an absolute path as RFC 3986 writes them.
std::string uri(std::string_view path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string text;
  for (unsigned char c : path) {
    if (std::isalnum(c) || std::string_view("-._~/+,=@!$&'()*;").find(char(c)) != std::string_view::npos)
      text += char(c);
    else text += '%', text += kHex[c >> 4], text += kHex[c & 15];
  }
  return text;
}

Object artifact(const std::string& file) { return Object{{"uri", uri(file)}}; }

Object region(const Region& r) {
  Object object{{"startLine", r.line}};
  if (r.column) object["startColumn"] = r.column;
  if (r.endLine) object["endLine"] = r.endLine;
  if (r.column && r.endColumn) object["endColumn"] = r.endColumn;
  return object;
}

Object location(const Location& l) {
  Object object;
  if (l.file.empty() && !l.place.empty()) {
    object["logicalLocations"] = Array{Object{{"fullyQualifiedName", utf8(l.place)}}};
  } else if (!l.file.empty()) {
    Object physical{{"artifactLocation", artifact(l.file)}};
    if (l.region.line) physical["region"] = region(l.region);
    object["physicalLocation"] = std::move(physical);
  }
  if (!l.text.empty()) object["message"] = messageOf(l.text);
  Array annotations;
  for (const Region& each : l.annotations) annotations.push_back(region(each));
  if (!annotations.empty()) object["annotations"] = std::move(annotations);
  return object;
}

Array locations(const std::vector<Location>& list) {
  Array array;
  for (const Location& each : list) array.push_back(location(each));
  return array;
}

Object fix(const Fix& f) {
  Array replacements;
  for (const Replacement& each : f.replacements)
    replacements.push_back(Object{{"deletedRegion", region(each.deleted)}, {"insertedContent", messageOf(each.text)}});
  Object change{{"artifactLocation", artifact(f.file)}, {"replacements", std::move(replacements)}};
  return Object{{"description", messageOf(f.text)}, {"artifactChanges", Array{std::move(change)}}};
}

Object result(const Result& r) {
  Object object{{"ruleId", utf8(r.rule)}, {"level", r.level}, {"message", messageOf(r.text)}};
  if (r.level == "none") object["kind"] = "open";
  object["locations"] = locations(r.locations);
  if (!r.related.empty()) object["relatedLocations"] = locations(r.related);
  Array fixes;
  for (const Fix& each : r.fixes) fixes.push_back(fix(each));
  if (!fixes.empty()) object["fixes"] = std::move(fixes);
  return object;
}

}  // namespace

std::string print(std::string_view tool, std::vector<Rule> rules, const std::vector<Result>& list) {
  Array results, described;
  for (const Result& each : list) {
    results.push_back(result(each));
    if (std::none_of(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == each.rule; }))
      rules.push_back({each.rule, ""});
  }
  for (const Rule& rule : rules) {
    Object object{{"id", utf8(rule.id)}};
    if (!rule.text.empty()) object["shortDescription"] = messageOf(rule.text);
    described.push_back(std::move(object));
  }
  Object driver{{"name", utf8(tool)}, {"rules", std::move(described)}};
  Object run{{"tool", Object{{"driver", std::move(driver)}}},
             {"columnKind", "utf16CodeUnits"},
             {"results", std::move(results)}};
  Object log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
             {"version", "2.1.0"},
             {"runs", Array{std::move(run)}}};
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(log))).str();
}

uint32_t utf16Column(std::string_view line, uint32_t column) {
  uint32_t units = 0;
  const std::string_view before = line.substr(0, column - 1);
  for (unsigned char c : before)
    if ((c & 0xC0) != 0x80)
      units += c >= 0xF0 ? 2 : 1;  // the first byte of a character; beyond U+FFFF it takes two units
  return uint32_t(units + 1 + (column - 1 - before.size()));  // behind the line's end: its newline
}

}  // namespace base::sarif
