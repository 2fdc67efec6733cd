// Threads that check segments, first come, first served. Each begins with what is not known at its checkpoint.
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
  };

  // As many as the options say.
  Workers(Shared& shared, const Options& options);
  // What is not done yet is given up.
  ~Workers();

  unsigned count() const { return unsigned(threads_.size()); }
  void add(Job job);
  // The segment's result, if it is there or `wait`; those with smaller numbers are forgotten. What a thread has thrown is thrown here.
  std::optional<SegmentResult> take(uint32_t number, bool wait);

 private:
  void work();

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

}  // namespace consis
