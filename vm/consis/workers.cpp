#include "vm/consis/workers.h"

#include <algorithm>

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
  if (spare_.empty()) return std::make_unique<TrailRecord>();
  auto record = std::move(spare_.back());
  spare_.pop_back();
  return record;
}

std::optional<SegmentResult> Workers::take(uint32_t number, bool wait) {
  std::unique_lock lock(mutex_);
  while (wait && !results_.contains(number) && !error_) {
    if (jobs_.empty()) changed_.wait(lock, [&] { return results_.contains(number) || error_ || !jobs_.empty(); });
    else checkOne(lock);
  }
  if (error_) std::rethrow_exception(error_);
  auto found = results_.extract(number);
  results_.erase(results_.begin(), results_.lower_bound(number));
  return found ? std::optional(std::move(found.mapped())) : std::nullopt;
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return closed_ || !jobs_.empty(); });
    if (closed_) return;
    checkOne(lock);
  }
}

void Workers::checkOne(std::unique_lock<std::mutex>& lock) {
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  lock.unlock();
  try {
    SegmentResult result = Segment(shared_, shared_.options, job.start.get(), nullptr, job.record.get()).run(job.ends, cancelled_);
    lock.lock();
    results_.emplace(job.number, std::move(result));
    if (job.record) spare_.push_back(std::move(job.record));
  } catch (...) {
    if (!lock) lock.lock();
    error_ = std::current_exception();
  }
  changed_.notify_all();
}

}  // namespace consis
