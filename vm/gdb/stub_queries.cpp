// q and Q packets: what the target is, threads, commands.
#include <charconv>

#include "vm/gdb/registers.h"
#include "vm/gdb/stub.h"

namespace gdb {

std::string Stub::query(std::string_view packet) {
  if (take(packet, "qSupported"))
    return "PacketSize=4000;QStartNoAckMode+;qXfer:features:read+;swbreak+;hwbreak+;vContSupported+;ReverseStep+;ReverseContinue+";
  if (take(packet, "qXfer:features:read:target.xml:")) return describeTarget(packet);
  if (packet == "QStartNoAckMode" || packet.starts_with("qSymbol")) return "OK";
  if (packet == "qAttached") return host_.attached ? "1" : "0";
  if (packet == "qC") return "QC" + hexNumber(kProcessor);
  if (packet == "qsThreadInfo") return "l";
  if (packet == "qfThreadInfo") {
    std::string text;
    for (unsigned thread : processes_.threads()) text += (text.empty() ? "m" : ",") + hexNumber(thread);
    return text;
  }
  if (take(packet, "qThreadExtraInfo,")) {
    const auto thread = takeNumber(packet);
    return thread && processes_.exists(unsigned(*thread)) ? toHex(processes_.describe(unsigned(*thread))) : "E02";
  }
  if (take(packet, "qRcmd,")) return command(packet);
  if (take(packet, "qVampDisassemble:")) return disassemble(packet);
  return "";
}

// OFFSET,LENGTH
std::string Stub::describeTarget(std::string_view rest) {
  const auto offset = takeNumber(rest);
  if (!offset || !take(rest, ",")) return "E01";
  const auto length = takeNumber(rest);
  const std::string& text = targetDescription();
  if (!length || *offset > text.size()) return "E01";
  const bool last = *length >= text.size() - *offset;
  return (last ? "l" : "m") + text.substr(*offset, *length);
}

// WORD: the instruction as the assembler writes it; of a branch or jump, a tab and the distance from it to its target. For disassemblers that
// run inside the debugger.
std::string Stub::disassemble(std::string_view rest) {
  const auto word = takeNumber(rest);
  if (!word) return "E01";
  std::string text = isa::print(uint32_t(*word));
  const isa::Instruction in = isa::decode(uint32_t(*word));
  const std::string_view operands = in.op == isa::Op::Illegal ? "" : isa::row(in.op).operands;
  if (operands.ends_with("branch") || operands.ends_with("jump")) text += "\t" + std::to_string(int64_t(in.imm) + 4);
  return toHex(text);
}

std::string Stub::command(std::string_view digits) {
  const auto line = fromHex(digits);
  if (!line) return "E01";
  const uint64_t before = host_.timeline.now();
  std::string text = breakIn(*line);
  if (text.empty() && host_.monitor) text = host_.monitor(*line);
  if (*line == "help") text += "break-in WHERE          where the debugger's breakpoints count: anywhere, kernel, users, or the number of a process\n";
  if (host_.timeline.now() != before) {
    over_ = false, skip_.reset();
    text += "the debugger has not seen this: maintenance flush register-cache\n";
  }
  flushOutput();
  return text.empty() ? "OK" : toHex(text);
}

// Of a command that is another one: nothing.
std::string Stub::breakIn(std::string_view line) {
  if (!take(line, "break-in")) return "";
  while (take(line, " ")) {
  }
  unsigned process = 0;
  auto [rest, problem] = std::from_chars(line.data(), line.data() + line.size(), process);
  const bool number = problem == std::errc() && rest == line.data() + line.size();
  breakProcess_.reset();
  if (line == "anywhere") breakIn_ = BreakIn::Anywhere;
  else if (line == "kernel") breakIn_ = BreakIn::Kernel;
  else if (line == "users") breakIn_ = BreakIn::Users;
  else if (number) breakIn_ = BreakIn::Users, breakProcess_ = process;
  else return "break-in wants anywhere, kernel, users, or the number of a process\n";
  return "breakpoints count: " + std::string(line) + "\n";
}

}  // namespace gdb
