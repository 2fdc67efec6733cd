"""Random expressions: without effects everywhere, with one effect where C fixes the order.

In the dialect c0 every expression has the type asked for; in c0x only its being a number matters, and C's conversions, which
the compiler must get right, do the rest. Nothing here has undefined behaviour or an open order of evaluation in C (gcc
-fwrapv): divisors are guarded, shifts masked, indices in range; an expression with an effect has no operand that could see it.
"""
from language import (ADD, AND, ASSIGN, BINARY, BOOL, CHAR, COMMA, CONDITION, CORE, EQUAL, INT, LAND, LOR, MUL, POSTFIX, PRIMARY, RELATION, SHIFT,
                      UNARY, UNSIGNED, Array, Pointer, Scalar, Struct, literal, scalar)


class Expressions:
    """Mixed into Generator, which has: random, strict, visible(), functions, function, globals, charge()."""

    def chance(self, probability):
        return self.random.random() < probability

    def wrap(self, expression, precedence):
        text, own = expression
        return f"({text})" if own < precedence or (own < POSTFIX and self.chance(0.05)) else text

    def binary(self, op, left, right):
        """Operators associate to the left; C's most surprising precedences are kept apart by gcc alone."""
        precedence = BINARY[op]
        return f"{self.wrap(left, precedence)} {op} {self.wrap(right, precedence + 1)}", precedence

    def unary(self, op, operand):
        text = self.wrap(operand, UNARY)
        return (f"{op}({text})" if text.startswith(op[0]) else op + text), UNARY

    # ---- places ------------------------------------------------------------------------------------------------------

    def index(self, n, d, fixed=False):
        """An index in 0..n-1."""
        counters = [v for v in self.visible() if 0 < v.bound <= n]
        if counters and not fixed and self.chance(0.6):
            return self.random.choice(counters).name
        if fixed or d <= 0 or self.chance(0.3):
            return str(self.random.choice((0, n - 1, self.random.randrange(n))))
        if n & (n - 1) == 0:
            return self.binary("&", self.number(INT, d - 1), (str(n - 1), PRIMARY))[0]
        remainder = self.binary("%", self.number(UNSIGNED, d - 1) if self.strict else ("(unsigned)" + self.wrap(self.number(INT, d - 1), UNARY), UNARY),
                                (f"{n}u", PRIMARY))
        return f"(int)({remainder[0]})" if self.strict else remainder[0]

    def place(self, wanted, d=1, write=False, address=False, simple=False, level=None):
        """(text, precedence, type, root) of a sub variable whose type satisfies `wanted`, or None.

        write: it may be assigned; address: its address may be taken; simple: no pointers, constant indices; level: it lives at
        least as long as a variable of this level."""
        variables = self.visible()
        for _ in range(12):
            if not variables:
                return None
            variable = self.random.choice(variables)
            found = self.descend(variable, wanted, d, write, address, simple, level)
            if found:
                return found
        return None

    def descend(self, variable, wanted, d, write, address, simple, level):
        text, precedence, type_ = variable.name, PRIMARY, variable.type
        through = False  # a pointer
        pure = self.function is not None and self.function.pure
        if level is not None and variable.level > level:
            return None
        while True:
            if wanted(type_) and not (isinstance(type_, (Struct, Array)) and self.chance(0.2)):
                if write and not through and (not variable.writable or (pure and variable.level == 0)):
                    return None
                if address and not through and (not variable.writable or (self.strict and variable.level > 0)):
                    return None
                return text, precedence, type_, variable
            if isinstance(type_, Array):
                text, precedence, type_ = f"{text}[{self.index(type_.n, d, simple)}]", POSTFIX, type_.element
            elif isinstance(type_, Struct):
                name, type_ = self.random.choice(type_.fields)
                text, precedence = f"{text}.{name}", POSTFIX
            elif isinstance(type_, Pointer) and not simple:
                if (write or address) and (type_.const or pure):
                    return None
                through = True
                if isinstance(type_.target, Struct) and (type_.n == 1 or self.chance(0.3)):
                    name, type_ = self.random.choice(type_.target.fields)
                    text, precedence = f"{text}->{name}", POSTFIX
                elif type_.n == 1:
                    text, precedence, type_ = f"(*{text})", PRIMARY, type_.target
                elif self.chance(0.3):
                    index = self.index(type_.n, d)
                    text, precedence, type_ = f"(*({text} + {index if index.isalnum() else f'({index})'}))", PRIMARY, type_.target
                else:
                    text, precedence, type_ = f"{text}[{self.index(type_.n, d)}]", POSTFIX, type_.target
            else:
                return None

    def pointer(self, wanted, level):
        """An expression of a pointer type for a variable of this level; there is always one if a global has the target's type."""
        target, n, const = wanted.target, wanted.n, wanted.const

        def source(t):
            return isinstance(t, Pointer) and t.target == target and t.n >= n and (const or not t.const)

        def array(t):
            return isinstance(t, Array) and t.element == target and t.n >= n

        if target is CHAR and const and self.chance(0.5):  # longer than n
            return self.random.choice(('"text"', '"a longer string\\n"', '"\\x7f\\0zz"')), PRIMARY
        for _ in range(6):
            if self.chance(0.4):
                found = self.place(source, 0, level=level)
                if found and not (found[3].level == 0 and not isinstance(found[3].type, Pointer) and not found[3].writable):
                    return found[0], found[1]
            elif n == 1 and self.chance(0.5):
                found = self.place(lambda t: t == target, 1, address=True, level=level)
                if found:
                    return f"&{found[0]}", UNARY
            elif not self.strict:
                found = self.place(array, 1, address=not const, level=level)
                if found:
                    text, precedence, type_, _ = found
                    offset = self.random.randrange(type_.n - n + 1)
                    if offset == 0:
                        return text, precedence
                    return self.random.choice(((f"{text} + {offset}", ADD), (f"&{text}[{offset}]", UNARY)))
        return self.global_pointer(wanted)

    def global_pointer(self, wanted):
        if wanted.target is CHAR and wanted.const:
            return '"words"', PRIMARY
        for variable in self.globals:
            if variable.type == wanted.target and wanted.n == 1 and variable.writable:
                return f"&{variable.name}", UNARY
            if isinstance(variable.type, Array) and variable.type.element == wanted.target and variable.type.n >= wanted.n and variable.writable:
                return (f"&{variable.name}[0]", UNARY) if self.strict else (variable.name, PRIMARY)
        raise AssertionError("no global for this pointer")

    # ---- numbers -----------------------------------------------------------------------------------------------------

    def number(self, type_, d):
        """An expression of this type (c0), of any arithmetic type (c0x)."""
        if self.strict:
            return {INT: self.arithmetic, UNSIGNED: self.arithmetic, BOOL: self.truth, CHAR: self.character}[type_](type_, d)
        return self.loose(d)

    def condition(self, d):
        if self.strict:
            return self.truth(BOOL, d)
        return self.loose(d) if self.chance(0.4) else self.relation(d)

    def leaf(self, type_):
        if self.chance(0.3):
            return literal(self.random, type_)
        found = self.place(lambda t: t == type_, 0)
        return found[:2] if found else literal(self.random, type_)

    def arithmetic(self, type_, d):
        """c0: int or unsigned."""
        if d <= 0:
            return self.leaf(type_)
        choice = self.random.randrange(20)
        if choice < 4:
            return self.leaf(type_)
        if choice < 6:
            found = self.place(lambda t: t == type_, d)
            return found[:2] if found else self.leaf(type_)
        if choice < 8:
            return self.unary(self.random.choice("-~"), self.arithmetic(type_, d - 1))
        if choice < 10:
            other = self.random.choice([t for t in CORE if t is not type_])
            return f"({type_.name}){self.wrap(self.number(other, d - 1), UNARY)}", UNARY
        op = self.random.choice(("+", "-", "+", "-", "*", "&", "|", "^", "<<", ">>", "/", "%"))
        left = self.arithmetic(type_, d - 1)
        if op in ("<<", ">>"):
            return self.binary(op, left, self.shift_amount(type_, d))
        if op in ("/", "%"):
            return self.binary(op, left, self.divisor(type_, d))
        return self.binary(op, left, self.arithmetic(type_, d - 1))

    def shift_amount(self, type_, d):
        suffix = "u" if type_ is UNSIGNED else ""
        if self.chance(0.5):
            return f"{self.random.choice((0, 1, 4, 8, 15, 16, 24, 31, self.random.randrange(32)))}{suffix}", PRIMARY
        return self.binary("&", self.number(type_, d - 1), ("31" + suffix, PRIMARY))

    def divisor(self, type_, d):
        """Neither 0 nor -1, and no 1 that gcc could negate: gcc 12 makes a - x / (y + 1) into a + x / ~y, which traps for INT_MIN / -1."""
        suffix = "u" if type_ is UNSIGNED else ""
        if self.chance(0.5):
            value = self.random.choice((1, 2, 3, 4, 7, 8, 10, 16, 100, 255, 256, 1000, 32768, 65536, 2147483647, self.random.randrange(1, 5000)))
            if type_ is INT and value != 1 and self.chance(0.2):
                return f"-{value}", UNARY
            return f"{value}{suffix}", PRIMARY
        mask = self.random.choice((7, 255, 65535))
        return self.binary("+", self.binary("&", self.number(type_, d - 1), (f"{mask}{suffix}", PRIMARY)), (f"2{suffix}", PRIMARY))

    def truth(self, type_, d):
        """c0: bool."""
        if d <= 0:
            return self.leaf(BOOL)
        choice = self.random.randrange(10)
        if choice < 1:
            return self.leaf(BOOL)
        if choice < 2:
            return self.unary("!", self.truth(BOOL, d - 1))
        if choice < 5:
            return self.binary(self.random.choice(("&&", "||")), self.truth(BOOL, d - 1), self.truth(BOOL, d - 1))
        if choice < 6:
            other = self.random.choice((CHAR, BOOL))
            return self.binary(self.random.choice(("==", "!=")), self.number(other, d - 1), self.number(other, d - 1))
        other = self.random.choice((INT, UNSIGNED))
        return self.binary(self.random.choice(("<", "<=", ">", ">=", "==", "!=")), self.number(other, d - 1), self.number(other, d - 1))

    def character(self, type_, d):
        """c0: char."""
        if d <= 0 or self.chance(0.4):
            return self.leaf(CHAR)
        return f"(char){self.wrap(self.number(self.random.choice((INT, UNSIGNED)), d - 1), UNARY)}", UNARY

    def relation(self, d):
        if self.chance(0.1):
            return self.pointer_relation(d)
        if self.chance(0.25):
            return self.binary(self.random.choice(("&&", "||")), self.relation(d - 1), self.relation(d - 1)) if d > 1 else self.loose(d)
        return self.binary(self.random.choice(("<", "<=", ">", ">=", "==", "!=")), self.loose(d - 1), self.loose(d - 1))

    def pointer_relation(self, d):
        # Whether equal string literals are one variable is open in C.
        pointers = [v for v in self.visible() if isinstance(v.type, Pointer) and not (v.type.target is CHAR and v.type.const)]
        if not pointers:
            return self.loose(d - 1)
        p = self.random.choice(pointers)
        others = [q.name for q in pointers if q.type.target == p.type.target] + ["NULL"]
        if self.chance(0.2):
            return f"!{p.name}", UNARY
        return self.binary(self.random.choice(("==", "!=")), (p.name, PRIMARY), (self.random.choice(others), PRIMARY))

    def loose(self, d):
        """c0x: any arithmetic type."""
        choice = self.random.randrange(26)
        if d <= 0 or choice < 5:
            if self.chance(0.3):
                return self.constant()
            found = self.place(scalar, max(d - 1, 0))
            return found[:2] if found else self.constant()
        if choice < 7:
            return self.unary(self.random.choice(("-", "~", "!", "+", "-")), self.loose(d - 1))
        if choice < 9:
            return f"({self.random.choice(self.numbers).name}){self.wrap(self.loose(d - 1), UNARY)}", UNARY
        if choice < 10:
            return self.relation(d)
        if choice < 12:
            return (f"{self.wrap(self.condition(d - 1), LOR)} ? {self.wrap(self.loose(d - 1), CONDITION)} : "
                    f"{self.wrap(self.loose(d - 1), CONDITION)}"), CONDITION
        if choice < 15:
            call = self.call(lambda f: f.pure and isinstance(f.result, Scalar), d)
            if call:
                return call[:2]
        if choice < 16:
            call = self.call(lambda f: f.pure and isinstance(f.result, Struct), d)
            fields = [(n, t) for n, t in call[2].result.fields if scalar(t)] if call else []
            if fields:
                return f"{call[0]}.{self.random.choice(fields)[0]}", POSTFIX
        op = self.random.choice(("+", "-", "+", "-", "*", "&", "|", "^", "<<", ">>", "/", "%", "&&", "||", "=="))
        left = self.loose(d - 1)
        if op in ("<<", ">>"):
            return self.binary(op, left, self.shift_amount(INT, d))
        if op in ("/", "%"):
            return self.binary(op, left, self.divisor(self.random.choice((INT, UNSIGNED)), d))
        return self.binary(op, left, self.loose(d - 1))

    def constant(self):
        counters = [v.name for v in self.visible() if v.bound]
        if counters and self.chance(0.3):
            return self.random.choice(counters), PRIMARY
        if self.enumerators and self.chance(0.1):
            return self.random.choice(self.enumerators), PRIMARY
        if self.chance(0.05):
            return self.random.choice((f"sizeof({self.random.choice(self.numbers).name})", f"sizeof(struct {self.random.choice(self.structs).name})",
                                       f"sizeof {self.random.choice([v for v in self.globals if not isinstance(v.type, Pointer)]).name}")), UNARY
        if self.chance(0.05):
            return f'"mnopqrst"[{self.random.randrange(9)}]', POSTFIX
        return literal(self.random, self.random.choice((INT, INT, UNSIGNED, CHAR, BOOL)))

    # ---- calls -------------------------------------------------------------------------------------------------------

    def call(self, suitable, d, level=None):
        """(text, precedence, function) of a call whose arguments have no effects, or None."""
        functions = [f for f in self.functions if suitable(f) and self.affordable(f)]
        if not functions:
            return None
        function = self.random.choice(functions)
        self.charge(function.cost + 2)
        return self.call_of(function, d) + (function,)

    def call_of(self, function, d, fuel=None):
        arguments = []
        for i, p in enumerate(function.parameters):
            if function.fuel and i == 0:
                arguments.append(fuel or str(self.random.randrange(self.fuel_limit + 1)))
            else:
                arguments.append(self.argument(p.type, d))
        return f"{function.name}({', '.join(arguments)})", POSTFIX

    def argument(self, type_, d):
        if isinstance(type_, Pointer):
            return self.wrap(self.pointer(type_, 10**6), ASSIGN)
        if isinstance(type_, Struct):
            return self.structure(type_, d)[0]
        return self.wrap(self.number(type_, d - 1), ASSIGN)

    def structure(self, type_, d):
        """A value of this struct type: a place or, in c0x, a call."""
        if not self.strict and self.chance(0.3):
            call = self.call(lambda f: f.pure and f.result == type_, d)
            if call:
                return call[:2]
        found = self.place(lambda t: t == type_, 1)
        first = found[0] if found else next(v for v in self.globals if v.type == type_).name
        if not self.strict and self.chance(0.15):
            if self.chance(0.5):
                return f"(struct {type_.name}){self.braces(type_, lambda t: self.wrap(self.loose(1), ASSIGN))}", POSTFIX
            return f"({self.wrap(self.condition(1), LOR)} ? {first} : {next(v for v in self.globals if v.type == type_).name})", PRIMARY
        return first, found[1] if found else PRIMARY

    # ---- effects (c0x) -----------------------------------------------------------------------------------------------

    def inert(self):
        """An operand that no effect can change."""
        return self.constant()

    def effect(self, d, taken=()):
        """(text, precedence) with one effect, or several in an order that C fixes; writes no variable in `taken`."""
        choice = self.random.randrange(12)
        if d > 0 and choice < 3:
            call = self.call(lambda f: isinstance(f.result, Scalar) and (not taken or f.pure) and not (self.function and self.function.pure and not f.pure), d)
            if call:
                return call[:2]
        if d > 0 and choice < 5:
            return self.binary(self.random.choice(("+", "-", "*", "&", "^", "<", "==")), self.effect(d - 1, taken), self.inert())
        if d > 0 and choice < 6:
            return (f"{self.wrap(self.condition(1), LOR)} ? {self.wrap(self.effect(d - 1, taken), CONDITION)} : "
                    f"{self.wrap(self.effect(d - 1, taken), CONDITION)}"), CONDITION
        if d > 0 and choice < 7:
            return self.binary(self.random.choice(("&&", "||")), self.relation(1), self.effect(d - 1, taken))
        if d > 0 and choice < 8:
            first = self.effect(d - 1, taken)
            return f"{self.wrap(first, ASSIGN)}, {self.wrap(self.loose(d - 1), ASSIGN)}", COMMA
        plain = [v for v in self.visible() if scalar(v.type) and v.type is not BOOL and v.writable and v.name not in taken and
                 not (self.function and self.function.pure and v.level == 0)]
        if not plain:
            return self.loose(d)
        variable = self.random.choice(plain)
        if choice < 10:
            step = self.random.choice(("++", "--"))
            return (variable.name + step, POSTFIX) if self.chance(0.5) else (step + variable.name, UNARY)
        if d > 0 and self.chance(0.4):
            inner = self.effect(d - 1, tuple(taken) + (variable.name,))
            return f"{variable.name} = {self.wrap(inner, ASSIGN)}", ASSIGN
        op = self.random.choice(("=", "+=", "-=", "^=", "|="))
        return f"{variable.name} {op} {self.wrap(self.loose(d), ASSIGN)}", ASSIGN
