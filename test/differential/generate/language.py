"""Types of the language, how C writes them, and the constants worth trying (shared by generate.py's two dialects)."""
from dataclasses import dataclass, field

# Precedence of C's operators; a higher one binds tighter.
PRIMARY, POSTFIX, UNARY, MUL, ADD, SHIFT, RELATION, EQUAL, AND, XOR, OR, LAND, LOR, CONDITION, ASSIGN, COMMA = range(16, 0, -1)

BINARY = {"*": MUL, "/": MUL, "%": MUL, "+": ADD, "-": ADD, "<<": SHIFT, ">>": SHIFT, "<": RELATION, "<=": RELATION, ">": RELATION,
          ">=": RELATION, "==": EQUAL, "!=": EQUAL, "&": AND, "^": XOR, "|": OR, "&&": LAND, "||": LOR}

# Where immediate fields of DLX, sign bits and carries change sides.
EDGES = sorted({v for k in (0, 1, 2, 4, 7, 8, 15, 16, 26, 30, 31, 32) for v in (2**k - 1, 2**k, 2**k + 1) if v < 2**32})


@dataclass(frozen=True)
class Scalar:
    name: str
    low: int
    high: int


INT = Scalar("int", -2**31, 2**31 - 1)
UNSIGNED = Scalar("unsigned", 0, 2**32 - 1)
CHAR = Scalar("char", -128, 127)
BOOL = Scalar("bool", 0, 1)
UCHAR = Scalar("unsigned char", 0, 255)
SHORT = Scalar("short", -2**15, 2**15 - 1)
USHORT = Scalar("unsigned short", 0, 2**16 - 1)
CORE = (INT, UNSIGNED, CHAR, BOOL)
NARROW = (UCHAR, SHORT, USHORT)


@dataclass(frozen=True)
class Array:
    element: object
    n: int


@dataclass(frozen=True)
class Struct:
    name: str
    fields: tuple = field(compare=False)  # (name, type)


@dataclass(frozen=True)
class Pointer:
    """Never null; p[0..n-1] exist. In the dialect c0 n is 1."""
    target: object
    n: int = 1
    const: bool = False  # nothing is written through it


@dataclass
class Variable:
    name: str
    type: object
    level: int             # 0: lives for ever; else the depth of its block in its function
    writable: bool = True  # also: its address may be taken
    bound: int = 0         # a counter: its value is always in 0..bound-1


@dataclass
class Function:
    name: str
    result: object       # None: void
    parameters: list     # Variable
    pure: bool           # writes nothing but its locals
    fuel: bool           # the first parameter bounds its recursion
    cost: int = 0        # statements of one call, at most
    text: str = ""

    def prototype(self):
        result = declare(self.result, "").rstrip() if self.result else "void"
        return f"{result}{'' if result.endswith('*') else ' '}{self.name}({', '.join(parameter(p) for p in self.parameters)})"


def declare(type_, name):
    """`type_` and `name` as a declaration."""
    if isinstance(type_, Scalar):
        return f"{type_.name} {name}"
    if isinstance(type_, Struct):
        return f"struct {type_.name} {name}"
    if isinstance(type_, Array):
        return declare(type_.element, f"{name}[{type_.n}]")
    inner = f"(*{name})" if isinstance(type_.target, Array) else f"*{name}"
    return ("const " if type_.const else "") + declare(type_.target, inner)


def parameter(variable):
    return declare(variable.type, variable.name)


def scalar(type_):
    return isinstance(type_, Scalar)


def literal(random, type_):
    """(text, precedence) of a constant of this type: one of the edges every third time."""
    if type_ is BOOL:
        return random.choice(("true", "false")), PRIMARY
    if type_ is CHAR:
        if random.random() < 0.3:
            return f"(char){random.choice((-128, -1, 127, 128, 255, 0))}", UNARY
        return random.choice(("'a'", "'Z'", "'0'", "'\\n'", "'~'", "' '", "'\\\\'")), PRIMARY
    value = random.choice(EDGES) if random.random() < 0.34 else random.randrange(-100, 101) if random.random() < 0.8 else random.getrandbits(32)
    if type_ is UNSIGNED:
        value %= 2**32
        return (f"0x{value:X}u" if random.random() < 0.3 else f"{value}u"), PRIMARY
    if random.random() < 0.2:
        value = -value
    value = (value + 2**31) % 2**32 - 2**31
    if value == -2**31:
        return "(-2147483647 - 1)", PRIMARY
    if value < 0:
        return f"-{-value}", UNARY
    return (hex(value) if random.random() < 0.2 else str(value)), PRIMARY
