// Mode parallel: the first pass and the chain in this thread, segments in others.
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
  FirstPass pass(image, shared.landmarks, shared.input, shared.options, start.get());
  Workers workers(shared, options);
  // By number, from the next segment's on; there is none at reset.
  std::map<uint32_t, CheckpointPtr> checkpoints{{whole.next(), start}};
  bool more = true;
  while (!whole.over()) {
    if (more && workers.waiting() <= workers.count()) {
      const uint32_t newest = checkpoints.rbegin()->first;
      auto record = workers.record();
      CheckpointPtr end = pass.next(record.get());
      workers.add({newest, checkpoints.rbegin()->second, end ? std::vector{markOf(*end)} : std::vector<Mark>{}, std::move(record), true});
      if (end) checkpoints.emplace(end->number, end);
      else more = false;
    } else {
      workers.help();
    }
    while (!whole.over()) {
      auto result = workers.take(whole.next());
      if (!result) break;
      if (!whole.accept(std::move(*result))) {
        std::vector<Mark> ends;
        for (auto at = checkpoints.upper_bound(whole.next()); at != checkpoints.end(); ++at)
          ends.push_back(markOf(*at->second));
        if (!whole.runAgain({checkpoints.at(whole.next()).get(), ends}))
          throw std::logic_error("the reconstruction of a consistent run failed");
      }
      checkpoints.erase(checkpoints.begin(), checkpoints.lower_bound(whole.next()));
    }
  }
  return whole.outcome();
}

}  // namespace consis
