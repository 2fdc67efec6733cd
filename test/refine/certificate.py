#!/usr/bin/env python3
"""Checks a certificate of `refine link` on its own: hashes, symbols, and that every stub is replaced by code over a model that
the chain connects with the user's. Shares nothing with refine but the certificate's format (docs/refine.md).

    certificate.py CERTIFICATE
"""
import hashlib
import json
import struct
import sys

ON = ["AS", "PMAP", "ALE", "PE", "HW"]
OFF = ["ALD", "PD", "HW"]
PLATFORM = {"put_char", "get_char", "exit"}


class Wrong(Exception):
    pass


def demand(holds, text):
    if not holds:
        raise Wrong(text)


def steps(upper, lower):
    """The names of the relations from `upper` down to `lower`."""
    for chain in (ON, OFF):
        if upper in chain and lower in chain:
            first, last = chain.index(upper), chain.index(lower)
            return [f"{a}-{b}" for a, b in zip(chain[first:last], chain[first + 1:last + 1])]
    return []


def defined_symbols(path):
    """Names of the global symbols that an ELF32 file defines."""
    with open(path, "rb") as file:
        data = file.read()
    demand(data[:4] == b"\x7fELF", f"{path} is no ELF file")
    section_offset, = struct.unpack_from("<I", data, 32)
    size, count = struct.unpack_from("<HH", data, 46)
    sections = [struct.unpack_from("<10I", data, section_offset + i * size) for i in range(count)]
    names = set()
    for section in sections:
        if section[1] != 2:  # SHT_SYMTAB
            continue
        strings = sections[section[6]][4]
        for at in range(section[4], section[4] + section[5], 16):
            name, _, _, info, _, index = struct.unpack_from("<IIIBBH", data, at)
            if index and info >> 4 == 1:
                end = data.index(b"\0", strings + name)
                names.add(data[strings + name:end].decode())
    return names


def check_file(entry):
    with open(entry["file"], "rb") as file:
        demand(hashlib.sha256(file.read()).hexdigest() == entry["sha256"], f"{entry['file']} is not the file that was checked")


def check_stub(module, stub, modules):
    what = f"stub {stub['name']} of {module['name']}"
    if stub["kind"] == "runtime":
        return demand(stub["name"] in PLATFORM, f"{what}: the platform has no such primitive")
    by = modules.get(stub["module"])
    demand(by is not None and stub["name"] in by["exports"], f"{what}: module {stub['module']} does not export it")
    demand(stub["over"] == by["model"], f"{what}: module {by['name']} is over {by['model']}, not over {stub['over']}")
    if stub["kind"] == "procedure":
        return demand(by["model"] == module["model"], f"{what}: a procedure of another model")
    if stub["kind"] == "upcall":
        demand(module["model"] == "HW", f"{what}: only HW calls up")
        expected = steps(by["model"], "HW")
    else:
        expected = steps(module["model"], by["model"])
    demand(expected and stub["through"] == expected, f"{what}: {stub['through']} does not lead from model to model")
    if stub["kind"] == "primitive":
        demand(stub.get("p") and stub.get("g"), f"{what}: no specification")
        demand(stub.get("states", 0) > 0 and stub.get("calls", 0) > 0, f"{what}: never held against its code")


def check(certificate):
    demand(certificate["format"] == "refine certificate 1", "unknown format")
    demand(certificate["chain"] == {"on": steps("AS", "HW"), "off": steps("ALD", "HW")}, "the chain is not whole")
    modules = {}
    for module in certificate["modules"]:
        demand(module["name"] not in modules, f"two modules {module['name']}")
        modules[module["name"]] = module
    check_file(certificate["image"])
    image = defined_symbols(certificate["image"]["file"])
    owner = {}
    for module in modules.values():
        check_file(module["object"])
        demand(module["refinement"] == steps(module["model"], "HW"), f"{module['name']} is not refined down to HW")
        symbols = defined_symbols(module["object"]["file"])
        for name in module["exports"]:
            demand(name not in owner, f"{name} is exported by {owner.get(name)} and by {module['name']}")
            owner[name] = module["name"]
            demand(name in symbols and name in image, f"{name} of {module['name']} is not in its object and the image")
    stubs = 0
    for module in modules.values():
        for stub in module["stubs"]:
            check_stub(module, stub, modules)
            stubs += 1
    demand(certificate["run"]["ended"], "the run did not end")
    for relation in (*steps("AS", "HW"), *steps("ALD", "HW"), "AS-HW"):
        demand(certificate["run"]["checks"][relation] > 0, f"{relation} was never checked in the run")
    return len(modules), stubs


def main():
    with open(sys.argv[1]) as file:
        certificate = json.load(file)
    try:
        modules, stubs = check(certificate)
    except (Wrong, KeyError, OSError) as problem:
        sys.exit(f"{sys.argv[1]}: {problem}")
    print(f"{modules} modules, {stubs} stubs replaced")


if __name__ == "__main__":
    main()
