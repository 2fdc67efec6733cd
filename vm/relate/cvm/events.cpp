#include "vm/relate/cvm/events.h"

#include <charconv>
#include <vector>

#include "vm/relate/cvm/specification.h"

namespace cvm {
namespace {

constexpr std::string_view kFirstLine = "cvm-events 1";

struct Shape {
  std::string_view name;
  unsigned numbers;
  uint32_t least, most;  // of the first
};
constexpr Shape kShapes[] = {{"serial", 1, 0, 255}, {"host", 1, 0, 255}, {"line", 1, 1, 7}, {"lost", 2, 1, kProcesses}};

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> found;
  for (size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != line.npos;) {
    const size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    found.push_back(line.substr(at, end - at));
    at = end;
  }
  return found;
}

template <class T>
bool number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<Event> parseEvent(std::string_view line) {
  const std::vector<std::string_view> parts = words(line);
  Event event;
  if (parts.size() < 3 || !number(parts[0], event.time)) return std::nullopt;
  for (size_t kind = 0; kind < std::size(kShapes); ++kind) {
    const Shape& shape = kShapes[kind];
    if (parts[1] != shape.name || parts.size() != 2 + shape.numbers) continue;
    event.kind = Event::Kind(kind);
    if (!number(parts[2], event.a) || event.a < shape.least || event.a > shape.most) return std::nullopt;
    if (shape.numbers == 2 && !number(parts[3], event.b)) return std::nullopt;
    return event;
  }
  return std::nullopt;
}

}  // namespace

base::Result<std::deque<Event>> parseEvents(std::string_view text) {
  std::deque<Event> events;
  auto bad = [](const char* what, unsigned line) { return base::Error{what, "bad-events", "line " + std::to_string(line)}; };
  unsigned line = 0;
  do {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view here = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (++line == 1) {
      if (here != kFirstLine) return bad("no list of events: it does not begin with 'cvm-events 1'", line);
      continue;
    }
    if (words(here).empty()) continue;
    const std::optional<Event> event = parseEvent(here);
    if (!event) return bad("expected TIME serial|host|line|lost and its numbers", line);
    if (!events.empty() && event->time < events.back().time) return bad("earlier than the event before it", line);
    events.push_back(*event);
  } while (!text.empty());
  return events;
}

std::string printEvents(const std::deque<Event>& events) {
  std::string text(kFirstLine);
  text += '\n';
  for (const Event& event : events) {
    const Shape& shape = kShapes[event.kind];
    text += std::to_string(event.time) + ' ' + std::string(shape.name) + ' ' + std::to_string(event.a);
    if (shape.numbers == 2) text += ' ' + std::to_string(event.b);
    text += '\n';
  }
  return text;
}

}  // namespace cvm
