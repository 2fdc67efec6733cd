#include "vm/tools/consis_shards.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "assembler/base/tool.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/consis/shard.h"
#include "vm/tools/consis_compile.h"

namespace consis {
namespace {

std::function<int()> from(const std::vector<int>& input) {
  return [&input, next = size_t(0)]() mutable { return next < input.size() ? input[next++] : -1; };
}

std::string summary(const Shard& shard) {
  const auto left = std::count_if(shard.results.begin(), shard.results.end(), [](const auto& each) {
    return each.second.kind == SegmentResult::Unsettled;
  });
  std::string text = "shard " + std::to_string(shard.index) + "/" + std::to_string(shard.count) + ": " +
                     grouped(shard.results.size()) + " of " + grouped(shard.segments) + " segments";
  if (left) text += ", " + grouped(uint64_t(left)) + " left to --merge";
  return text + "\n";
}

}  // namespace

int writeShard(Arguments& arguments) {
  RunRecord& record = arguments.record;
  record.options.mode = Mode::Parallel;
  int status = base::kExitErrors;
  auto elf = readProgram(record, status);
  if (!elf) return status;
  auto image = Image::load(*elf);
  if (!image) return base::fail(image.error(), record.inputs[0]);
  record.hash = hashOf(*elf);
  if (!record.disk.empty()) record.diskHash = hashOf(record.options.disk);
  for (int byte = std::getchar(); byte >= 0; byte = std::getchar()) record.input.push_back(byte);
  Options options = record.options;
  options.input = from(record.input);
  Shard shard = checkShard(*image, options, arguments.shard->index, arguments.shard->count);
  shard.record = std::move(record);
  const std::string text = shardText(shard), to = arguments.json.empty() ? "-" : arguments.json;
  if (auto written = base::writeFile(to, text.data(), text.size()); !written) return base::fail(written.error());
  if (to != "-" && !arguments.quiet) llvm::outs() << summary(shard);
  return base::kExitOk;
}

std::optional<Merged> mergeFiles(Arguments& arguments, int& status) {
  auto failed = [&](const base::Error& error, const std::string& file) {
    status = base::fail(error, file);
    return std::nullopt;
  };
  RunRecord& record = arguments.record;
  const std::vector<std::string> names = std::exchange(record.inputs, {});
  std::vector<Shard> shards;
  for (const std::string& name : names) {
    auto text = base::readFile(name);
    if (!text) return failed(text.error(), name);
    auto shard = readShard(*text);
    if (!shard) return failed(shard.error(), name);
    shards.push_back(std::move(*shard));
  }
  if (const auto why = whyNotTogether(shards, names)) return failed(why->error, why->file);
  record = std::move(shards[0].record);
  auto elf = readProgram(record, status);
  if (!elf) return std::nullopt;
  auto stale = [&](const char* what, const std::string& wanted, const std::string& file) {
    return failed({std::string(what) + " is not the one of the shards: its SHA-256 was " + base::printable(wanted), "stale-shard", ""}, file);
  };
  if (hashOf(*elf) != record.hash) return stale("the image", record.hash, record.inputs[0]);
  if (!record.disk.empty() && hashOf(record.options.disk) != record.diskHash)
    return stale("the disk", record.diskHash, record.disk);
  auto image = Image::load(*elf);
  if (!image) return failed(image.error(), record.inputs[0]);
  Options options = record.options;
  options.input = from(record.input);
  if (arguments.output)
    options.output = [](std::string_view bytes) { llvm::outs() << llvm::StringRef(bytes.data(), bytes.size()); };
  auto outcome = mergeShards(*image, options, shards);
  if (!outcome) return failed(outcome.error(), {});
  record.input = outcome->input;
  return Merged{std::move(*image), std::move(*outcome)};
}

}  // namespace consis
