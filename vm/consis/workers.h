// Threads that check segments, first come, first served; who waits for a result is one of them. Each segment begins with what is not known at
// its checkpoint, or joins the one before.
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
    bool joins = false;  // the segment before, if its thread can go on with it
  };

  // As many as the options say, with the one that makes them.
  Workers(Shared& shared, const Options& options);
  // What is not done yet is given up.
  ~Workers();

  unsigned count() const { return unsigned(threads_.size()) + 1; }
  void add(Job job);
  // For the next job: a record that is not needed any more, or a new one. None if a thread had nothing to do since the last call: then the
  // first pass is to be quick, and the segment lets a machine of its own run.
  std::unique_ptr<TrailRecord> record();
  // How many jobs nobody has begun.
  unsigned waiting();
  // Checks one of them, or if there is none, waits until there is a result that take() has not seen.
  void help();
  // The segment's result, if it is there: with those that it was joined with, or without one if it was joined itself. Those with smaller numbers
  // are forgotten. What a thread has thrown is thrown here.
  std::optional<SegmentResult> take(uint32_t number);
  SegmentResult await(uint32_t number);

 private:
  void work();
  // By this thread; the lock is held before and after.
  void check(Job job, std::unique_lock<std::mutex>& lock);
  Job takeJob(bool newest);

  Shared& shared_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  std::map<uint32_t, SegmentResult> results_;  // of joined ones too, which are unsettled
  uint64_t done_ = 0, seen_ = 0;               // results, ever
  std::vector<std::unique_ptr<TrailRecord>> spare_;
  std::exception_ptr error_;
  bool closed_ = false;
  bool waited_ = false;  // a thread for a job, since record() was called
  std::atomic<bool> cancelled_ = false;
  std::vector<std::jthread> threads_;  // last, so that they end first
};

}  // namespace consis
