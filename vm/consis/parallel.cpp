// Mode parallel: the first pass and the chain in this thread, segments in others.
#include <condition_variable>
#include <deque>
#include <exception>
#include <thread>

#include "vm/consis/whole.h"

namespace consis {
namespace {

using CheckpointPtr = std::shared_ptr<const Checkpoint>;

// Checks segments, first come, first served.
class Workers {
 public:
  struct Job {
    uint32_t number;
    CheckpointPtr start;
    std::vector<Mark> ends;
  };

  Workers(Shared& shared, unsigned count) : shared_(shared) {
    for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Workers() {
    cancelled_ = true;
    {
      const std::lock_guard lock(mutex_);
      jobs_.clear(), closed_ = true;
    }
    changed_.notify_all();
  }

  void add(Job job) {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    changed_.notify_all();
  }

  // The segment's result, if it is there or `wait`.
  std::optional<SegmentResult> take(uint32_t number, bool wait) {
    std::unique_lock lock(mutex_);
    if (wait) changed_.wait(lock, [&] { return results_.contains(number) || error_; });
    if (error_) std::rethrow_exception(error_);
    auto found = results_.extract(number);
    results_.erase(results_.begin(), results_.lower_bound(number));  // of segments that others ran through
    return found ? std::optional(std::move(found.mapped())) : std::nullopt;
  }

 private:
  void work() {
    while (true) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return closed_ || !jobs_.empty(); });
      if (closed_) return;
      const Job job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      try {
        SegmentResult result = Segment(shared_, shared_.options, job.start.get(), nullptr).run(job.ends, cancelled_);
        lock.lock();
        results_.emplace(job.number, std::move(result));
      } catch (...) {
        if (!lock) lock.lock();
        error_ = std::current_exception();
      }
      lock.unlock();
      changed_.notify_all();
    }
  }

  Shared& shared_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::map<uint32_t, SegmentResult> results_;
  std::exception_ptr error_;
  bool closed_ = false;
  std::atomic<bool> cancelled_ = false;
  std::vector<std::jthread> threads_;  // last, so that they end first
};

}  // namespace

Outcome runParallel(const Image& image, const Options& options) {
  Shared shared(image, options);
  Whole whole(shared, options);
  CheckpointPtr start;
  if (!options.corruptions.empty()) {
    // They name C0 steps, which the first pass does not count: it begins after the last of them.
    Options corrupted = shared.options;
    uint64_t last = 0;
    for (const Corruption& corruption : corrupted.corruptions = options.corruptions)
      last = std::max(last, corruption.step);
    whole.accept(Segment(shared, corrupted, nullptr, nullptr).runTo(last, start));
  }
  if (whole.over()) return whole.outcome();
  FirstPass pass(image, shared.landmarks, shared.input, shared.options, start.get());
  const unsigned jobs = options.jobs ? options.jobs : std::max(std::thread::hardware_concurrency(), 1u);
  Workers workers(shared, jobs);
  // By number, from the next segment's on; there is none at reset.
  std::map<uint32_t, CheckpointPtr> checkpoints{{whole.next(), start}};
  bool more = true;
  while (!whole.over()) {
    const uint32_t newest = checkpoints.rbegin()->first;
    const bool passOn = more && newest - whole.next() < 2 * jobs + 2;
    if (passOn) {
      CheckpointPtr end = pass.next();
      workers.add({newest, checkpoints.rbegin()->second, end ? std::vector{markOf(*end)} : std::vector<Mark>{}});
      if (end) checkpoints.emplace(end->number, end);
      else more = false;
    }
    while (!whole.over()) {
      auto result = workers.take(whole.next(), !passOn);
      if (!result) break;
      if (!whole.accept(std::move(*result))) {
        std::vector<Mark> ends;
        for (auto at = checkpoints.upper_bound(whole.next()); at != checkpoints.end(); ++at)
          ends.push_back(markOf(*at->second));
        whole.runAgain(checkpoints.at(whole.next()).get(), ends);
      }
      checkpoints.erase(checkpoints.begin(), checkpoints.lower_bound(whole.next()));
      if (!passOn) break;
    }
  }
  return whole.outcome();
}

}  // namespace consis
