#!/usr/bin/env python3
"""Writes a random program of C0X, or with --std=c0 of strict C0, whose every result is defined in C (gcc -fwrapv) as well.

    generate.py --seed 7 > prog.c0

The same seed gives the same program. At its end a program prints a checksum after each global, so that a wrong one is
named. Types direct what is written, and no guard can fail at run time (as in YARPGen); sizes, constants and shapes lean to
what a code generator for DLX finds hard: edges of immediates, many parameters, deep expressions, big frames, far branches.
"""
import argparse
import random
import sys

import aggregates
import heap
from expressions import Expressions
from language import (CHAR, CORE, INT, NARROW, UNSIGNED, Array, Function, Pointer, Scalar, Struct, Variable, declare, literal, scalar)
from statements import Statements

PRINT = {True: "extern int put_char(char c);\nextern int put_hex(unsigned value);\n", False: "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"}

MIX = {True: """\
unsigned crc;

int mix(unsigned value) {
  crc = (crc << 5u | crc >> 27u) + (value ^ 0x9E3779B9u);
  return 0;
}
""", False: """\
static unsigned crc;

static void mix(unsigned value) { crc = (crc << 5 | crc >> 27) + (value ^ 0x9E3779B9u); }
"""}


class Generator(Expressions, Statements):
    def __init__(self, seed, strict, size):
        self.random = random.Random(f"{seed} {strict} {size}")
        self.strict = strict
        self.size = size
        self.numbers = CORE if strict else CORE + NARROW
        self.serial = 0
        self.globals, self.functions, self.structs, self.enumerators = [], [], [], []
        self.output, self.scopes, self.lines, self.locals = [], [], [], []
        self.function, self.prints = None, 0
        self.fuel_limit = 3
        self.deepest = self.random.choice((3, 4, 4, 5, 7))  # deep ones need more temporaries than there are registers

    def visible(self):
        found, hidden = [], set()
        for scope in (*reversed(self.scopes), self.globals):
            for variable in reversed(scope):
                if variable.name not in hidden:
                    hidden.add(variable.name)
                    if variable.type is not None:
                        found.append(variable)
        return found

    # ---- types and globals -------------------------------------------------------------------------------------------

    def make_structs(self):
        for i in range(self.random.randint(1, 3)):
            fields = []
            for k in range(self.random.randint(1, 6 if self.chance(0.8) else 14)):
                choice = self.random.random()
                if choice < 0.65 or not self.structs and choice > 0.85:
                    type_ = self.random.choice(self.numbers)
                elif choice <= 0.85:
                    type_ = Array(self.random.choice(self.numbers), self.random.choice((2, 3, 4, 8)))
                else:
                    type_ = self.random.choice(self.structs)
                fields.append((f"m{k}", type_))
            self.structs.append(Struct(f"s{i}", tuple(fields)))
            self.output.append(f"struct s{i} {{\n" + "".join(f"  {declare(t, n)};\n" for n, t in fields) + "};\n")
        if not self.strict:
            self.enumerators = [f"kE{i}" for i in range(3)]
            self.first_enumerator = self.random.randint(100, 70000)
            self.output.append(f"enum {{ kE0 = {self.first_enumerator}, kE1, kE2 = -kE1 }};\n")

    def make_globals(self):
        types = [INT, UNSIGNED, *self.structs, Array(INT, 8), Array(Array(INT, 3), 4)]
        for _ in range(self.random.randint(4, 9)):
            element = self.random.choice((*self.numbers, *self.structs))
            n = self.random.choice((1, 2, 4, 5, 8, 16))
            types.append(self.random.choice((self.random.choice(self.numbers), Array(element, n), Array(Array(self.random.choice(self.numbers), n), 3))))
        if self.chance(0.1):
            types.append(Array(INT, 16384))  # what follows is out of a 16-bit offset's reach
        for i, type_ in enumerate(types):
            variable = Variable(f"g{i}", type_, 0)
            text = declare(type_, variable.name)
            if not self.strict:
                variable.writable = i < 4 + len(self.structs) or self.chance(0.9)
                text = ("" if variable.writable else "const ") + text
                if self.chance(0.8) and not (isinstance(type_, Array) and type_.n > 100):
                    text += " = " + self.braces(type_, lambda t: literal(self.random, INT if t is not UNSIGNED else UNSIGNED)[0])
                if self.chance(0.4):
                    text = "static " + text
            self.globals.append(variable)
            self.output.append(text + ";")
        targets = [self.globals[i].type for i in range(2 + len(self.structs))]
        for i in range(self.random.randint(0, 3)):
            wanted = Pointer(self.random.choice(targets), 1)
            variable = Variable(f"gp{i}", wanted, 0)
            self.pointers.append(variable)
            text = declare(wanted, variable.name)
            if not self.strict:
                text += " = " + self.global_pointer(wanted)[0]
            self.output.append(text + ";")
        self.globals += self.pointers
        self.local_types = [*self.structs, Array(self.random.choice(self.numbers), 4), *(Pointer(t, 1) for t in targets)]
        if not self.strict:
            self.local_types += [Pointer(INT, 4), Array(Array(INT, 3), 2), Pointer(UNSIGNED, 1, True), Pointer(CHAR, 3, True),
                                 Pointer(Array(INT, 3), 2), Array(self.random.choice(self.structs), 2)]
        self.output.append("")

    # ---- functions ---------------------------------------------------------------------------------------------------

    def make_function(self, i):
        parameters = []
        fuel = self.chance(0.25)
        if fuel:
            parameters.append(Variable("fuel", INT, 1, writable=False))
        count = self.random.randint(0, 4) if self.chance(0.75) else self.random.randint(5, 12)
        for k in range(count):
            type_ = self.random.choice((*self.numbers, *self.numbers, *self.local_types))
            if isinstance(type_, Array):
                type_ = Pointer(INT, 8) if not self.strict else INT
            parameters.append(Variable(f"a{k}", type_, 1))
        pure = not self.strict and self.chance(0.45)
        if pure:
            for p in parameters:
                if isinstance(p.type, Pointer):
                    p.type = Pointer(p.type.target, p.type.n, True)
        result = self.random.choice((*self.numbers, INT, INT, *self.structs, *([] if self.strict or pure else [None])))
        function = Function(f"f{i}", result, parameters, pure, fuel)
        self.enter(function, 120 if pure else self.random.choice((150, 400)))
        self.recursion = self.random.randint(1, 2) if fuel else 0
        self.self_calls = 0
        self.body_of(function, self.random.randint(2, 5 + self.size // 4))
        if fuel:  # self_calls to the power of fuel
            calls = sum(self.self_calls**k for k in range(self.fuel_limit + 1))
            self.cost *= max(calls, 1)
        function.cost = self.cost
        self.functions.append(function)

    def enter(self, function, limit):
        self.function = function
        self.cost, self.limit, self.weight, self.level, self.indent = 0, limit, 1, 1, 1
        self.loops = self.prints = self.recursion = 0
        self.lines, self.locals, self.scopes = [], [], [list(function.parameters)]

    def body_of(self, function, count):
        start = []
        for k in range(self.random.randint(1, 4)):
            start.append(Variable(f"l{k}", self.random.choice((*self.numbers, *self.local_types)), 1))
        big = self.chance(0.06)
        if big:  # a frame beyond the reach of a 16-bit offset
            self.locals.append(Variable("big", Array(INT, 9000), 1, writable=False))
        for variable in start:
            if self.strict:
                self.locals.append(variable)
                self.initialise(variable)
            else:
                self.line(f"{declare(variable.type, variable.name)} = {self.initialiser(variable.type)};")
            self.scopes[-1].append(variable)
        if big:
            at = self.random.choice((0, 8190, 8999))
            value = self.number(INT, 1)[0]
            self.line(f"big[{at}] = {value};")
            start = [v for v in start if v.type is INT]
            if start:
                self.line(f"{start[0].name} = {start[0].name} ^ big[{at}];")
        if self.chance(0.01):
            self.far_branch()
        self.statements(count, 3)
        if self.recursion:
            self.recurse()
        self.finish(function)
        locals_ = [f"  {declare(v.type, v.name)};" for v in self.locals]
        static = "" if self.strict or function.name == "main" else "static "
        function.text = f"{static}{function.prototype()} {{\n" + "\n".join(locals_ + self.lines) + "\n}\n"

    def finish(self, function):
        if function.name == "main":
            return
        if isinstance(function.result, Struct):
            self.line(f"return {self.structure(function.result, 1)[0]};")
        elif function.result:
            self.line(f"return {self.number(function.result, 3)[0]};")

    def far_branch(self):
        """A conditional whose branches jump over more than 2^15 bytes."""
        found = self.place(lambda t: t is INT or t is UNSIGNED, 0, write=True, simple=True)
        if found:
            with self.block(f"if ({self.condition(2)[0]})"):
                for _ in range(1500):
                    op = self.random.choice(("+", "^", "-"))
                    self.line(f"{found[0]} = {found[0]} {op} {literal(self.random, found[2])[0]};")
            self.charge(750)

    def make_main(self):
        function = Function("main", INT, [], False, False)
        self.enter(function, 400 * self.size)
        if self.strict:
            for variable in self.pointers:
                self.line(f"{variable.name} = {self.global_pointer(variable.type)[0]};")
        if self.heap_functions:
            self.line(f"heap_work({self.random.randint(-50, 50)});")
        if self.aggregates:
            self.line(f"aggregate_work({self.random.randint(0, 99999)}u);")
        for called in self.functions:
            for _ in range(self.random.randint(1, 2)):
                if self.affordable(called):
                    self.charge(called.cost)
                    self.use_call(self.call_of(called, 2)[0], called.result)
                    if not self.strict and self.lines[-1].lstrip().startswith(("int ", "unsigned ", "char ", "bool ", "short ")):
                        self.line(f"mix({self.scopes[-1][-1].name});")
        self.body_of(function, self.random.randint(1, 4))
        # The locals' initialisation comes after the calls above; the checksum last.
        self.lines = []
        text = function.text.rstrip()[:-1]
        self.locals = []
        for variable in self.globals:
            if isinstance(variable.type, Pointer):
                self.hash(f"(*{variable.name})", variable.type.target)
            else:
                self.hash(variable.name, variable.type)
            self.report()
        if self.heap_functions:
            for value in ("list_sum()", "tree_sum(tree)"):
                if self.strict:
                    self.line(f"crc = {value};")
                    self.report()
                else:
                    self.line(f"mix({value});")
            self.report()
        self.line("return (int)(crc & 63u);")
        declarations = "".join(f"  {declare(v.type, v.name)};\n" for v in self.locals)
        head, brace, rest = text.partition("{\n")
        return head + brace + declarations + rest + "\n".join(self.lines) + "\n}\n"

    def report(self):
        if self.strict:
            self.line("put_hex(crc);")
            self.line("put_char('\\n');")
        else:
            self.line('printf("%08x\\n", crc);')

    def hash(self, text, type_):
        """Mixes every simple value of a place into the checksum; of a long array some."""
        if scalar(type_):
            self.line(f"mix((unsigned){text});" if self.strict or self.chance(0.5) else f"mix({text});")
        elif isinstance(type_, Struct):
            for name, field in type_.fields:
                self.hash(f"{text}.{name}", field)
        else:
            name = self.fresh("h")
            step = 1 if type_.n < 100 else 1021
            if self.strict:
                self.locals.append(Variable(name, INT, 1))
                self.line(f"{name} = 0;")
                with self.block(f"while ({name} < {type_.n})"):
                    self.hash(f"{text}[{name}]", type_.element)
                    self.line(f"{name} = {name} + {step};")
            else:
                with self.block(f"for (int {name} = 0; {name} < {type_.n}; {name} += {step})"):
                    self.hash(f"{text}[{name}]", type_.element)

    def program(self):
        self.pointers, self.local_types = [], []
        self.make_structs()
        self.make_globals()
        node, self.heap_functions = heap.text(self.random, self.strict) if self.chance(0.4) else ("", "")
        items, self.aggregates = aggregates.text(self.random) if not self.strict and self.chance(0.4) else ("", "")
        for i in range(self.random.randint(2, 2 + self.size // 2)):
            self.make_function(i)
        main = self.make_main()
        functions = [f.text for f in self.functions]
        prototypes = ""
        if not self.strict and self.chance(0.3):  # callers before callees
            prototypes = "\n".join(f"static {f.prototype()};" for f in self.functions) + "\n"
            self.random.shuffle(functions)
        parts = [PRINT[self.strict], *self.output, node, items, MIX[self.strict], self.heap_functions, self.aggregates, prototypes, *functions, main]
        return "\n".join(part.rstrip("\n") + ("\n" if "(" in part or "}" in part else "") for part in parts if part.strip())


def generate(seed, strict=False, size=8):
    return Generator(seed, strict, size).program()


def main():
    parser = argparse.ArgumentParser(description="Writes a random program.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--std", choices=("c0", "c0x"), default="c0x")
    parser.add_argument("--size", type=int, default=8, help="about half the greatest number of functions (default 8)")
    options = parser.parse_args()
    sys.stdout.write(generate(options.seed, options.std == "c0", options.size))


if __name__ == "__main__":
    main()
