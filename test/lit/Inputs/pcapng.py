"""pcapng.py FILE: a line for each packet, by the blocks' description in draft-ietf-opsawg-pcapng."""
import struct
import sys

with open(sys.argv[1], "rb") as file:
    data = file.read()
at = 0
while at < len(data):
    kind, length = struct.unpack_from("<II", data, at)
    assert length % 4 == 0 and struct.unpack_from("<I", data, at + length - 4)[0] == length, "lengths differ"
    body = data[at + 8:at + length - 4]
    if kind == 0x0A0D0D0A:
        assert struct.unpack_from("<IHHq", body) == (0x1A2B3C4D, 1, 0, -1)
        print("section")
    elif kind == 1:
        print("interface, link type", struct.unpack_from("<H", body)[0])
    elif kind == 6:
        _, high, low, captured, original = struct.unpack_from("<IIIII", body)
        assert captured == original
        options = body[20 + (captured + 3) // 4 * 4:]
        flags = struct.unpack_from("<HHI", options)
        assert flags[:2] == (2, 4)
        print("packet", {1: "in", 2: "out"}[flags[2]], captured, body[20:20 + captured].hex())
    at += length
