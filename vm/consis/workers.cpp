#include "vm/consis/workers.h"

#include <algorithm>
#include <utility>

namespace consis {

Workers::Workers(Shared& shared, const Options& options) : shared_(shared) {
  const unsigned count = options.jobs ? options.jobs : std::max(std::thread::hardware_concurrency(), 1u);
  for (unsigned i = 1; i < count; ++i) threads_.emplace_back([this] { work(); });
}

Workers::~Workers() {
  cancelled_ = true;
  {
    const std::lock_guard lock(mutex_);
    jobs_.clear(), closed_ = true;
  }
  changed_.notify_all();
}

void Workers::add(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

std::unique_ptr<TrailRecord> Workers::record() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(waited_, false)) return nullptr;
  if (spare_.empty()) return std::make_unique<TrailRecord>();
  auto record = std::move(spare_.back());
  spare_.pop_back();
  return record;
}

unsigned Workers::waiting() {
  const std::lock_guard lock(mutex_);
  return unsigned(jobs_.size());
}

void Workers::help() {
  std::unique_lock lock(mutex_);
  if (jobs_.empty()) changed_.wait(lock, [&] { return done_ != seen_ || error_; });
  else check(takeJob(!threads_.empty()), lock);  // the others may be about to go on with the oldest
}

std::optional<SegmentResult> Workers::take(uint32_t number) {
  const std::lock_guard lock(mutex_);
  if (error_) std::rethrow_exception(error_);
  seen_ = done_;
  auto found = results_.extract(number);
  results_.erase(results_.begin(), results_.lower_bound(number));
  return found ? std::optional(std::move(found.mapped())) : std::nullopt;
}

SegmentResult Workers::await(uint32_t number) {
  while (true) {
    if (auto result = take(number)) return std::move(*result);
    help();
  }
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    waited_ |= jobs_.empty();
    changed_.wait(lock, [&] { return closed_ || !jobs_.empty(); });
    if (closed_) return;
    check(takeJob(false), lock);
  }
}

Workers::Job Workers::takeJob(bool newest) {
  Job job = std::move(newest ? jobs_.back() : jobs_.front());
  if (newest) jobs_.pop_back();
  else jobs_.pop_front();
  return job;
}

void Workers::check(Job job, std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  const uint32_t first = job.number;
  const CheckpointPtr start = job.start;
  const auto stretch = [&] { return Stretch{job.start.get(), job.ends, job.record.get()}; };
  const auto giveBack = [&] {
    if (job.record) spare_.push_back(std::move(job.record));
  };
  const auto next = [&](uint32_t number) -> std::optional<Stretch> {
    const std::lock_guard locked(mutex_);
    if (jobs_.empty() || jobs_.front().number != number || !jobs_.front().joins || number - first >= shared_.options.join) return std::nullopt;
    giveBack();
    job = takeJob(false);
    return stretch();
  };
  try {
    SegmentResult result = Segment(shared_, shared_.options, stretch(), nullptr).run(cancelled_, next);
    lock.lock();
    for (uint32_t number = first + 1; number < first + result.segments; ++number) {
      SegmentResult joined;
      joined.why = "it was joined with the one before";
      results_.emplace(number, std::move(joined));
    }
    results_.emplace(first, std::move(result));
    ++done_;
    giveBack();
  } catch (...) {
    if (!lock) lock.lock();
    error_ = std::current_exception();
  }
  changed_.notify_all();
}

}  // namespace consis
