#include "vm/consis/workers.h"

#include <algorithm>

namespace consis {
namespace {

// For each thread: the VAMP need not be farther ahead of who asks for results.
constexpr size_t kAhead = 4;

}  // namespace

Workers::Workers(Shared& shared, const Options& options, Source source)
    : shared_(shared), source_(std::move(source)), threadCount_(options.jobs ? options.jobs : std::max(std::thread::hardware_concurrency(), 1u)) {
  for (size_t i = 1; i < threadCount_; ++i)
    threads_.emplace_back([this] {
      Lock lock(mutex_);
      while (!cancelled_ && !error_)
        if (!work(lock)) wait(lock);
    });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  changed_.notify_all();
}

std::optional<std::pair<uint32_t, SegmentResult>> Workers::next() {
  Lock lock(mutex_);
  while (true) {
    if (error_) std::rethrow_exception(error_);
    if (begun_.empty() && exhausted_) return std::nullopt;
    if (auto found = begun_.empty() ? decltype(results_)::node_type() : results_.extract(begun_.front())) {
      begun_.pop_front();
      changed_.notify_all();
      return std::pair(found.key(), std::move(found.mapped()));
    }
    if (!work(lock)) wait(lock);
  }
}

void Workers::wait(Lock& lock) {
  ++waiting_;
  changed_.wait(lock);
  --waiting_;
}

bool Workers::work(Lock& lock) {
  try {
    if (!ready_.empty()) {
      Job job = std::move(ready_.front());
      ready_.pop_front();
      check(std::move(job), lock);
    } else if (!passing_ && !exhausted_ && begun_.size() < kAhead * threadCount_) {
      pass(lock);
    } else {
      return false;
    }
  } catch (...) {
    if (!lock) lock.lock();
    error_ = std::current_exception(), passing_ = false, exhausted_ = true;
  }
  changed_.notify_all();
  return true;
}

// Goes on until it has a segment for this thread itself.
void Workers::pass(Lock& lock) {
  passing_ = true;
  while (true) {
    // A thread that is idle for two passes waits for them, and not only for one to begin.
    std::unique_ptr<TrailRecord> record;
    if (const bool before = std::exchange(wasIdle_, idle()); !before || !wasIdle_) {
      if (spare_.empty()) spare_.push_back(std::make_unique<TrailRecord>());
      record = std::move(spare_.back());
      spare_.pop_back();
    }
    lock.unlock();
    std::optional<Job> job = source_(record.get());
    lock.lock();
    passing_ = job && !cancelled_ && idle() && begun_.size() + 1 < kAhead * threadCount_;
    if (!job) return void(exhausted_ = true);
    job->record = std::move(record);
    begun_.push_back(job->number);
    if (!passing_) return changed_.notify_all(), check(std::move(*job), lock);
    ready_.push_back(std::move(*job));
    changed_.notify_all();
  }
}

void Workers::check(Job job, Lock& lock) {
  lock.unlock();
  SegmentResult result = Segment(shared_, shared_.options, {job.start.get(), job.ends, job.record.get()}, nullptr).run(cancelled_);
  lock.lock();
  results_.emplace(job.number, std::move(result));
  if (job.record) spare_.push_back(std::move(job.record));
}

}  // namespace consis
