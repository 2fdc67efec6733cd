"""Builds the tests' abstract kernels and users, and the commands that run them."""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))


def arguments(parser):
    parser.add_argument("--tools", required=True, help="the folder with c0c and vamp")
    parser.add_argument("--folder", required=True, help="where results go")
    parser.add_argument("--machine", default="vamp", help="the tool that runs kernels")


class Builder:
    def __init__(self, options):
        self.tools, self.folder, self.machine = os.path.abspath(options.tools), os.path.abspath(options.folder), options.machine
        self.library = os.path.join(os.path.dirname(self.tools), "lib/libcvm.a")
        os.makedirs(self.folder, exist_ok=True)

    def run(self, tool, *arguments):
        done = subprocess.run([self.tool(tool), *arguments], cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{tool} {' '.join(arguments)}\n{done.stdout}{done.stderr}")

    def tool(self, name):
        return os.path.join(self.tools, name)

    def path(self, name):
        return os.path.join(self.folder, name)

    def kernel(self, name):
        """The concrete kernel of the abstract kernel test/kernel/cvm/name.c0."""
        image = self.path(name + ".elf")
        if not os.path.exists(image) or self.stale(image, name + ".c0"):
            self.run("c0c", "-I.", "-c", f"test/kernel/cvm/{name}.c0", "-o", self.path(name + ".o"))
            self.run("c0c", "--kernel", self.path(name + ".o"), self.library, "-o", image)
        return image

    def user(self, name, *flags):
        """A user of its own start code, test/kernel/cvm/name.s."""
        image = self.path(name + ".elf")
        self.run("vas", f"test/kernel/cvm/{name}.s", "-o", self.path(name + ".o"))
        self.run("c0c", "-nostdlib", self.path(name + ".o"), "--heap", "0", "--stack", "4k", "-o", image)
        return image

    def stale(self, image, source):
        made = os.path.getmtime(image)
        return any(os.path.getmtime(path) > made for path in (os.path.join(HERE, source), self.library))

    def command(self, kernel, image):
        return [self.tool(self.machine), self.kernel(kernel), "--disk", image]
