// The table of commands, and those that move.
#include "vm/monitor/monitor.h"

#include <algorithm>
#include <cstdarg>

#include "assembler/base/tool.h"
#include "vm/timeline/snapshot.h"

namespace monitor {

using timeline::Reason;

struct Monitor::Command {
  std::string_view name, alias, arguments, meaning;
  void (Monitor::*handler)(Arguments);
};

const Monitor::Command Monitor::kCommands[] = {
#define COMMAND(handler, name, alias, arguments, meaning) {name, alias, arguments, meaning, &Monitor::handler},
#include "vm/monitor/commands.def"
};

namespace {

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> words;
  for (size_t at = 0; (at = line.find_first_not_of(" \t\r\n", at)) != std::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(" \t\r\n", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

constexpr const char* kInfo[] = {"breakpoints", "disk", "fpr", "irq", "net", "pt", "reg", "spr", "stats", "tlb"};

}  // namespace

Monitor::Monitor(machine::Machine& machine, devices::SystemBus& bus, timeline::Timeline& timeline, Image image, Write write,
                 std::function<std::string(uint32_t)> faultText)
    : machine_(machine), bus_(bus), timeline_(timeline), image_(std::move(image)), write_(std::move(write)), faultText_(std::move(faultText)) {}

void Monitor::say(const char* pattern, ...) {
  va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  std::string text(size_t(std::vsnprintf(nullptr, 0, pattern, arguments)) + 1, '\0');
  std::vsnprintf(text.data(), text.size(), pattern, again);
  va_end(arguments), va_end(again);
  text.pop_back();
  line_ += text;
  if (const size_t end = line_.rfind('\n') + 1; end != 0) {
    write_(std::string_view(line_).substr(0, end));
    line_.erase(0, end);
  }
}

const Monitor::Command* Monitor::find(std::string_view name) {
  const Command* found = nullptr;
  for (const Command& each : kCommands) {
    if (each.name == name || (each.alias == name && !name.empty())) return &each;
    if (!found && each.name.starts_with(name)) found = &each;
  }
  return found;
}

bool Monitor::execute(std::string_view line) {
  std::vector<std::string_view> all = words(line);
  if (all.empty() || all[0].starts_with('#')) return true;
  const Command* command = find(all[0]);
  if (!command) return say("there is no command '%s'; 'help' lists them\n", std::string(all[0]).c_str()), true;
  all.erase(all.begin());
  (this->*command->handler)(all);
  return !quit_;
}

std::vector<std::string> Monitor::complete(std::string_view line) const {
  const size_t begin = line.find_last_of(" \t") + 1;
  const std::string_view word = line.substr(begin);
  std::vector<std::string> candidates, fitting;
  if (words(line.substr(0, begin)).empty())
    for (const Command& each : kCommands) candidates.emplace_back(each.name);
  else {
    candidates = image_.names();
    candidates.insert(candidates.end(), std::begin(kInfo), std::end(kInfo));
  }
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(fitting), [&](const auto& each) { return each.starts_with(word); });
  std::sort(fitting.begin(), fitting.end());
  return fitting;
}

// ---- moving -----------------------------------------------------------------------------------------------------------

void Monitor::went(Reason reason) {
  listed_ = 0;
  if (reason == Reason::Host) {
    if (bus_.host.fault()) say("the program faulted: %s\n", faultText_(*bus_.host.fault()).c_str());
    else say("the program has ended with status %u\n", bus_.host.exitStatus().value_or(0) & 0xFF);
  }
  if (reason == Reason::Start) say("this is the start\n");
  if (reason == Reason::Requested) say("interrupted\n");
  if (const Stop* stop = stopHere(reason))
    say("%s %u, %s%s\n", stop->store ? "watch" : "breakpoint", stop->number, stop->text.c_str(), stop->store ? (": " + storeText()).c_str() : "");
  showPlace();
}

void Monitor::step(Arguments arguments) {
  if (const auto n = count(arguments, 0, 1)) went(timeline_.run(*n));
}

void Monitor::back(Arguments arguments) {
  if (const auto n = count(arguments, 0, 1)) went(timeline_.stepBack(*n));
}

void Monitor::forward(Arguments) { went(timeline_.run()); }
void Monitor::backward(Arguments) { went(timeline_.runBack()); }

void Monitor::goTo(Arguments arguments) {
  if (arguments.empty()) return say("goto wants a number of instructions\n");
  if (const auto n = number(arguments[0])) went(timeline_.goTo(*n));
}

// ---- where to stop ----------------------------------------------------------------------------------------------------

void Monitor::useStops() {
  std::vector<uint32_t> places;
  std::vector<timeline::Range> ranges;
  for (const Stop& stop : stops_)
    if (stop.store) ranges.push_back(stop.at);
    else places.push_back(stop.at.address);
  timeline_.stopAt(std::move(places), std::move(ranges));
}

const Monitor::Stop* Monitor::stopHere(Reason reason) const {
  if (reason != Reason::Break && reason != Reason::Store) return nullptr;
  const timeline::Range& store = timeline_.store();
  const auto found = std::find_if(stops_.begin(), stops_.end(), [&](const Stop& stop) {
    if (stop.store != (reason == Reason::Store)) return false;
    if (!stop.store) return stop.at.address == state().dpc;
    return store.address < stop.at.address + stop.at.size && stop.at.address < store.address + store.size;
  });
  return found == stops_.end() ? nullptr : &*found;
}

void Monitor::breakAt(Arguments arguments) {
  if (arguments.empty()) return say("break wants a place: an address, a symbol, or FILE:LINE\n");
  const auto where = place(arguments[0]);
  if (!where) return;
  if (*where % 4 != 0) return say("0x%x is no multiple of 4\n", *where);
  // The machine stops where PC = DPC + 4.
  if (const auto before = word(*where - 4); before && isa::isControl(isa::decode(*before).op))
    return say("%s is a delay slot: break at the jump before it\n", at(*where).c_str());
  stops_.push_back({next_, false, {*where, 4}, at(*where)});
  say("breakpoint %u, %s\n", next_++, stops_.back().text.c_str());
  useStops();
}

void Monitor::watch(Arguments arguments) {
  const auto where = range(arguments);
  if (!where) return;
  char text[64];
  std::snprintf(text, sizeof text, " (0x%x, %u bytes)", where->address, where->size);
  stops_.push_back({next_, true, *where, std::string(arguments[0]) + text});
  say("watch %u, %s\n", next_++, stops_.back().text.c_str());
  useStops();
}

void Monitor::remove(Arguments arguments) {
  std::optional<uint64_t> which = 0;
  if (!arguments.empty() && !(which = number(arguments[0]))) return;
  const size_t removed = std::erase_if(stops_, [&](const Stop& stop) { return *which == 0 || stop.number == *which; });
  if (*which != 0 && removed == 0) say("there is no breakpoint or watch %llu\n", static_cast<unsigned long long>(*which));
  useStops();
}

// ---- others -----------------------------------------------------------------------------------------------------------

void Monitor::snapshot(Arguments arguments) {
  if (arguments.empty()) return say("snapshot wants a file\n");
  auto bytes = timeline::writeSnapshot(machine_, bus_);
  const base::Status status = bytes ? base::writeFile(std::string(arguments[0]), bytes->data(), bytes->size()) : base::Status(bytes.error());
  if (!status) say("%s\n", status.error().text.c_str());
}

void Monitor::help(Arguments arguments) {
  const Command* only = arguments.empty() ? nullptr : find(arguments[0]);
  for (const Command& each : kCommands) {
    if (only && &each != only) continue;
    const std::string left = std::string(each.name) + (each.arguments.empty() ? "" : " ") + std::string(each.arguments);
    say("  %-30s %-3s %s\n", left.c_str(), std::string(each.alias).c_str(), std::string(each.meaning).c_str());
  }
}

void Monitor::quit(Arguments) { quit_ = true; }

}  // namespace monitor
