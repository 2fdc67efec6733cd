// {"shard": {"index": 2, "of": 3, "run": .. as in reports .., "segment": 0, "until": 123456, "segments": 40, "results": [
//    {"number": 1, "kind": "reached", "data": [..], "output": "6869"},
//    {"number": 4, "kind": "unsettled", "why": "inconsistent"}, ..]},
//  "sha256": ".."}
//
// `data` has the numbers of the counters, the end, and the link, in the order in which fields() names them, lists with their length before them;
// `sha256` is of the member `shard`, printed without spaces. `until` is left out if there is none.
#include "llvm/ADT/StringExtras.h"
#include "vm/consis/json_members.h"
#include "vm/consis/shard.h"

namespace consis {
namespace {

using llvm::json::Array;
using llvm::json::Object;

constexpr const char* kId = "bad-shard";
constexpr const char* kKinds[] = {"reached", "ended", "unsettled"};

class NumberWriter {
 public:
  template <class T>
  void number(const T& value, uint64_t) {
    numbers.push_back(int64_t(value));
  }
  size_t length(size_t now) { return numbers.push_back(int64_t(now)), now; }

  Array numbers;
};

class NumberReader {
 public:
  explicit NumberReader(std::span<const uint64_t> numbers) : numbers_(numbers) {}
  template <class T>
  void number(T& value, uint64_t most) {
    const uint64_t read = next();
    good_ &= read <= most;
    value = T(good_ ? read : 0);
  }
  size_t length(size_t) {
    const uint64_t read = next();
    good_ &= read <= numbers_.size();
    return good_ ? read : 0;
  }
  bool done() const { return good_ && numbers_.empty(); }

 private:
  uint64_t next() {
    if (numbers_.empty()) return good_ = false, 0;
    const uint64_t first = numbers_.front();
    numbers_ = numbers_.subspan(1);
    return first;
  }

  std::span<const uint64_t> numbers_;
  bool good_ = true;
};

// What a result consists of: one description, for both directions.
template <class Io>
class Fields {
 public:
  explicit Fields(Io& io) : io_(io) {}

  void operator()(Counters& c) {
    all(c.c0Steps, c.instructions, c.values, c.pointers, c.control, c.code, c.undefined, c.dangling, c.outputs, c.inputs,
        c.blocks, c.mirrored, c.window, c.strode);
  }
  void operator()(SegmentResult& r) { all(r.outcome.counters, r.outcome.exitStatus, r.outcome.left, r.link); }
  void operator()(Link& l) {
    all(l.first, l.next, l.c0Steps, l.depth, l.relied, l.reliedPast, l.destinationsBefore, l.destinationsAfter, l.serials,
        l.nextSerial, l.kept, l.exceptions);
  }

 private:
  template <class... T>
  void all(T&... each) {
    ((*this)(each), ...);
  }
  void operator()(uint32_t& n) { io_.number(n, UINT32_MAX); }
  void operator()(uint64_t& n) { io_.number(n, INT64_MAX); }
  void operator()(bool& b) { io_.number(b, 1); }
  void operator()(Part& part) { io_.number(part, uint64_t(Part::Heap)); }
  void operator()(interp::Value::Kind& kind) { io_.number(kind, interp::Value::Pointer); }
  void operator()(Place& p) { all(p.part, p.index); }
  void operator()(PlaceRange& r) { all(r.begin, r.end); }
  void operator()(interp::Value& v) { all(v.kind, v.past, v.bits, v.frame, v.variable); }
  void operator()(interp::SubVariable& s) { all(s.frame, s.variable, s.index, s.type); }
  void operator()(Link::Exception& e) { all(e.place, e.copyOf, e.value); }
  template <class A, class B>
  void operator()(std::pair<A, B>& pair) {
    all(pair.first, pair.second);
  }
  template <class T>
  void operator()(std::optional<T>& value) {
    bool there = value.has_value();
    (*this)(there);
    if (there && !value) value.emplace();
    if (there) (*this)(*value);
  }
  template <class T>
  void operator()(std::vector<T>& list) {
    list.resize(io_.length(list.size()));
    for (T& each : list) (*this)(each);
  }
  template <class K, class V>
  void operator()(std::map<K, V>& map) {
    std::vector<std::pair<K, V>> list(map.begin(), map.end());
    (*this)(list);
    map = {list.begin(), list.end()};
  }

  Io& io_;
};

Object resultObject(uint32_t number, SegmentResult result) {
  Object object{{"number", int64_t(number)}, {"kind", kKinds[result.kind]}};
  if (result.kind == SegmentResult::Unsettled) {
    object["why"] = result.why;
    return object;
  }
  NumberWriter writer;
  Fields{writer}(result);
  object["data"] = std::move(writer.numbers);
  object["output"] = llvm::toHex(result.outcome.output, true);
  return object;
}

SegmentResult readResult(Members& members, uint32_t number) {
  SegmentResult result;
  const std::string kind = members.text("kind");
  for (auto each : {SegmentResult::Reached, SegmentResult::Ended, SegmentResult::Unsettled})
    if (kind == kKinds[each]) result.kind = each;
  if (kind != kKinds[result.kind]) members.wrong(members.path("kind"), "is no kind of result");
  if (result.kind == SegmentResult::Unsettled) {
    result.why = members.text("why");
    return result;
  }
  const std::vector<uint64_t> numbers = members.numbers("data");
  NumberReader reader(numbers);
  Fields{reader}(result);
  const bool follows = result.kind == SegmentResult::Ended || result.link.next == number + 1;
  if (!reader.done() || result.link.first != number || !follows) members.wrong(members.path("data"), "is no link");
  result.outcome.output = members.bytes("output");
  return result;
}

std::string compact(const llvm::json::Value& value) { return llvm::formatv("{0}", value).str(); }
std::span<const uint8_t> bytesOf(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::string shardText(const Shard& shard) {
  const Options& options = shard.record.options;
  Array results;
  for (const auto& [number, result] : shard.results) results.push_back(resultObject(number, result));
  Object object{{"index", int64_t(shard.index)},
                {"of", int64_t(shard.count)},
                {"run", recordJson(shard.record)},
                {"segment", int64_t(std::min<uint64_t>(options.segment, INT64_MAX))},
                {"segments", int64_t(shard.segments)},
                {"results", std::move(results)}};
  if (options.until <= uint64_t(INT64_MAX)) object["until"] = int64_t(options.until);
  const llvm::json::Value value(std::move(object));
  const std::string text = compact(value);
  return "{\"shard\": " + text + ",\n \"sha256\": \"" + hashOf(bytesOf(text)) + "\"}\n";
}

base::Result<Shard> readShard(std::span<const uint8_t> bytes) {
  auto parsed = parseJson(bytes, "a shard of consis", kId);
  if (!parsed) return parsed.error();
  const Object* whole = parsed->getAsObject();
  const llvm::json::Value* object = whole ? whole->get("shard") : nullptr;
  if (!object) return base::Error{"not a shard of consis: it has no member 'shard'", kId, ""};
  if (whole->getString("sha256") != llvm::StringRef(hashOf(bytesOf(compact(*object)))))
    return base::Error{"damaged: its SHA-256 is another", kId, ""};
  Members members(object->getAsObject(), "shard", kId);
  Members run = members.child("run");
  Shard shard;
  shard.record = readRecord(run);
  members.take(run);
  Options& options = shard.record.options;
  options.mode = Mode::Parallel;
  options.segment = members.number("segment");
  if (members.has("until")) options.until = members.number("until");
  shard.index = uint32_t(members.number("index")), shard.count = uint32_t(members.number("of"));
  shard.segments = uint32_t(members.number("segments"));
  if (shard.index < 1 || shard.index > shard.count || shard.count > kMostShards)
    members.wrong(members.path("index"), "is none of its shards");
  if (members.error()) return *members.error();
  for (Members& each : members.children("results")) {
    const uint32_t number = uint32_t(each.number("number"));
    if (number >= shard.segments || number % shard.count + 1 != shard.index)
      each.wrong(each.path("number"), "is no segment of this shard");
    SegmentResult result = readResult(each, number);
    members.take(each);
    shard.results.insert_or_assign(number, std::move(result));
  }
  if (!members.error() && shard.results.size() != (shard.segments + shard.count - shard.index) / shard.count)
    members.wrong(members.path("results"), "lacks some");
  if (members.error()) return *members.error();
  return shard;
}

}  // namespace consis
