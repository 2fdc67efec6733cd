#include "vm/timeline/container.h"

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>

#include "assembler/base/bytes.h"

namespace timeline {
namespace {

constexpr size_t kMagicBytes = 8, kHeaderBytes = kMagicBytes + 4;
constexpr int kLevel = 3;
constexpr unsigned long long kLargest = 1ull << 33;  // of a content

}  // namespace

std::vector<uint8_t> pack(const Format& format, std::span<const uint8_t> content) {
  std::vector<uint8_t> file(kHeaderBytes + ZSTD_compressBound(content.size()));
  std::copy_n(format.magic, kMagicBytes, file.begin());
  base::store(file.data() + kMagicBytes, format.version);
  const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  const size_t size = ZSTD_compress2(context.get(), file.data() + kHeaderBytes, file.size() - kHeaderBytes, content.data(), content.size());
  if (ZSTD_isError(size)) throw std::bad_alloc();  // there is room enough
  file.resize(kHeaderBytes + size);
  return file;
}

base::Result<std::vector<uint8_t>> unpack(const Format& format, std::span<const uint8_t> file) {
  const std::string name(format.name);
  const auto error = [&](std::string text) { return base::Error{std::move(text), "bad-" + name, ""}; };
  if (file.size() < kHeaderBytes || !std::equal(format.magic, format.magic + kMagicBytes, file.begin())) return error("this is no " + name);
  const uint32_t version = base::load<uint32_t>(file.data() + kMagicBytes);
  if (version != format.version)
    return error("the " + name + " has version " + std::to_string(version) + ", not " + std::to_string(format.version));
  const auto frame = file.subspan(kHeaderBytes);
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLargest) return error("the " + name + " is damaged");
  // Before there is memory for what the frame claims to hold, it must be there as a whole.
  if (const size_t whole = ZSTD_findFrameCompressedSize(frame.data(), frame.size()); ZSTD_isError(whole) || whole != frame.size())
    return error("the " + name + " is truncated or damaged");
  std::vector<uint8_t> content(size);
  const size_t got = ZSTD_decompress(content.data(), content.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) || got != size) return error("the " + name + " is damaged: " + ZSTD_getErrorName(got));
  return content;
}

}  // namespace timeline
