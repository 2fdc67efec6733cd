"""The HTML report of consis, opened in headless Chromium: what is wrong is on the page, in both states, in the source, in the
pictures of the heap; the slider shows earlier steps; nothing of the program becomes markup.

    check_report.py --tools build/release/bin [--only TEXT]

Without a browser the test is skipped (status 77)."""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser  # noqa: E402

LIST = """struct node { int value; struct node *next; };
struct node *head;
int sum;
struct node *push(int value) {
  struct node *n;
  n = new(struct node);
  n->value = value;
  n->next = head;
  head = n;
  return n;
}
int main() {
  struct node *second;
  second = push(1);
  second = push(4);
  second = push(9);
  second = head->next;
  sum = head->value + second->value;
  return sum;
}
"""
# Nothing of it may become markup.
HOSTILE = """int main() {
  char *s;
  int x;
  s = "</script><img src=x onerror=document.title=1>&lt;"; /* </pre> <!-- */
  x = 1 < 2 && 3 > 2;
  x = 7 / (x - x);
  return x;
}
"""
MANY = """struct node { int value; struct node *next; };
struct node *head;
int main() {
  struct node *n;
  int i;
  i = 0;
  while (i < 5000) {
    n = new(struct node);
    n->value = i;
    n->next = head;
    head = n;
    i = i + 1;
  }
  head->value = 77;
  return 0;
}
"""


class Suite:
    def __init__(self, tools, folder, program):
        self.tools, self.folder, self.browser = tools, folder, program

    def execute(self, status, tool, *arguments):
        done = subprocess.run([os.path.join(self.tools, tool), *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert done.returncode == status, f"{tool} {arguments}: {done.returncode}, {done.stderr.decode()}"
        return done.stdout.decode()

    def report(self, source, status, *options, compiler=("c0c", "-std=c0")):
        """The report on a program for which consis ends with this status."""
        with open(os.path.join(self.folder, "prog.c0"), "w") as file:
            file.write(source)
        self.execute(0, *compiler, "prog.c0", "-o", "prog.elf")
        self.execute(status, "consis", "--checked", "--html=report.html", *options, "prog.elf")
        return os.path.join(self.folder, "report.html")

    def open(self, path, fragment=""):
        return browser.document(self.browser, path, fragment)

    def symbol(self, name):
        return int(re.search(rf"([0-9a-f]{{8}}).*\b{name}$", self.execute(0, "vdump", "--symbols", "prog.elf"), re.MULTILINE)[1], 16)


def equal(found, expected):
    assert found == expected, f"{found!r} instead of {expected!r}"


def row(page, identity):
    """Name and type, C0 machine, VAMP: a row of the table of states."""
    return tuple(cell.text() for cell in page.one("tr", data_id=identity).all("td")[:3])


def marks(page, identity):
    return [mark.text() for mark in page.one("tr", data_id=identity).all("mark")]


def source(page):
    """Number and text of the line of the step that is shown, and the column of the caret."""
    line, below = page.all("span", "l", "now")
    return int(line.children[0].text()), line.children[1], len(below.children[1]) + 1


def instructions(page):
    return [each.text() for each in page.one("div", "part").all("span", "l") if "owner" not in each.classes]


def differing_pointer(suite):
    """Both states, the source line, the picture: the third node's pointer leads to the first on the machine, to the second here."""
    suite.report(LIST, 0)
    heap = suite.symbol("__heap_start")
    path = suite.report(LIST, 1, f"--corrupt=18:mem={heap + 20},value={heap}")
    page = suite.open(path)
    equal(page.one("span", "verdict").text(), "inconsistent")
    equal(page.one("h1").text(), "heap#2.next is &heap#1 in the abstract machine and &heap#0 in the VAMP")
    equal(row(page, "h2"), ("heap#2struct node", "{value = 9, next = &heap#1}", "{value = 9, next = &heap#0}"))
    equal(marks(page, "h2"), ["&heap#1", "&heap#0"])
    equal([each.text() for each in page.all("mark")], ["&heap#1", "&heap#0"])
    equal(source(page), (10, "  return n;", 3))
    equal(page.one("button", "current").text(), "18")
    pictures = page.all("svg")
    equal(len(pictures), 2)
    for picture in pictures:
        equal([each.attributes["data-id"] for each in picture.all("g", "node")], ["h2", "h1", "h0"])
        equal([each.attributes["data-id"] for each in picture.all("g", "differing")], ["h2"])
        equal(len(picture.all("path", "edge", "differs")), 1)
    assert pictures[0].one("path", "differs").attributes["d"] != pictures[1].one("path", "differs").attributes["d"]
    before = suite.open(path, "step=17")
    equal(before.all("mark"), [])
    equal(source(before)[:2], (9, "  head = n;"))
    equal(row(before, "f4.1"), ("nstruct node *", "&heap#2", "&heap#2"))
    assert "changed" in before.one("tr", data_id="g0").classes


def guilty_instruction(suite):
    """The compiler takes a wrong offset: the store of n->next goes to n->value."""
    path = suite.report(LIST, 1, compiler=("c0c-mutant", "-std=c0", "--mutate=field-offset"))
    page = suite.open(path)
    equal(row(page, "h0")[1:], ("{value = 1, next = null}", "{value = 0, next = null}"))
    equal(marks(page, "h0"), ["1", "0"])
    equal(source(page), (8, "  n->next = head;", 3))
    equal([each.text().split()[2:4] for each in page.all("span", "l", "guilty")], [["sw", "r3,0(r2)"]])
    assert page.one("p", "writer").text().startswith("Last written by 0x"), page.one("p", "writer").text()
    equal(len(instructions(page)), 4)
    equal(page.all("p", "core")[0].text(), "executed: n->next = head; at line 8 in push")


def hostile_source(suite):
    """A fault; and nothing in the program becomes markup."""
    page = suite.open(suite.report(HOSTILE, 4, compiler=("c0c", "-std=c0x")))
    equal(page.one("span", "verdict").text(), "no-semantics")
    equal(page.one("h1").text(), "division-by-zero: the divisor is zero")
    equal(page.one("title").text(), "consis: prog.elf: no-semantics")
    equal(page.all("img"), [])
    equal(len(page.all("script")), 2)
    lines = [each.children[1] for each in page.all("span", "l") if [n.text() for n in each.all("span", "n")] == ["4"]]
    equal(lines, [HOSTILE.split("\n")[3]])
    equal(source(page), (6, "  x = 7 / (x - x);", 9))
    equal(row(page, "f1.0")[1], '&.str.0[0] "</script><img src=x onerror=document.title=1>&lt;"')
    assert "cannot be executed" in page.all("p", "core")[0].text()


def large_heap(suite):
    """What is left out is counted; the page stays small."""
    path = suite.report(MANY, 0)
    assert os.path.getsize(path) < 1 << 20, os.path.getsize(path)
    page = suite.open(path)
    equal(page.one("h1").text(), "Both machines agree at all 30,004 C0 steps, up to the end")
    heads = [each.text() for each in page.all("tr", "head")]
    assert any(re.fullmatch(r"heap \u2013 5,000 variables, 40,000 bytes, [34],\d{3} of them not shown", each) for each in heads), heads
    assert any(re.fullmatch(r"show \d+ more", each.text()) for each in page.all("button")), "no button"
    equal(row(page, "h4999")[1], "{value = 77, next = &heap#4998}")
    assert "36 of 5,000 variables" in page.text()
    equal(len(page.all("svg")[1].all("g", "node")), 36)


def undecided(suite):
    """A limit; and a step in the middle of a call."""
    page = suite.open(suite.report(LIST, 3, "--max-steps=4"))
    equal(page.one("span", "verdict").text(), "limit")
    equal(source(page), (8, "  n->next = head;", 3))
    equal(row(page, "f1.0"), ("secondstruct node *", "undefined", "null"))
    equal([each.text() for each in page.one("tr", data_id="f1.0").all("span", "none")], ["undefined", "null"])


CASES = (differing_pointer, guilty_instruction, hostile_source, large_heap, undecided)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--only", default="", help="cases whose name contains this")
    args = parser.parse_args()
    program = browser.find()
    if not program:
        print(f"0 passed, 0 failed, {len(CASES)} skipped: there is no Chromium (packages.txt)")
        return 77
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        suite = Suite(os.path.abspath(args.tools), folder, program)
        for case in CASES:
            if args.only not in case.__name__:
                continue
            try:
                case(suite)
                passed += 1
            except AssertionError as error:
                failed += 1
                print(f"FAILED {case.__name__}: {error}")
                traceback.print_exc()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
