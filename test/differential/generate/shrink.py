#!/usr/bin/env python3
"""Shrinks a C0X program while a property holds: statements, blocks, functions and declarations are dropped, blocks and operands
take the place of what contains them. The property must itself refuse what is not a well-defined program.

    shrink.py prog.c0 -- command..    # the command succeeds on its last argument, a file, while the property holds
"""
import os
import re
import subprocess
import sys
import tempfile

OPEN, CLOSE = "([{", ")]}"
TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|\#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\w+|<<=|>>=|->|\+\+|--|<<|>>|[-+*/%&|^<>=!]=|&&|\|\||\S""", re.S)


def tokens(text):
    return [t for t in TOKEN.findall(text) if not t.startswith(("//", "/*"))]


def render(items):
    """Tokens as text again, a statement on each line."""
    lines, line, indent, depth = [], "", 0, 0
    for token in items:
        if token.startswith("#"):
            lines.append(token)
            continue
        if token == "}":
            if line.strip():
                lines.append("  " * indent + line.strip())
                line = ""
            indent = max(indent - 1, 0)
        depth += (token in OPEN[:2]) - (token in CLOSE[:2])
        line += token + " "
        if token in "{};" and depth == 0:
            lines.append("  " * indent + line.strip())
            line = ""
        if token == "{":
            indent += 1
    if line.strip():
        lines.append(line.strip())
    text = "\n".join(lines) + "\n"
    for pattern, replacement in ((r" (->|\.|;|,|\)|\]|\+\+|--)", r"\1"), (r"(->|\.|\(|\[) ", r"\1"), (r"(\w) \[", r"\1["), (r"\b(?!if|while|for|switch|return)(\w+) \(", r"\1("),
                                 (r"\}\n\s*(;|else|while\b[^;{]*;)", r"} \1")):
        text = re.sub(pattern, replacement, text)
    return text


def matching(items):
    """Index of the bracket that closes each opening one."""
    pairs, stack = {}, []
    for i, token in enumerate(items):
        if token in OPEN and len(token) == 1:
            stack.append(i)
        elif token in CLOSE and len(token) == 1 and stack:
            pairs[stack.pop()] = i
    return pairs


def statements(items):
    """Ranges [begin, end) that end in `;` or a block at their own level: statements, declarations, functions."""
    pairs = matching(items)
    ranges, starts, i = [], [0], 0
    stack = []
    while i < len(items):
        token = items[i]
        if token.startswith("#"):
            starts[-1] = i + 1
        elif token in "([":
            i = pairs.get(i, i)
        elif token == "{":
            stack.append(i)
            starts.append(i + 1)
        elif token == "}":
            starts.pop()
            if not starts:
                return ranges
            stack.pop()
            following = items[i + 1] if i + 1 < len(items) else ""
            if following not in (";", "else", ",", "=") and not (following == "while" and items[starts[-1]] == "do"):
                ranges.append((starts[-1], i + 1))
                starts[-1] = i + 1
        elif token == ";":
            ranges.append((starts[-1], i + 1))
            starts[-1] = i + 1
        elif token == ":" and items[starts[-1]] in ("case", "default"):
            starts[-1] = i + 1
        i += 1
    return ranges


def drop_largest(items, holds):
    """Drops functions, loops, blocks and statements, the longest first: what goes early takes most with it."""
    changed, tried = False, set()
    while True:
        ranges = sorted(statements(items), key=lambda r: r[0] - r[1])
        candidate = next((r for r in ranges if tuple(items[r[0]:r[1]]) not in tried), None)
        if candidate is None:
            return items, changed
        begin, end = candidate
        tried.add(tuple(items[begin:end]))
        if holds(items[:begin] + items[end:]):
            items, changed = items[:begin] + items[end:], True


def drop_statements(items, holds):
    """Drops runs of neighbouring statements, long runs first."""
    changed = False
    size = 16
    while size >= 1:
        ranges = sorted(statements(items), reverse=True)
        i = 0
        while i < len(ranges):
            begin, end = ranges[i]
            run = 1
            while run < size and i + run < len(ranges):
                if ranges[i + run][1] == begin:
                    begin = ranges[i + run][0]
                    run += 1
                elif ranges[i + run][0] >= begin:
                    break
                else:
                    break
            candidate = items[:begin] + items[end:]
            if holds(candidate):
                items, changed = candidate, True
                ranges = sorted((r for r in statements(items) if r[1] <= begin), reverse=True)
                i = 0
            else:
                i += 1
        size //= 4
    return items, changed


def unwrap_blocks(items, holds):
    """`if (c) { s }` and the like become `s`, `{ s }` becomes `s`."""
    changed = False
    position = len(items) - 1
    while position >= 0:
        pairs = matching(items)
        if position < len(items) and items[position] == "{" and position in pairs:
            begin, close = position, pairs[position]
            while begin > 0 and items[begin - 1] not in (";", "{", "}", ":") and not items[begin - 1].startswith("#"):
                begin -= 1
            depth = sum(1 for i in range(begin) if items[i] == "{") - sum(1 for i in range(begin) if items[i] == "}")
            if depth > 0:
                for candidate in (items[:begin] + items[position + 1:close] + items[close + 1:], items[:begin] + items[position:close + 1] + items[close + 1:]):
                    if len(candidate) < len(items) and holds(candidate):
                        items, changed = candidate, True
                        break
        position -= 1
    return items, changed


def simplify_brackets(items, holds):
    """A bracketed part becomes empty, 0, 1, one of its comma-separated parts, or loses its brackets."""
    changed = False
    position = 0
    while position < len(items):
        pairs = matching(items)
        if items[position] in OPEN[:2] and position in pairs:
            close = pairs[position]
            inside = items[position + 1:close]
            options = [items[:position] + items[close + 1:]]
            if inside not in (["0"], ["1"]):
                options += [items[:position + 1] + [v] + items[close:] for v in ("0", "1")] + [items[:position] + ["0"] + items[close + 1:]]
            options += [items[:position] + inside + items[close + 1:]]
            for candidate in options:
                if len(candidate) <= len(items) and candidate != items and holds(candidate):
                    items, changed = candidate, True
                    break
        position += 1
    return items, changed


def drop_tokens(items, holds):
    """Short runs of tokens inside expressions and lists: an operand with its operator, an argument with its comma."""
    changed = False
    for size in (12, 7, 4, 3, 2, 1):
        position = 0
        while position + size <= len(items):
            part = items[position:position + size]
            balanced = all(part.count(o) == part.count(c) for o, c in zip(OPEN, CLOSE))
            if balanced and not any(t in part for t in ("{", ";")) and holds(items[:position] + items[position + size:]):
                items, changed = items[:position] + items[position + size:], True
            else:
                position += 1
    return items, changed


def simplify_literals(items, holds):
    changed = False
    for i, token in enumerate(items):
        if re.fullmatch(r"0[xX]\w+|\d{2,}u?", token):
            for value in ("0", "1", "2"):
                candidate = items[:i] + [value + ("u" if token.endswith("u") else "")] + items[i + 1:]
                if holds(candidate):
                    items, changed = candidate, True
                    break
    return items, changed


def shrink(text, holds, tests=1500):
    """The smallest program found for which `holds(text)` is true, within a number of tests; `text` itself if nothing is."""
    seen, left = {}, [tests]

    def check(items):
        candidate = render(items)
        if candidate not in seen:
            if left[0] <= 0:
                return False
            left[0] -= 1
            seen[candidate] = bool(holds(candidate))
        return seen[candidate]

    items = tokens(text)
    if not check(items):
        return text
    while left[0] > 0:
        changed = False
        for step in (drop_largest, unwrap_blocks, simplify_brackets, drop_statements, drop_tokens, simplify_literals):
            items, one = step(items, check)
            changed = changed or one
        if not changed:
            break
    return render(items)


def main():
    if len(sys.argv) < 4 or sys.argv[2] != "--":
        sys.exit("usage: shrink.py prog.c0 -- command..")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "program.c0")

        def holds(text):
            with open(path, "w") as file:
                file.write(text)
            return subprocess.run([*sys.argv[3:], path], capture_output=True).returncode == 0

        sys.stdout.write(shrink(open(sys.argv[1]).read(), holds))


if __name__ == "__main__":
    main()
