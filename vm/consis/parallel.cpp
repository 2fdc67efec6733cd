// Mode parallel: the chain in this thread, the first pass and segments in this and others.
#include <algorithm>
#include <stdexcept>

#include "vm/consis/whole.h"
#include "vm/consis/workers.h"

namespace consis {

SegmentResult runCorrupted(Shared& shared, const Options& options, CheckpointPtr& end) {
  Options corrupted = shared.options;
  uint64_t last = 0;
  for (const Corruption& corruption : corrupted.corruptions = options.corruptions) last = std::max(last, corruption.step);
  return Segment(shared, corrupted, {}, nullptr).runTo(last, end);
}

Outcome runParallel(const Image& image, const Options& options) {
  Shared shared(image, options);
  Whole whole(shared, options);
  CheckpointPtr start;
  if (!options.corruptions.empty()) whole.accept(runCorrupted(shared, options, start));
  if (whole.over()) return whole.outcome();
  FirstPass pass(image, shared.landmarks, shared.input, shared.options, start);
  // By number, from the next segment's on; there is none at reset.
  std::map<uint32_t, CheckpointPtr> checkpoints{{whole.next(), start}};
  std::mutex mutex;  // of checkpoints
  uint32_t newest = whole.next();
  bool more = true;
  Workers workers(shared, options, [&](TrailRecord* record) -> std::optional<Workers::Job> {
    if (!more) return std::nullopt;
    const CheckpointPtr end = pass.next(record);
    more = end != nullptr;
    Workers::Job job{newest, std::exchange(start, end), {}};
    if (!end) return job;
    job.ends.push_back(markOf(*end));
    const std::lock_guard lock(mutex);
    checkpoints.emplace(newest = end->number, end);
    return job;
  });
  while (!whole.over()) {
    auto checked = workers.next();
    if (!checked) throw std::logic_error("the segments end before the run");
    if (checked->first != whole.next()) continue;  // the run has passed it by
    if (!whole.accept(std::move(checked->second))) {
      std::vector<CheckpointPtr> known;
      {
        const std::lock_guard lock(mutex);
        for (auto at = checkpoints.lower_bound(whole.next()); at != checkpoints.end(); ++at) known.push_back(at->second);
      }
      std::vector<Mark> ends;
      for (size_t i = 1; i < known.size(); ++i) ends.push_back(markOf(*known[i]));
      if (!whole.runAgain({known.front().get(), ends})) throw std::logic_error("the reconstruction of a consistent run failed");
    }
    const std::lock_guard lock(mutex);
    checkpoints.erase(checkpoints.begin(), checkpoints.lower_bound(whole.next()));
  }
  return whole.outcome();
}

}  // namespace consis
