"""Random statements, their cost bounded: every loop has a counter that only its own step changes, every recursion has fuel."""
from contextlib import contextmanager

from language import (ASSIGN, BOOL, CHAR, INT, LAND, POSTFIX, UNARY, UNSIGNED, Array, Pointer, Scalar, Struct, Variable, declare, literal, scalar)


class Statements:
    """Mixed into Generator beside Expressions."""

    def line(self, text):
        self.lines.append("  " * self.indent + text)

    @contextmanager
    def block(self, head, tail="}", weight=1):
        self.line(head + " {")
        self.scopes.append([])
        self.indent += 1
        self.level += 1
        self.weight *= weight
        start = len(self.lines)
        yield
        if len(self.lines) == start and self.strict:
            self.line(";")
        self.weight //= weight
        self.level -= 1
        self.indent -= 1
        self.scopes.pop()
        self.line(tail)

    def charge(self, cost=1):
        self.cost += cost * self.weight

    def room(self, cost=1):
        return self.cost + cost * self.weight < self.limit

    def affordable(self, function):
        return self.room(function.cost + 5) and self.allowed(function)

    def allowed(self, function):
        return not (self.function and self.function.pure and not function.pure)

    def fresh(self, prefix="v"):
        self.serial += 1
        return f"{prefix}{self.serial}"

    # ---- statements --------------------------------------------------------------------------------------------------

    def statements(self, count, depth):
        for _ in range(count):
            if not self.room():
                return
            self.charge()
            self.statement(depth)

    def statement(self, depth):
        kinds = [(8, self.assign), (2, self.assign_structure), (1, self.assign_pointer), (3, self.call_statement)]
        if depth > 0:
            kinds += [(4, self.if_statement), (3, self.while_loop)]
        if not self.strict:
            kinds += [(3, self.effect_statement), (3, self.declaration), (1, self.print_statement)]
            if depth > 0:
                kinds += [(4, self.for_loop), (2, self.do_loop), (3, self.switch), (1, self.bare_block), (2, self.walk)]
            if self.loops:
                kinds += [(1, self.leave_loop)]
            if self.level > 1 and self.function.name != "main":
                kinds += [(1, self.early_return)]
        self.random.choices([k for _, k in kinds], [w for w, _ in kinds])[0](depth)

    def assign(self, depth):
        found = self.place(scalar, 1, write=True)
        if not found:
            return
        text, _, type_, root = found
        if self.strict or self.chance(0.6):
            self.line(f"{text} = {self.wrap(self.number(type_, self.depth()), ASSIGN)};")
            return
        op = self.random.choice(("+", "-", "*", "&", "|", "^", "<<", ">>", "/", "%"))
        if op in ("<<", ">>"):
            right = self.shift_amount(INT, 2)
        elif op in ("/", "%"):
            right = self.divisor(self.random.choice((INT, UNSIGNED)), 2)
        elif self.chance(0.2) and type_ is not BOOL:
            self.line(self.random.choice((f"{text}++;", f"{text}--;", f"++{text};", f"--{text};")))
            return
        else:
            right = self.loose(self.depth())
        self.line(f"{text} {op}= {self.wrap(right, ASSIGN)};")

    def depth(self):
        return self.random.choice((0, 1, 1, 2, 2, 3, self.deepest))

    def assign_structure(self, depth):
        found = self.place(lambda t: isinstance(t, Struct), 1, write=True)
        if found:
            self.charge(2)
            self.line(f"{found[0]} = {self.structure(found[2], 1)[0]};")

    def assign_pointer(self, depth):
        pointers = [v for v in self.visible() if isinstance(v.type, Pointer) and v.writable and not (self.function.pure and v.level == 0)]
        if pointers:
            variable = self.random.choice(pointers)
            self.line(f"{variable.name} = {self.wrap(self.pointer(variable.type, variable.level), ASSIGN)};")

    def call_statement(self, depth):
        if self.recursion and self.level == 1 and self.weight == 1 and self.chance(0.5):
            return self.recurse()
        call = self.call(lambda f: True, 2)
        if not call:
            return self.assign(depth)
        self.use_call(call[0], call[2].result)

    def use_call(self, text, result):
        if result is None or self.chance(0.15):
            self.line(f"{text};")
            return
        found = self.place(lambda t: t == result, 1, write=True, simple=True)
        if found:
            self.line(f"{found[0]} = {text};")
        elif not self.strict and scalar(result):
            name = self.fresh()
            self.line(f"{declare(result, name)} = {text};")
            self.scopes[-1].append(Variable(name, result, self.level))
        else:
            self.line(f"{text};")

    def recurse(self):
        self.recursion -= 1
        self.self_calls += 1
        fuel = self.function.parameters[0].name
        with self.block(f"if ({fuel} > 0)"):
            text, _ = self.call_of(self.function, 2, fuel=f"{fuel} - 1")
            self.use_call(text, self.function.result)

    def body(self, depth, least=1):
        self.statements(self.random.randint(least, 3), depth - 1)

    def if_statement(self, depth):
        with self.block(f"if ({self.condition(self.depth())[0]})"):
            self.body(depth)
        if self.chance(0.4):
            if not self.strict and self.chance(0.3):
                self.lines[-1] += f" else if ({self.condition(2)[0]}) {{"
                head = self.lines.pop()
            else:
                head = self.lines.pop() + " else {"
            with self.block(head.strip()[:-2]):
                self.body(depth)

    def trips(self):
        """How often a loop may run: less inside others."""
        return self.random.randint(1, 8 if self.weight == 1 else 3)

    def counter(self, bound):
        """A counter of an enclosing function-level declaration (c0), or a name to declare (c0x)."""
        return Variable(self.fresh("i"), INT, self.level, writable=False, bound=bound)

    def while_loop(self, depth):
        n = self.trips()
        if not self.room(6 * n):
            return
        variable = self.counter(n)
        if self.strict:
            self.locals.append(variable)
        else:
            self.line(f"int {variable.name};")
        self.line(f"{variable.name} = {n};")
        extra = f" && {self.wrap(self.truth(BOOL, 2) if self.strict else self.condition(2), LAND + 1)}" if self.chance(0.3) else ""
        self.loops += 1
        with self.block(f"while ({variable.name} > 0{extra})", weight=n):
            self.line(f"{variable.name} = {variable.name} - 1;" if self.strict or self.chance(0.5) else f"{variable.name}--;")
            self.charge(2)
            self.scopes[-1].append(variable)
            self.body(depth)
        self.loops -= 1

    def for_loop(self, depth):
        n = self.trips()
        if not self.room(6 * n):
            return
        variable = self.counter(n)
        name = variable.name
        kind = "unsigned" if self.chance(0.2) else "int"
        head = self.random.choice((f"{kind} {name} = 0; {name} < {n}; {name}++", f"int {name} = {n - 1}; {name} >= 0; --{name}",
                                   f"{kind} {name} = 0; {name} != {n}; {name} += 1", f"short {name} = {n}; {name}-- > 0;"))
        if self.chance(0.2):
            head = head.replace(f"; {name}", f"; {self.wrap(self.condition(1), LAND)} && {name}", 1)
        self.loops += 1
        with self.block(f"for ({head})", weight=n):
            self.charge(2)
            self.scopes[-1].append(variable)
            self.body(depth)
        self.loops -= 1

    def do_loop(self, depth):
        n = self.trips()
        if not self.room(6 * n):
            return
        variable = self.counter(n)
        self.line(f"int {variable.name} = {n};")
        self.loops += 1
        with self.block("do", f"}} while ({variable.name} > 0{f' && {self.wrap(self.condition(1), LAND + 1)}' if self.chance(0.3) else ''});", n):
            self.line(f"{variable.name}--;")
            self.charge(2)
            self.scopes[-1].append(variable)
            self.body(depth)
        self.loops -= 1

    def walk(self, depth):
        """Goes through an array by an element pointer."""
        found = self.place(lambda t: isinstance(t, Array) and not isinstance(t.element, Array), 1, address=not self.function.pure)
        if not found or not self.room(4 * found[2].n):
            return
        text, _, array, root = found
        name = self.fresh("p")
        pointer = Variable(name, Pointer(array.element, 1, const=self.function.pure or not root.writable), self.level + 1, writable=False)
        type_ = declare(pointer.type, "")
        end = self.fresh("q")
        up = self.chance(0.7)
        first, last = (text, f"{text} + {array.n}") if up else (f"{text} + {array.n}", text)
        # The bounds are fixed before the loop: its body may change what an index in `text` reads.
        self.line(f"{type_}{name} = {first}, *{end} = {last};" if not pointer.type.const else f"{type_}{name} = {first}; {type_}{end} = {last};")
        head, before = (f"for (; {name} < {end}; {name}++)", None) if up else (f"while ({name} > {end})", f"{name}--;")
        self.loops += 1
        with self.block(head, weight=array.n):
            if before:
                self.line(before)
            self.charge(3)
            self.scopes[-1].append(pointer)
            if self.chance(0.3) and up:
                accumulator = self.place(lambda t: t in (INT, UNSIGNED), 0, write=True, simple=True)
                if accumulator:
                    self.line(f"{accumulator[0]} += (int)({end} - {name});")
            self.body(1)
        self.loops -= 1

    def switch(self, depth):
        many = self.chance(0.15)
        count = self.random.randint(7, 24) if many else self.random.randint(1, 5)
        mask = self.random.choice((31, 63, 255) if many else (3, 7, 15))
        on = self.binary("&", self.loose(2), (str(mask), POSTFIX))[0] if self.chance(0.8) else self.loose(2)[0]
        labels = self.random.sample(range(mask + 1), min(count, mask + 1))
        if self.chance(0.2):
            labels[0] = self.random.choice(("-1", "2147483647", "'a'", "0x7FFF + 1", *self.enumerators[:1]))
            taken = {"'a'": ord("a"), "kE0": self.first_enumerator}.get(labels[0])
            labels = [label for label in labels if label != taken]
        default = self.random.randrange(count * 2)
        self.line(f"switch ({on}) {{")
        self.indent += 1
        for position, label in enumerate(labels):
            if default == position:
                self.line("default:")
            if many and self.chance(0.7):
                self.line(f"case {label}:")
                continue
            with self.block(f"case {label}:"):
                self.body(depth, 0)
            if self.chance(0.75):
                self.line("break;")
        if default >= len(labels) and self.chance(0.5):
            with self.block("default:"):
                self.body(depth)
        elif self.lines[-1].rstrip().endswith(":"):
            self.line(";")
        self.indent -= 1
        self.line("}")

    def bare_block(self, depth):
        self.line("{")
        lines = len(self.lines)
        with self.block("{"):
            self.body(depth)
        del self.lines[lines]

    def leave_loop(self, depth):
        self.line(f"if ({self.condition(2)[0]}) {self.random.choice(('break', 'continue'))};")

    def early_return(self, depth):
        result = self.function.result
        if result is None:
            self.line(f"if ({self.condition(1)[0]}) return;")
        elif scalar(result):
            self.line(f"if ({self.condition(1)[0]}) return {self.loose(2)[0]};")

    def effect_statement(self, depth):
        found = self.place(lambda t: scalar(t), 0, write=True, simple=True) if self.chance(0.5) else None
        if found and found[3].name == found[0]:
            self.line(f"{found[0]} = {self.wrap(self.effect(2, (found[0],)), ASSIGN)};")
        elif self.chance(0.4):
            with self.block(f"if ({self.effect(2)[0]})"):
                self.body(1)
        else:
            self.line(f"{self.effect(3)[0]};")

    def print_statement(self, depth):
        if self.weight > 4 or self.function.pure or self.prints > 12:
            return
        self.prints += 1
        self.charge(30)
        flags = "".join(c for c in "-0+ #" if self.chance(0.15))
        width = self.random.choice(("", "", "1", "4", "9", "12"))
        precision = self.random.choice(("", "", "", ".0", ".3", ".7"))
        kind = self.random.choice("dduuxxXcs")
        if kind == "s":
            value, precision = '"text"', precision.replace("7", "2")
        elif kind == "c":
            value, precision = f"(int)(32 + ({self.loose(2)[0]}) % 64u)", ""
        else:
            value = self.wrap(self.loose(2), ASSIGN)
        allowed = {"d": "-0+ ", "u": "-0", "x": "-0#", "X": "-0#", "c": "-", "s": "-"}[kind]
        flags = "".join(c for c in flags if c in allowed)
        self.line(f'printf("%{flags}{width}{precision}{kind}\\n", {value});')

    # ---- variables ---------------------------------------------------------------------------------------------------

    def declaration(self, depth):
        """c0x: anywhere, with an initialiser; now and then under a name that hides another."""
        hidden = [v for v in self.visible() if v.level < self.level and v.level > 0]
        name = self.random.choice(hidden).name if hidden and self.chance(0.1) and not any(v.name in {h.name for h in hidden} for v in self.scopes[-1]) else self.fresh()
        type_ = self.random.choice((*self.numbers, INT, UNSIGNED, INT, *self.local_types))
        variable = Variable(name, None, self.level)
        self.scopes[-1].append(variable)  # hides the outer one from its own initialiser
        static = scalar(type_) and self.chance(0.08) and not self.function.pure
        if static:
            self.line(f"static {declare(type_, name)} = {literal(self.random, INT)[0]};")
        elif scalar(type_) and self.chance(0.2):
            self.line(f"{declare(type_, name)};")
            self.line(f"{name} = {self.wrap(self.loose(2), ASSIGN)};")
        else:
            self.line(f"{declare(type_, name)} = {self.initialiser(type_)};")
        variable.type = type_
        if static:
            variable.level = 0

    def initialiser(self, type_):
        if scalar(type_):
            return self.wrap(self.loose(self.depth()), ASSIGN)
        if isinstance(type_, Pointer):
            return self.wrap(self.pointer(type_, self.level), ASSIGN)
        if isinstance(type_, Struct):
            return self.structure(type_, 1)[0] if self.chance(0.5) else self.braces(type_, lambda t: self.wrap(self.loose(1), ASSIGN))
        return self.braces(type_, lambda t: self.wrap(self.loose(1), ASSIGN))

    def braces(self, type_, value):
        """An aggregate initialiser: perhaps designated, perhaps too short, its values from `value`."""
        if not isinstance(type_, (Array, Struct)):
            return value(type_)
        parts = list(type_.fields) if isinstance(type_, Struct) else [(i, type_.element) for i in range(type_.n)]
        parts = parts[:self.random.randint(1, len(parts))] if self.chance(0.3) else parts
        designated = self.chance(0.25)
        if designated:
            self.random.shuffle(parts)
        items = []
        for key, part in parts:
            text = self.braces(part, value)
            if designated:
                text = (f".{key} = " if isinstance(type_, Struct) else f"[{key}] = ") + text
            items.append(text)
        return "{" + ", ".join(items) + "}"

    def initialise(self, variable):
        """c0: assigns every simple value of a local, so that nothing undefined is ever read."""
        type_ = variable.type
        if scalar(type_):
            self.line(f"{variable.name} = {self.wrap(self.number(type_, 1), ASSIGN)};")
        elif isinstance(type_, Pointer):
            self.line(f"{variable.name} = {self.wrap(self.pointer(type_, 0), ASSIGN)};")
        elif isinstance(type_, Struct):
            self.line(f"{variable.name} = {next(v for v in self.globals if v.type == type_).name};")
        else:
            for i in range(type_.n):
                self.line(f"{variable.name}[{i}] = {self.wrap(self.number(type_.element, 1), ASSIGN)};")
