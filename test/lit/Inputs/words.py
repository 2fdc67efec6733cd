"""words.py FILE WORD...: writes the words (hexadecimal) to the file, little endian."""
import struct
import sys

with open(sys.argv[1], "wb") as out:
    for word in sys.argv[2:]:
        out.write(struct.pack("<I", int(word, 16)))
