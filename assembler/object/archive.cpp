#include <cstring>

#include "assembler/object/elf.h"

// An archive: "!<arch>\n", then members, each a 60-byte header and its bytes, padded to an even offset. "/" is the
// symbol index, "//" the table of names longer than 15 bytes, which members name as "/offset".

namespace object {
namespace {

constexpr std::string_view kArchiveMagic = "!<arch>\n";
constexpr size_t kHeaderSize = 60;

class ArchiveReader {
 public:
  explicit ArchiveReader(std::span<const uint8_t> bytes)
      : text_(reinterpret_cast<const char*>(bytes.data()), bytes.size()), bytes_(bytes) {}

  base::Result<std::vector<Member>> read() {
    if (text_.substr(0, kArchiveMagic.size()) != kArchiveMagic) return error(0, "not an archive");
    for (size_t at = kArchiveMagic.size(); at < text_.size();) {
      if (text_.size() - at < kHeaderSize) return error(at, "the archive ends within a member's header");
      std::string_view header = text_.substr(at, kHeaderSize);
      if (header.substr(58) != "`\n") return error(at, "damaged member header");
      size_t size = 0;
      if (!decimal(header.substr(48, 10), size)) return error(at, "damaged member size");
      size_t begin = at + kHeaderSize;
      if (size > text_.size() - begin) return error(at, "the member reaches beyond the archive");
      std::string_view name = trim(header.substr(0, 16));
      if (name == "//") names_ = text_.substr(begin, size);
      else if (name != "/" && name != "/SYM64/") {
        Member member{{}, bytes_.subspan(begin, size)};
        if (!memberName(name, member.name)) return error(at, "damaged member name");
        members_.push_back(std::move(member));
      }
      at = begin + size + (size & 1);
    }
    return std::move(members_);
  }

 private:
  static base::Error error(size_t at, const char* text) { return {text, "bad-archive", "byte " + std::to_string(at)}; }
  static std::string_view trim(std::string_view text) {
    size_t end = text.find_last_not_of(' ');
    return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  }
  static bool decimal(std::string_view text, size_t& value) {
    text = trim(text);
    value = 0;
    for (char c : text) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + size_t(c - '0');
    }
    return !text.empty();
  }
  bool memberName(std::string_view name, std::string& result) const {
    if (name.size() > 1 && name[0] == '/') {
      size_t at = 0;
      if (!decimal(name.substr(1), at) || at >= names_.size()) return false;
      name = names_.substr(at, names_.find('\n', at) - at);
    } else if (name.substr(0, 3) == "#1/") {
      return false;  // BSD names are not for us
    }
    if (!name.empty() && name.back() == '/') name.remove_suffix(1);
    result = name;
    return !name.empty();
  }

  std::string_view text_;
  std::span<const uint8_t> bytes_;
  std::string_view names_;
  std::vector<Member> members_;
};

}  // namespace

bool isArchive(std::span<const uint8_t> bytes) {
  return bytes.size() >= kArchiveMagic.size() && std::memcmp(bytes.data(), kArchiveMagic.data(), kArchiveMagic.size()) == 0;
}

base::Result<std::vector<Member>> readArchive(std::span<const uint8_t> bytes) { return ArchiveReader(bytes).read(); }

}  // namespace object
