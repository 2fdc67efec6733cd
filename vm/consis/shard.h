// Mode parallel as jobs apart from each other (docs/consis.md, "Shards"). Each makes the first pass and checks every n-th
// segment; from what all of them write the run is put together.
#pragma once

#include <map>

#include "vm/consis/run_record.h"
#include "vm/consis/segment.h"

namespace consis {

constexpr uint32_t kMostShards = 1'000'000;

struct Shard {
  uint32_t index = 1, count = 1;                // shard `index` of 1 .. count has the segments whose number is index - 1 modulo count
  RunRecord record = {};                        // the run; `input` is all that there is for the program
  uint32_t segments = 0;                        // of the whole run
  std::map<uint32_t, SegmentResult> results = {};  // its own, by number. Of those that are Unsettled only the reason is kept.
};

// Checks the shard's segments. The record is left to the caller.
Shard checkShard(const Image& image, const Options& options, uint32_t index, uint32_t count);

// As a file, and back. Errors: [bad-shard].
std::string shardText(const Shard& shard);
base::Result<Shard> readShard(std::span<const uint8_t> text);

// Whether they are all shards of one run; `names` are their files. Errors: [stale-shard], [duplicate-shard],
// [missing-shard]; the place is the file.
struct ShardError {
  base::Error error;
  std::string file;  // empty: all together
};
std::optional<ShardError> whyNotTogether(std::span<const Shard> shards, std::span<const std::string> names);

// The outcome of the run, explained. Segments that are not settled are checked here. Error: [bad-shard], if a shard says
// what cannot be.
base::Result<Outcome> mergeShards(const Image& image, const Options& options, std::span<Shard> shards);

}  // namespace consis
