"""Debuggers on sockets: sockets.py IMAGE ENDLESS, in a folder for sockets. Prints what happens."""
import re
import socket
import subprocess
import sys


class Session:
    def __init__(self, where, image):
        self.vamp = subprocess.Popen(["vamp", "--gdb=" + where, image], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        place = re.search(rb"expected at (\S+)", self.vamp.stderr.readline()).group(1).decode()
        if where == "0":
            host, port = place.split(":")
            self.socket = socket.create_connection((host, int(port)))
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(place)

    def send(self, payload):
        self.socket.sendall(b"$%s#%02x" % (payload, sum(payload) & 0xFF))

    def receive(self):
        data = b""
        while not re.search(rb"#..$", data):
            data += self.socket.recv(1)
        try:
            self.socket.sendall(b"+")
        except BrokenPipeError:  # it has left
            pass
        return re.search(rb"\$(.*)#", data).group(1).decode()

    def end(self):
        self.socket.close()
        output = self.vamp.communicate()[0]
        return "output %s status %d" % (output.decode(), self.vamp.returncode)


for where in ("0", "vamp.socket"):
    session = Session(where, sys.argv[1])
    session.send(b"?")
    print(session.receive())
    session.send(b"D")
    print("detached", session.receive(), session.end())
session = Session("0", sys.argv[1])
print("closed", session.end())
session = Session("0", sys.argv[2])
session.send(b"c")
session.socket.sendall(b"\3")
print("interrupted", session.receive())
session.send(b"k")
print("killed", session.end())
