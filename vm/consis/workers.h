// Threads that make the first pass, one at a time, and check the segments behind it. Who has made the pass of a segment leaves it to a thread that
// has nothing to do and lets the VAMP go on, or checks it, and another one lets the VAMP go on.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "vm/consis/segment.h"

namespace consis {

class Workers {
 public:
  struct Job {
    uint32_t number;      // of the segment; they grow
    CheckpointPtr start;  // null: from reset
    std::vector<Mark> ends;
    std::unique_ptr<TrailRecord> record = {};
  };
  // Makes the first pass of the next segment that is to be checked, if there is one. With `record` it is recorded there; without, it is to be quick,
  // since other threads wait for it. Called by one thread at a time.
  using Source = std::function<std::optional<Job>(TrailRecord* record)>;

  // As many as the options say, with the one that makes them. What `source` refers to must outlive them.
  Workers(Shared& shared, const Options& options, Source source);
  // What is not done yet is given up.
  ~Workers();

  // The next segment in order, with its result; this thread works, too, until it is there. Nothing: there are no more. What a thread has thrown is
  // thrown here.
  std::optional<std::pair<uint32_t, SegmentResult>> next();

 private:
  using Lock = std::unique_lock<std::mutex>;

  // Of a thread; the lock is held before and after. False: there is nothing to do now.
  bool work(Lock& lock);
  void pass(Lock& lock);
  void check(Job job, Lock& lock);
  void wait(Lock& lock);
  // Threads that wait, and for which there is no segment.
  bool idle() const { return waiting_ > ready_.size(); }

  Shared& shared_;
  const Source source_;
  const size_t threadCount_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> ready_;       // to be checked
  std::deque<uint32_t> begun_;  // their numbers, until next() has returned them
  std::map<uint32_t, SegmentResult> results_;
  std::vector<std::unique_ptr<TrailRecord>> spare_;
  size_t waiting_ = 0;
  bool passing_ = false;    // a thread makes the first pass
  bool exhausted_ = false;  // which has come to its end
  bool wasIdle_ = false;    // a thread, when the last pass began
  std::exception_ptr error_;
  std::atomic<bool> cancelled_ = false;
  std::vector<std::jthread> threads_;  // last, so that they end first
};

}  // namespace consis
