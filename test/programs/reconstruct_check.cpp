// reconstruct-check IMAGE.elf < input: runs consis in mode incremental and compares the abstract configuration that
// consis::reconstruct finds in the VAMP alone with the one that the abstract machine has, wherever a checkpoint may be:
// everything must be the same but open values that are undefined, past the end, or point into ended frames. To bound the
// time, not at every place of a long run. Prints what it compared; status 1 at a difference.
#include <cstdio>
#include <cstdlib>

#include "assembler/base/tool.h"
#include "vm/consis/lockstep.h"
#include "vm/consis/reconstruct.h"

namespace {

using consis::Pair;
using consis::Part;
using consis::Place;
using interp::Value;

constexpr uint64_t kBudget = 1'000'000;  // simple values compared

class Comparison : public consis::Checker {
 public:
  explicit Comparison(const consis::Image& image) : image_(image), landmarks_(image), open_(image) {}
  ~Comparison() override { print(); }

  void check(const Pair& pair, consis::Counters&, consis::Violations&) override {
    const uint32_t dpc = pair.concrete.state.dpc;
    const auto head = landmarks_.statement(dpc);
    if (!head || consis::idOf(pair.next) != head || ++places_ % stride_) return;
    if (compared_ / kBudget + 1 > stride_) stride_ *= 3;
    std::vector<consis::Made> heap;
    for (uint32_t h = 0; h < pair.aba.heapCount(); ++h)
      heap.push_back({pair.aba.heapAddress(h), pair.abstract.heapType(h), pair.abstract.heapCount(h)});
    auto found = consis::reconstruct(image_, landmarks_, open_, pair.concrete.state, consis::MemoryView(pair.concrete), heap, nullptr);
    if (!found) return differ(pair, "no configuration");
    frames(pair, *found);
    values(pair, *found);
    ++checked_;
  }

  void print() const {
    std::printf("%llu of %llu places, %llu values, of which open %llu: undefined %llu, past the end %llu, dangling %llu\n",
                checked_, places_, compared_, opened_, undefined_, past_, dangling_);
  }

 private:
  [[noreturn]] void differ(const Pair& pair, const std::string& what) const {
    std::printf("step %llu, %s: %s\n", (unsigned long long)pair.abstract.steps(),
                consis::printPlace(image_, *pair.next).c_str(), what.c_str());
    std::exit(1);
  }

  // In the reconstruction a frame's number is its depth.
  uint32_t renumbered(const Pair& pair, uint32_t frame) const {
    if (frame == interp::kGlobalFrame || frame == interp::kHeapFrame) return frame;
    return pair.aba.depthOf(frame).value_or(interp::kHeapFrame - 1);
  }

  void frames(const Pair& pair, const consis::Reconstruction& found) const {
    const auto& frames = found.configuration.frames;
    if (frames.size() != pair.abstract.rd()) differ(pair, "another depth");
    for (uint32_t d = 1; d <= frames.size(); ++d) {
      if (frames[d - 1].function != pair.abstract.frame(d).function) differ(pair, "another function");
      if (frames[d - 1].at != (d == frames.size() ? pair.abstract.head() : pair.abstract.pendingCall(d + 1)))
        differ(pair, "another program rest");
      auto wanted = pair.abstract.pendingDestination(d);
      const auto& destination = frames[d - 1].destination;
      if (wanted.has_value() != destination.has_value()) differ(pair, "another destination");
      if (wanted && (destination->frame != renumbered(pair, wanted->frame) || destination->variable != wanted->variable ||
                     destination->index != wanted->index || destination->type != wanted->type))
        differ(pair, "another destination: " + pair.abstract.name(*wanted));
      if (found.aba.frameBase(d) != pair.aba.frameBase(d)) differ(pair, "another base");
    }
  }

  void values(const Pair& pair, const consis::Reconstruction& found) {
    const interp::Saved &have = found.configuration, want = pair.abstract.save();
    std::vector<std::pair<Place, Value>> opened;
    open_.each(pair.abstract, [&](Place place, core::TypeId type, const Value& value) {
      const auto& part = place.part == Part::Globals ? have.globals : place.part == Part::Locals ? have.locals : have.heap;
      const Value& guess = part.at(place.index);
      if (guess.kind != Value::Unknown || consis::originOf(guess) != place) differ(pair, "an open value is not unknown");
      openValue(pair, value, consis::suggest(found.aba, guess.bits, type, image_.program()), type);
    });
    for (auto [mine, real] : {std::pair{&have.globals, &want.globals}, {&have.locals, &want.locals}, {&have.heap, &want.heap}}) {
      if (mine->size() != real->size()) differ(pair, "more or fewer values");
      for (size_t i = 0; i < mine->size(); ++i)
        if ((*mine)[i].kind != Value::Unknown && !((*mine)[i] == (*real)[i])) differ(pair, "another number");
      compared_ += mine->size();
    }
  }

  void openValue(const Pair& pair, Value real, const Value& guess, core::TypeId type) {
    ++opened_;
    if (real.kind == Value::Undefined) return void(++undefined_);
    if (real.kind == Value::Pointer) {
      if (real.past) return void(++past_);
      real.frame = renumbered(pair, real.frame);
      if (real.frame == interp::kHeapFrame - 1) return void(++dangling_);
    }
    if (!(real == guess)) differ(pair, "another value of type " + image_.program().types.print(type));
  }

  const consis::Image& image_;
  consis::Landmarks landmarks_;
  consis::OpenValues open_;
  unsigned long long places_ = 0, checked_ = 0, compared_ = 0, stride_ = 1;
  unsigned long long opened_ = 0, undefined_ = 0, past_ = 0, dangling_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto bytes = base::readFile(argv[1]);
  if (!bytes) return base::fail(bytes.error(), argv[1]);
  const auto image = consis::Image::load(*bytes);
  if (!image) return base::fail(image.error(), argv[1]);
  consis::Options options;
  options.input = [] { return std::getchar(); };
  std::vector<std::unique_ptr<consis::Checker>> checkers;
  checkers.push_back(consis::makeIncrementalChecker());
  checkers.push_back(std::make_unique<Comparison>(*image));  // prints when the run is over
  const auto outcome = consis::run(*image, options, std::move(checkers));
  return outcome.verdict == consis::Verdict::Inconsistent ? 1 : 0;
}
