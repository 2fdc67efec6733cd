// switch: a chain of ifs, or a binary search when there are many labels. Sections that control falls through form a group,
// in which each section tests whether the value leads to it or to one before it. If there are many labels, and those of a group
// are scattered among those of others, a first search finds the number of the section, and that decides. What leaves a section
// early (a break that is not its last statement) makes the whole a `while (true)` that runs once.
#include <algorithm>
#include <span>

#include "compiler/lower/lowering.h"

namespace lower {

using core::Operator;
using syntax::Stmt;
using syntax::StmtKind;

struct Lowering::Section {
  std::vector<uint32_t> values;
  bool isDefault = false;
  bool ends = false;  // control does not reach the next one
  std::vector<const Stmt*> body;
};

// Labels first .. last without a gap.
struct Lowering::LabelRange {
  uint32_t first, last;
  uint32_t section;
};

struct Lowering::Dispatch {
  struct Group {
    size_t first, last;  // sections first .. last - 1
    std::vector<uint32_t> values;
    bool isDefault = false;
  };
  Value value;
  core::Position at;
  std::vector<Section> sections;
  std::vector<Group> groups;  // the default one last, if there is one

  size_t plain() const { return groups.size() - (!groups.empty() && groups.back().isDefault ? 1 : 0); }
};

namespace {

constexpr size_t kMostInChain = 6;

struct Jumps {
  bool breaks = false, continues = false;  // of the switch at hand; of a loop around it
};

void find(const Stmt* stmt, bool inLoop, bool inSwitch, Jumps& found) {
  if (!stmt) return;
  switch (stmt->kind) {
    case StmtKind::Break: found.breaks |= !inLoop && !inSwitch; return;
    case StmtKind::Continue: found.continues |= !inLoop; return;
    case StmtKind::While:
    case StmtKind::Do:
    case StmtKind::For: return find(stmt->body, true, inSwitch, found);
    case StmtKind::Switch: return find(stmt->body, inLoop, true, found);
    case StmtKind::Block:
      for (const Stmt* at = stmt->body; at; at = at->next) find(at, inLoop, inSwitch, found);
      return;
    default:
      find(stmt->body, inLoop, inSwitch, found);
      find(stmt->otherwise, inLoop, inSwitch, found);
  }
}

bool isLabel(const Stmt* stmt) { return stmt->kind == StmtKind::Case || stmt->kind == StmtKind::Default; }

// A block with labels of the switch around it.
bool containsLabels(const Stmt* stmt) {
  if (stmt->kind != StmtKind::Block) return false;
  for (const Stmt* at = stmt->body; at; at = at->next)
    if (isLabel(at) || containsLabels(at)) return true;
  return false;
}

bool leaves(const Stmt* stmt) {
  switch (stmt->kind) {
    case StmtKind::Return:
    case StmtKind::Break:
    case StmtKind::Continue: return true;
    case StmtKind::If: return stmt->otherwise && leaves(stmt->body) && leaves(stmt->otherwise);
    case StmtKind::Block: {
      const Stmt* last = stmt->body;
      while (last && last->next) last = last->next;
      return last && leaves(last);
    }
    default: return false;
  }
}

}  // namespace

// The labelled runs of the switch's statements; a break at the end of one is left out.
std::vector<Lowering::Section> Lowering::sections(const Stmt* stmt) {
  std::vector<Section> made;
  section(stmt->body, made, true);
  for (Section& each : made) {
    while (!each.body.empty() && each.body.back()->kind == StmtKind::Block) {
      const Stmt* block = each.body.back();
      each.body.pop_back();
      for (const Stmt* at = block->body; at; at = at->next) each.body.push_back(at);
    }
    each.ends = !each.body.empty() && leaves(each.body.back());
    if (each.ends && each.body.back()->kind == StmtKind::Break) each.body.pop_back();
  }
  return made;
}

// Adds the statement; `open`: a block's statements one by one, whether it has labels or not.
void Lowering::section(const Stmt* stmt, std::vector<Section>& made, bool open) {
  if (isLabel(stmt)) {
    if (made.empty() || !made.back().body.empty()) made.emplace_back();
    if (stmt->kind == StmtKind::Default) made.back().isDefault = true;
    else made.back().values.push_back(stmt->expr->number);
    return section(stmt->body, made, false);
  }
  if (containsLabels(stmt) || (open && stmt->kind == StmtKind::Block)) {
    for (const Stmt* at = stmt->body; at; at = at->next) section(at, made, false);
    return;
  }
  if (!made.empty()) made.back().body.push_back(stmt);  // what is before the first label is never reached
}

// first <= value && value <= last
Value Lowering::within(const Dispatch& d, uint32_t first, uint32_t last, bool isNegated) {
  auto test = [&](Operator op, uint32_t bits) {
    return binary(op, TypeTable::kBool, d.value, literal(d.value->type, bits, d.at), d.at);
  };
  if (first == last) return test(isNegated ? Operator::NotEqual : Operator::Equal, first);
  return binary(isNegated ? Operator::LogicalOr : Operator::LogicalAnd, TypeTable::kBool,
                test(isNegated ? Operator::Less : Operator::GreaterEqual, first),
                test(isNegated ? Operator::Greater : Operator::LessEqual, last), d.at);
}

// value == one of them, which are sorted; `negated`: none of them.
Value Lowering::matches(const Dispatch& d, const std::vector<uint32_t>& values, bool isNegated) {
  constexpr unsigned kMostInTree = 100;  // ranges
  unsigned ranges = 0;
  Value result = nullptr;
  for (size_t i = 0; i < values.size();) {
    size_t end = i + 1;
    while (end < values.size() && values[end] == values[end - 1] + 1) ++end;
    Value range = within(d, values[i], values[end - 1], isNegated);
    if (result) range = binary(isNegated ? Operator::LogicalAnd : Operator::LogicalOr, TypeTable::kBool, result, range, d.at);
    result = ++ranges % kMostInTree == 0 ? copy(range) : range;
    i = end;
  }
  return result;
}

// The sections of a group; control is here, so the value leads to one of them.
void Lowering::group(Dispatch& d, size_t first, size_t last) {
  for (size_t i = first; i < last && !ended_; ++i) {
    auto body = [&] {
      for (const Stmt* stmt : d.sections[i].body)
        if (!ended_) statement(stmt);
    };
    if (i + 1 == last) {
      body();
      break;
    }
    // Entered at this section or before: not at a later one.
    std::vector<uint32_t> values;
    bool defaultLater = false;
    for (size_t k = i + 1; k < last; ++k) {
      values.insert(values.end(), d.sections[k].values.begin(), d.sections[k].values.end());
      defaultLater |= d.sections[k].isDefault;
    }
    if (defaultLater) {
      values.clear();
      for (size_t k = first; k <= i; ++k) values.insert(values.end(), d.sections[k].values.begin(), d.sections[k].values.end());
    }
    std::sort(values.begin(), values.end(), [&](uint32_t a, uint32_t b) { return d.value->type == TypeTable::kUnsigned ? a < b : int32_t(a) < int32_t(b); });
    emitIf(matches(d, values, !defaultLater), d.at, body);
  }
}

void Lowering::chain(Dispatch& d, size_t i) {
  if (i == d.groups.size()) return;
  const Dispatch::Group& here = d.groups[i];
  if (here.isDefault) return group(d, here.first, here.last);
  Value test = matches(d, here.values, false);
  emitIf(test, d.at, [&] { group(d, here.first, here.last); }, [&] { chain(d, i + 1); });
}

// Groups first .. last - 1, sorted by their values, which have nothing between them; leaves the loop around it if there is a match.
void Lowering::search(Dispatch& d, size_t first, size_t last) {
  if (last - first == 1) {
    const Dispatch::Group& here = d.groups[first];
    return emitIf(matches(d, here.values, false), d.at, [&] {
      group(d, here.first, here.last);
      if (!ended_) emit(core::StmtKind::Break, d.at);
    });
  }
  size_t middle = first + (last - first) / 2;
  Value less = binary(Operator::Less, TypeTable::kBool, d.value,
                      literal(d.value->type, d.groups[middle].values.front(), d.at), d.at);
  emitIf(less, d.at, [&] { search(d, first, middle); }, [&] { search(d, middle, last); });
}

void Lowering::dispatch(Dispatch& d) {
  size_t plain = d.plain();
  if (plain <= kMostInChain) return chain(d, 0);
  search(d, 0, plain);
  if (!ended_ && plain < d.groups.size()) group(d, d.groups[plain].first, d.groups[plain].last);
}

// number = the section of the range that the value is in
void Lowering::locate(const Dispatch& d, std::span<const LabelRange> ranges, Value number) {
  if (ranges.size() == 1) {
    return emitIf(within(d, ranges[0].first, ranges[0].last, false), d.at, [&] { emitAssign(number, literal(TypeTable::kInt, ranges[0].section, d.at), d.at); });
  }
  size_t middle = ranges.size() / 2;
  Value less = binary(Operator::Less, TypeTable::kBool, d.value, literal(d.value->type, ranges[middle].first, d.at), d.at);
  emitIf(less, d.at, [&] { locate(d, ranges.first(middle), number); }, [&] { locate(d, ranges.subspan(middle), number); });
}

// From now on the section's number is what decides; that of the default section, or one too many, where no label matches.
void Lowering::byNumber(Dispatch& d) {
  bool isUnsigned = d.value->type == TypeTable::kUnsigned;
  auto less = [&](uint32_t a, uint32_t b) { return isUnsigned ? a < b : int32_t(a) < int32_t(b); };
  std::vector<LabelRange> labels, ranges;
  uint32_t none = uint32_t(d.sections.size());
  for (uint32_t i = 0; i < d.sections.size(); ++i) {
    for (uint32_t value : d.sections[i].values) labels.push_back({value, value, i});
    if (d.sections[i].isDefault) none = i;
    d.sections[i].values = {i};
    d.sections[i].isDefault = false;
  }
  std::sort(labels.begin(), labels.end(), [&](const LabelRange& a, const LabelRange& b) { return less(a.first, b.first); });
  for (const LabelRange& each : labels) {
    bool follows = !ranges.empty() && ranges.back().section == each.section && each.first == ranges.back().last + 1;
    if (follows) ranges.back().last = each.last;
    else ranges.push_back(each);
  }
  Value number = temporary(TypeTable::kInt, d.at);
  emitAssign(number, literal(TypeTable::kInt, none, d.at), d.at);
  locate(d, ranges, number);
  d.value = number;
}

// Runs of sections that control falls through; whether the values of each have nothing between them.
bool Lowering::makeGroups(Dispatch& d) {
  bool isUnsigned = d.value->type == TypeTable::kUnsigned;
  auto less = [&](uint32_t a, uint32_t b) { return isUnsigned ? a < b : int32_t(a) < int32_t(b); };
  bool dense = true;
  d.groups.clear();
  for (size_t i = 0; i < d.sections.size();) {
    Dispatch::Group made{.first = i, .last = i, .values = {}, .isDefault = false};
    do {
      Section& each = d.sections[i++];
      made.values.insert(made.values.end(), each.values.begin(), each.values.end());
      made.isDefault |= each.isDefault;
    } while (!d.sections[i - 1].ends && i < d.sections.size());
    made.last = i;
    std::sort(made.values.begin(), made.values.end(), less);
    dense &= made.isDefault || made.values.back() - made.values.front() == made.values.size() - 1;
    d.groups.push_back(std::move(made));
  }
  std::stable_partition(d.groups.begin(), d.groups.end(), [](const auto& each) { return !each.isDefault; });
  if (dense && d.plain() > kMostInChain)
    std::sort(d.groups.begin(), d.groups.begin() + ptrdiff_t(d.plain()),
              [&](const auto& a, const auto& b) { return less(a.values.front(), b.values.front()); });
  return dense;
}

void Lowering::switchStatement(const Stmt* stmt) {
  Dispatch d{.value = nullptr, .at = position(stmt->range.begin), .sections = sections(stmt), .groups = {}};
  Value v = value(stmt->expr);
  if (d.sections.empty()) return;
  Jumps jumps;
  bool single = true;  // no control falls through
  size_t labels = 0;
  for (size_t i = 0; i < d.sections.size(); ++i) {
    for (const Stmt* at : d.sections[i].body) find(at, false, false, jumps);
    single &= d.sections[i].ends || i + 1 == d.sections.size();
    labels += d.sections[i].values.size();
  }
  // Once control is in a section the value is used by what falls through only.
  d.value = v->kind == core::ExprKind::Literal || (v->kind == core::ExprKind::Local && single) ? v : copy(v);
  if (!makeGroups(d) && labels > kMostInChain) {
    byNumber(d);
    makeGroups(d);
  }
  bool many = d.plain() > kMostInChain;
  targets_.push_back({.isLoop = false, .wrapped = many || jumps.breaks});
  Value continues = nullptr;
  if (!targets_.back().wrapped) {
    dispatch(d);
  } else {
    if (jumps.continues) {
      targets_.back().continues = continues = temporary(TypeTable::kBool, d.at);
      emitAssign(continues, literal(TypeTable::kBool, 0, d.at), d.at);
    }
    auto body = [&] {
      dispatch(d);
      if (!ended_) emit(core::StmtKind::Break, d.at);
    };
    emitForever(d.at, body, [] {});
  }
  targets_.pop_back();
  if (continues && !ended_) emitIf(continues, d.at, [&] { jump(false, d.at); });
}

}  // namespace lower
