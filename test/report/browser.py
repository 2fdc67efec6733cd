"""Pages in headless Chromium: the document after its scripts have run, as text to look things up in."""
import html.parser
import pathlib
import shutil
import subprocess
import tempfile

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
GUARD = 120  # seconds; against hangs, not a timing


def find():
    """The browser's program; None if there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Element:
    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent, self.children = tag, dict(attributes), parent, []
        self.classes = (self.attributes.get("class") or "").split()

    def text(self):
        return "".join(each if isinstance(each, str) else each.text() for each in self.children)

    def walk(self):
        yield self
        for each in self.children:
            if isinstance(each, Element):
                yield from each.walk()

    def all(self, tag="", *classes, **attributes):
        """The elements in it with this tag, these classes and attributes."""
        return [each for each in self.walk() if tag in ("", each.tag) and all(c in each.classes for c in classes)
                and all(each.attributes.get(key.replace("_", "-")) == value for key, value in attributes.items())]

    def one(self, tag="", *classes, **attributes):
        found = self.all(tag, *classes, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {classes} {attributes}"
        return found[0]


class Document(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.top = self.open = Element("", {}, None)
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        element = Element(tag, attributes, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_startendtag(self, tag, attributes):
        self.open.children.append(Element(tag, attributes, self.open))

    def handle_endtag(self, tag):
        up = self.open
        while up.parent and up.tag != tag:
            up = up.parent
        if up.parent:
            self.open = up.parent

    def handle_data(self, data):
        self.open.children.append(data)


def run(browser, *arguments):
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run([browser, *FLAGS, f"--user-data-dir={profile}", *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=GUARD)
    assert done.returncode == 0, f"the browser ends with {done.returncode}"
    return done.stdout.decode()


def document(browser, path, fragment=""):
    url = pathlib.Path(path).resolve().as_uri() + (f"#{fragment}" if fragment else "")
    return Document(run(browser, "--dump-dom", url)).top


def screenshot(browser, path, to, fragment="", size="1280,1800", dark=False):
    """For people: run this file with a page and a .png."""
    url = pathlib.Path(path).resolve().as_uri() + (f"#{fragment}" if fragment else "")
    run(browser, f"--screenshot={to}", f"--window-size={size}", "--hide-scrollbars",
        *(["--blink-settings=preferredColorScheme=0"] if dark else []), url)


if __name__ == "__main__":
    import sys
    screenshot(find(), sys.argv[1], sys.argv[2], *sys.argv[3:4])
