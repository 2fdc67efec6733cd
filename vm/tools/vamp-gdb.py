# Loaded by vamp-gdb into gdb (13 or later), which takes VAMP for a PowerPC: instructions are shown as VAMP's. The text is the
# emulator's, so that there is one table of instructions.
import gdb
import gdb.disassembler


class Disassembler(gdb.disassembler.Disassembler):
    def __init__(self):
        super().__init__("vamp")
        self.texts = {}

    def text(self, word):
        connection = gdb.selected_inferior().connection
        if not isinstance(connection, gdb.RemoteTargetConnection):
            return None
        if word not in self.texts:
            answer = connection.send_packet("qVampDisassemble:%x" % word)
            self.texts[word] = bytes.fromhex(answer.decode("ascii")).decode("ascii").split("\t")
        return self.texts[word]

    def __call__(self, info):
        word = int.from_bytes(info.read_memory(4), "little")
        parts = self.text(word)
        if parts is None:
            return gdb.disassembler.DisassemblerResult(4, ".word 0x%08x" % word)
        text = parts[0].replace(" ", "\t", 1)
        if len(parts) == 2:  # a jump's distance
            text += "\t# " + gdb.format_address((info.address + int(parts[1])) & 0xFFFFFFFF)
        return gdb.disassembler.DisassemblerResult(4, text)


gdb.disassembler.register_disassembler(Disassembler())
