// devices_page: prints docs/devices.md, made from the table of ports; with --check FILE it compares instead (status 1 if they differ).
#include <string>

#include "assembler/base/generated_page.h"

namespace {

struct Line {
  bool device;
  unsigned first, count;  // of a port; `first` is the number of a device
  const char *access, *text;
};

constexpr Line kLines[] = {
#define DEVICE(number, space, title) {true, number, 0, "", title},
#define PORT(space, name, first, count, access, text) {false, first, count, access, text},
#include "vm/devices/ports.def"
#undef DEVICE
#undef PORT
};

std::string page() {
  std::string text =
      "# Ports of the devices\n\n"
      "Made by `devices_page` from vm/devices/ports.def; do not edit. How the devices behave: [machine.md](machine.md).\n\n"
      "Device k has 1024 word ports from address 0xFFFF8000 + 4096 k on; port i is the word at 4 i. Ports that are not listed, and\n"
      "those of devices that are not there, read 0 and lose what is written.\n";
  for (const Line& line : kLines) {
    const std::string first = std::to_string(line.first);
    if (line.device) {
      text += std::string("\n## ") + line.text + "\n\nDevice " + first + "\n\n| port | | |\n|---|---|---|\n";
      continue;
    }
    const std::string last = line.count > 1 ? ".." + std::to_string(line.first + line.count - 1) : "";
    text += "| " + first + last + " | " + line.access + " | " + line.text + " |\n";
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) { return base::generatedPage(argc, argv, "devices_page", "vm/devices/ports.def", page()); }
