#include "vm/consis/shard.h"

#include <map>

#include "vm/consis/whole.h"
#include "vm/consis/workers.h"

namespace consis {
namespace {

std::string named(uint32_t index, uint32_t count) { return std::to_string(index) + "/" + std::to_string(count); }

std::string inputHash(const RunRecord& record) {
  const std::vector<uint8_t> bytes(record.input.begin(), record.input.end());
  return hashOf(bytes);
}

// What the shards of a run must agree on, besides what it is a run of.
std::string optionsText(const Shard& shard) {
  const Options& options = shard.record.options;
  std::string text = std::to_string(shard.count) + " shards, " + std::to_string(shard.segments) + " segments";
  auto add = [&](const char* name, uint64_t value) { text += std::string(", --") + name + "=" + std::to_string(value); };
  if (options.segment) add("segment", options.segment);
  if (options.until != UINT64_MAX) add("until", options.until);
  if (options.maxSteps != UINT64_MAX) add("max-steps", options.maxSteps);
  add("limit", options.limit);
  if (options.checked) text += ", --checked";
  for (const Corruption& each : options.corruptions) text += ", --corrupt=" + printCorruption(each);
  return text;
}

// Puts the run together: from the shards' results, or where they do not say, from the truth.
class Merge {
 public:
  Merge(const Image& image, const Options& options) : options_(options), shared_(image, options), whole_(shared_, options) {}

  base::Result<Outcome> run(std::map<uint32_t, SegmentResult> results) {
    while (!whole_.over()) {
      const uint32_t number = whole_.next();
      const auto found = results.find(number);
      const bool known = found != results.end() && found->second.kind != SegmentResult::Unsettled;
      if (known && whole_.accept(std::move(found->second))) continue;
      if (!again(number))
        return base::Error{"what the shards say of the segments before number " + std::to_string(number) + " cannot be",
                           "bad-shard", ""};
    }
    return whole_.outcome();
  }

 private:
  static constexpr uint32_t kAhead = 4;  // checkpoints at one of which a segment ends

  bool again(uint32_t number) {
    if (!pass_) begin();
    if (number == 0 && first_) return whole_.accept(std::move(*first_));
    while (more_ && (checkpoints_.empty() || checkpoints_.rbegin()->first < number + kAhead)) {
      CheckpointPtr next = pass_->next();
      if (next) checkpoints_.emplace(next->number, std::move(next));
      else more_ = false;
    }
    checkpoints_.erase(checkpoints_.begin(), checkpoints_.lower_bound(number));
    const auto start = checkpoints_.find(number);
    if (number != 0 && start == checkpoints_.end()) return false;
    std::vector<Mark> ends;
    for (auto at = checkpoints_.upper_bound(number); at != checkpoints_.end(); ++at) ends.push_back(markOf(*at->second));
    return whole_.runAgain({number ? start->second.get() : nullptr, ends});
  }

  void begin() {
    CheckpointPtr start;
    if (!options_.corruptions.empty()) first_ = runCorrupted(shared_, options_, start);
    if (start) checkpoints_.emplace(start->number, start);
    pass_.emplace(shared_.image, shared_.landmarks, shared_.input, shared_.options, start);
  }

  const Options& options_;
  Shared shared_;
  Whole whole_;
  std::optional<SegmentResult> first_;  // with corruptions
  std::optional<FirstPass> pass_;
  std::map<uint32_t, CheckpointPtr> checkpoints_;
  bool more_ = true;
};

}  // namespace

Shard checkShard(const Image& image, const Options& options, uint32_t index, uint32_t count) {
  Shared shared(image, options);
  Shard shard{.index = index, .count = count};
  auto isOwn = [&](uint32_t number) { return number % count + 1 == index; };
  CheckpointPtr start;
  if (!options.corruptions.empty()) {
    SegmentResult first = runCorrupted(shared, options, start);
    shard.segments = 1;
    if (isOwn(0)) shard.results.emplace(0, std::move(first));
    if (!start) return shard;
  }
  FirstPass pass(image, shared.landmarks, shared.input, shared.options, start);
  std::optional<uint32_t> lost;
  bool more = true;
  Workers workers(shared, options, [&](TrailRecord*) -> std::optional<Workers::Job> {
    while (more) {
      const uint32_t number = shard.segments++;
      const CheckpointPtr end = pass.next(), begin = std::exchange(start, end);
      more = end != nullptr;
      if (!isOwn(number)) continue;
      if (end || pass.ended()) return Workers::Job{number, begin, end ? std::vector{markOf(*end)} : std::vector<Mark>{}};
      lost = number;
    }
    return std::nullopt;
  });
  while (auto checked = workers.next()) shard.results.emplace(checked->first, std::move(checked->second));
  if (lost) shard.results[*lost].why = "the first pass did not come to its end";
  return shard;
}

std::optional<ShardError> whyNotTogether(std::span<const Shard> shards, std::span<const std::string> names) {
  std::vector<const std::string*> files(shards[0].count);
  for (size_t i = 0; i < shards.size(); ++i) {
    const Shard &shard = shards[i], &first = shards[0];
    auto stale = [&](const std::string& what, const std::string& one, const std::string& other) {
      return ShardError{{what + " is not that of " + names[0] + ": " + one + ", not " + other, "stale-shard", ""}, names[i]};
    };
    const RunRecord &record = shard.record, &wanted = first.record;
    if (record.hash != wanted.hash) return stale("the image", "its SHA-256 is " + record.hash, wanted.hash);
    if (record.diskHash != wanted.diskHash) return stale("the disk", "its SHA-256 is " + record.diskHash, wanted.diskHash);
    const std::string input = inputHash(record), wantedInput = inputHash(wanted);
    if (input != wantedInput) return stale("the input", "its SHA-256 is " + input, wantedInput);
    const std::string options = optionsText(shard), wantedOptions = optionsText(first);
    if (options != wantedOptions) return stale("the run", options, wantedOptions);
    const std::string*& file = files[shard.index - 1];
    if (file)
      return ShardError{{"shard " + named(shard.index, shard.count) + " is there already: " + *file, "duplicate-shard", ""}, names[i]};
    file = &names[i];
  }
  std::string missing;
  for (uint32_t i = 0; i < files.size(); ++i)
    if (!files[i]) missing += (missing.empty() ? "" : ", ") + named(i + 1, shards[0].count);
  if (missing.empty()) return std::nullopt;
  return ShardError{{"not all shards are there: missing " + missing, "missing-shard", ""}, ""};
}

base::Result<Outcome> mergeShards(const Image& image, const Options& options, std::span<Shard> shards) {
  std::map<uint32_t, SegmentResult> results;
  for (Shard& shard : shards) results.merge(shard.results);
  return Merge(image, options).run(std::move(results));
}

}  // namespace consis
