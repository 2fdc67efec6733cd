"""A debugger of few words: sends each line of standard input as a packet to a server on a pipe and prints the answers.

remote.py COMMAND..   Lines that begin with # are skipped; console output is printed as `out: ..`.
"""
import subprocess
import sys


class Remote:
    def __init__(self, command):
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def send(self, payload):
        data = payload.encode("latin-1")
        self.server.stdin.write(b"$" + data + b"#%02x" % (sum(data) & 0xFF))
        self.server.stdin.flush()

    def receive(self):
        while True:
            byte = self.server.stdout.read(1)
            if not byte:
                return None
            if byte == b"$":
                break
        data = b""
        while not data.endswith(b"#"):
            data += self.server.stdout.read(1)
        payload, checksum = data[:-1], self.server.stdout.read(2)
        assert int(checksum, 16) == sum(payload) & 0xFF
        self.server.stdin.write(b"+")
        return payload.decode("latin-1")


def main():
    remote = Remote(sys.argv[1:])
    for line in sys.stdin:
        packet = line.rstrip("\n")
        if not packet or packet.startswith("#"):
            continue
        remote.send(packet)
        while True:
            answer = remote.receive()
            if answer is None or not answer.startswith("O") or answer == "OK":
                break
            print("out:", bytes.fromhex(answer[1:]).decode("latin-1").rstrip("\n"))
        print(packet, "->", answer if answer is not None else "(closed)")
    remote.server.stdin.close()
    print("status", remote.server.wait())


main()
