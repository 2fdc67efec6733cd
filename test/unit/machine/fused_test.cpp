// Every sequence that has a handler of its own (fused.def): with random operands, with and without the links that it asks for, it does what the
// reference does with its instructions, at full speed and in a trail.
#include <random>

#include "test/unit/machine/engine_test.h"

namespace machine {
namespace {

using isa::Op;

enum class Link { Any, First, Second };
enum class Jump { None, Near, Far };
constexpr Op Nop = Op::Illegal;  // none of the sequences has an illegal instruction

struct Row {
  const char* name;
  Jump jump;
  std::vector<Op> ops;
  std::vector<Link> links = {};
};

std::vector<Row> rows() {
  using enum Op;
  using enum Link;
  return {
#define PAIR(a, link, b) {#a #link #b, Jump::None, {a, b}, {link}},
#define TRIPLE(a, link, b, then, c) {#a #link #b #then #c, Jump::None, {a, b, c}, {link, then}},
#define QUAD(a, link, b, then, c, later, d) {#a #link #b #then #c #later #d, Jump::None, {a, b, c, d}, {link, then, later}},
#define NEAR_2(branch, slot) {#branch #slot, Jump::Near, {branch, slot}},
#define NEAR_3(a, branch, slot) {#a #branch #slot, Jump::Near, {a, branch, slot}},
#define NEAR_4(a, b, branch, slot) {#a #b #branch #slot, Jump::Near, {a, b, branch, slot}},
#define FAR_2(jump, slot) {"Far" #jump #slot, Jump::Far, {jump, slot}},
#include "vm/machine/fused.def"
  };
}

// Where stores go, in order.
class Stores : public Observer {
 public:
  bool onStep(const State&, const Event& event) override {
    if (event.stored) list.push_back({Trail::placeOf(event.address, event.size), event.value});
    return true;
  }
  std::vector<Trail::Store> list;
};

constexpr uint32_t kBegin = 0x3800, kData = 0x8000, kNear = 0x1F00, kFar = 0x3000;
constexpr uint64_t kFirst = 4;  // instructions before the sequence
constexpr uint64_t kSteps = kPageSize / 4 + 100;  // with so many to go the executor begins at full speed

class Sequences : public testing::Test {
 protected:
  uint32_t below(uint32_t limit) { return uint32_t(random_() % limit); }
  bool chance(unsigned percent) { return below(100) < percent; }
  unsigned anyRegister() { return chance(10) ? 0 : 1 + below(15); }

  // r1..r7 are small numbers, r8..r15 mostly addresses of data, and so is what lies there.
  uint32_t address() { return chance(4) ? uint32_t(random_()) : kData + below(256) * (chance(97) ? 4 : 1); }

  isa::Instruction instruction(Op op) {
    isa::Instruction in;
    in.op = op;
    const bool memory = isa::isLoad(op) || isa::isStore(op);
    in.rd = uint8_t(anyRegister()), in.rs1 = uint8_t(memory ? 8 + below(8) : anyRegister()), in.rs2 = uint8_t(8 + below(8));
    in.sa = uint8_t(below(4));
    in.imm = memory ? int32_t(below(8) * 4) : op == Op::Lhgi ? 0 : int32_t(below(16)) - 4;
    return in;
  }

  // The row at `place`, which ends at a trap. Its links are there unless they are to be others.
  std::vector<uint32_t> make(const Row& row, uint32_t place) {
    std::vector<isa::Instruction> code;
    for (const Op op : row.ops) code.push_back(instruction(op == Nop ? Op::Addi : op));
    const bool linked = chance(80);
    for (size_t i = 1; i < code.size(); ++i) {
      const Link link = row.links.empty() || !linked ? (chance(50) ? Link::First : Link::Any) : row.links[i - 1];
      isa::Instruction& next = code[i];
      if (code[i - 1].rd == 0 || isa::isStore(code[i - 1].op)) continue;
      if (link == Link::First) next.rs1 = code[i - 1].rd;
      if (link == Link::Second) (isa::isStore(next.op) ? next.rd : next.rs2) = code[i - 1].rd;
    }
    const size_t jump = code.size() - 2;
    if (row.jump != Jump::None) {
      const uint32_t target = row.jump == Jump::Near ? kNear : kFar;
      code[jump].imm = int32_t(target - (place + 4 * uint32_t(jump) + 4));
      if (code[jump].op == Op::Jr || code[jump].op == Op::Jalr) code[jump].rs1 = 16;
    }
    std::vector<uint32_t> words;
    for (size_t i = 0; i < code.size(); ++i) words.push_back(row.ops[i] == Nop ? isa::kNop : isa::encode(code[i]));
    return words;
  }

  void prepare(Machine& machine, const std::vector<uint32_t>& words, uint32_t place) {
    const std::vector<uint32_t> loop = {encode(Op::J, 0, 0, -4), isa::kNop}, end = {encode(Op::Trap, 0, 0, 1)};
    machine.write(0, loop.data(), 8);  // where interrupts go
    for (const uint32_t at : {kNear, kFar, place + 4 * uint32_t(words.size())}) machine.write(at, end.data(), 4);
    // The data's pages are accessed once before, which is slow.
    const std::vector<uint32_t> begin = {encode(Op::Lw, 1, 17, 0), encode(Op::Sw, 1, 17, 0), encode(Op::J, 0, 0, int32_t(place - kBegin - 12)), isa::kNop};
    machine.write(kBegin, begin.data(), uint32_t(4 * begin.size()));
    machine.write(place, words.data(), uint32_t(4 * words.size()));
    machine.write(kData, data_.data(), uint32_t(4 * data_.size()));
  }

  void begin(Machine& machine) {
    machine.state = resetState();
    machine.state.gpr = registers_;
    machine.state.dpc = kBegin, machine.state.pc = kBegin + 4;
  }

  static void expectEqual(const Machine& expected, const Machine& got) {
    EXPECT_EQ(expected.state, got.state);
    EXPECT_TRUE(std::equal(expected.memory().begin(), expected.memory().end(), got.memory().begin()));
  }

  void checkOne(const Row& row) {
    // Near the end of a page some of it is on the next one.
    const uint32_t place = chance(90) ? 0x1100 : 0x2000 - 4 * (1 + below(uint32_t(row.ops.size())));
    for (uint32_t& word : data_) word = chance(70) ? address() : below(16);
    for (unsigned i = 1; i < 32; ++i) registers_[i] = i < 8 ? below(4) * 4 : address();
    registers_[16] = kFar, registers_[17] = kData;
    const std::vector<uint32_t> words = make(row, place);
    std::string text = row.name;
    for (const uint32_t word : words) text += "; " + isa::print(word);
    SCOPED_TRACE(text);

    for (Machine* machine : {&reference, &fast, &followed}) {
      prepare(*machine, words, place);
      begin(*machine);
    }
    EXPECT_EQ(fast.run(kSteps), Stop::Limit);

    Watch watch;
    watch.add(kBegin), watch.add(place);
    if (chance(30)) watch.add(place + 4 * below(uint32_t(words.size())));
    followed.setWatch(&watch);
    Trail trail;
    ASSERT_TRUE(followed.follow(trail, kNever));
    followed.settle();
    const uint64_t end = followed.state.steps;
    ASSERT_LE(end, kFirst + row.ops.size());

    Stores stores;
    reference.setObserver(&stores);
    std::vector<uint32_t> arrivals;
    for (uint64_t step = 0; step < kSteps; ++step) {
      if (watch.at(reference.state.dpc) && reference.state.pc == reference.state.dpc + 4) arrivals.push_back(reference.state.dpc);
      if (step == end) {
        expectEqual(reference, followed);
        const Trail::Part part = trail.part(0);
        for (size_t i = 0; i < stores.list.size(); ++i) {
          EXPECT_EQ(part.stores[i].place, stores.list[i].place);
          EXPECT_EQ(part.stores[i].value, stores.list[i].value);
        }
        ASSERT_EQ(part.arrivals.size(), arrivals.size());
        for (size_t i = 0; i < arrivals.size(); ++i) EXPECT_EQ(part.arrivals[i].dpc(), arrivals[i]);
      }
      reference.step();
    }
    expectEqual(reference, fast);
    followed.setWatch(nullptr);
    reference.setObserver(nullptr);

    // Once more, with one of them another.
    const uint32_t other = encode(Op::Xori, anyRegister(), anyRegister(), 4), at = place + 4 * below(uint32_t(words.size()));
    for (Machine* machine : {&reference, &fast, &followed}) {
      machine->write(at, &other, 4);
      begin(*machine);
    }
    SCOPED_TRACE(isa::print(other) + " at " + std::to_string((at - place) / 4));
    for (uint64_t step = 0; step < kSteps; ++step) reference.step();
    for (Machine* machine : {&fast, &followed}) {
      EXPECT_EQ(machine->run(kSteps), Stop::Limit);
      expectEqual(reference, *machine);
    }
    stored_ += stores.list.size() > 1, ended_ += end == kFirst + row.ops.size();
  }

  std::mt19937 random_{1};
  std::array<uint32_t, 256 + 16> data_{};
  std::array<uint32_t, 32> registers_{};
  Machine reference{kMemoryBytes, nullptr}, fast{kMemoryBytes, nullptr}, followed{kMemoryBytes, nullptr};
  size_t stored_ = 0, ended_ = 0;
};

TEST_F(Sequences, DoWhatTheirInstructionsDo) {
  constexpr size_t kEach = 8;
  const std::vector<Row> all = rows();
  for (const Row& row : all)
    for (size_t i = 0; i < kEach && !HasFailure(); ++i) checkOne(row);
  EXPECT_GT(all.size(), 300u);
  EXPECT_GT(ended_, all.size() * kEach * 3 / 4);  // most get to their ends
  EXPECT_GT(stored_, all.size() / 2);
}

}  // namespace
}  // namespace machine
