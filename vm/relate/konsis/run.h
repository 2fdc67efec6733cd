// A whole run of konsis: the subject from its files, the three machines, the outcome.
#pragma once

#include "vm/consis/history.h"
#include "vm/relate/konsis/check.h"

namespace konsis {

// What is read from the files; keeps what Subject refers to.
class Loaded {
 public:
  // Errors: those of consis::Image::load, core::readKernelUnits, core::linkAbstractKernel, cvmimage::read; [no-kernel-data].
  static base::Result<std::unique_ptr<Loaded>> load(std::span<const uint8_t> elf, std::vector<uint8_t> disk, std::vector<uint8_t> secondDisk);
  Subject subject() const { return {image_, kernel_, data_, header_, disk_, secondDisk_}; }

 private:
  explicit Loaded(consis::Image image) : image_(std::move(image)) {}

  consis::Image image_;
  cvm::Kernel kernel_;
  KernelData data_;
  cvmimage::Header header_;
  std::vector<uint8_t> disk_, secondDisk_;
};

struct Outcome {
  consis::Outcome run;  // of the lockstep, with violations of all relations
  Counters counters;
  std::optional<consis::History> history;  // the last steps of cc, if they are wanted
  bool booted = false;  // else the implementation refused the image, and the exit status is that of its boot
};

// `options.users` and disk are set here; its mode is that of consis, check.full says it for the other relations.
Outcome run(const Subject& subject, consis::Options options, const CheckOptions& check, devices::Console& serial, bool history = false);

// "consistent: 1,234,567 VAMP instructions, .." with a newline.
std::string summary(const Outcome& outcome);
// Every counter, a line each.
std::string statistics(const Outcome& outcome, double seconds);
// The counters as members of a JSON object, by name.
std::vector<std::pair<std::string, uint64_t>> named(const Counters& counters);

}  // namespace konsis
