// Threads that check segments, first come, first served; who waits for a result is one of them. Each segment begins with what is not known at
// its checkpoint.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <thread>

#include "vm/consis/segment.h"

namespace consis {

class Workers {
 public:
  struct Job {
    uint32_t number;
    CheckpointPtr start;  // null: from reset
    std::vector<Mark> ends;
    std::unique_ptr<TrailRecord> record = {};
  };

  // As many as the options say, with the one that makes them.
  Workers(Shared& shared, const Options& options);
  // What is not done yet is given up.
  ~Workers();

  unsigned count() const { return unsigned(threads_.size()) + 1; }
  void add(Job job);
  // One that is not needed any more, or a new one.
  std::unique_ptr<TrailRecord> record();
  // The segment's result, if it is there or `wait`, which checks segments meanwhile; those with smaller numbers are forgotten. What a thread
  // has thrown is thrown here.
  std::optional<SegmentResult> take(uint32_t number, bool wait);

 private:
  void work();
  // The first job, by this thread; the lock is held before and after.
  void checkOne(std::unique_lock<std::mutex>& lock);

  Shared& shared_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::map<uint32_t, SegmentResult> results_;
  std::vector<std::unique_ptr<TrailRecord>> spare_;
  std::exception_ptr error_;
  bool closed_ = false;
  std::atomic<bool> cancelled_ = false;
  std::vector<std::jthread> threads_;  // last, so that they end first
};

}  // namespace consis
