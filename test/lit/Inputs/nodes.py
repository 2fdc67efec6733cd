"""nodes.py N COMMAND...: runs COMMAND N times at once, with the words NODE in it replaced by 0, 1, ..; prints status and output of each."""
import subprocess
import sys

count, command = int(sys.argv[1]), sys.argv[2:]
nodes = [subprocess.Popen([word.replace("NODE", str(node)) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True) for node in range(count)]
for number, node in enumerate(nodes):
    output = node.communicate()[0]
    print(f"node {number}: status {node.returncode}")
    print(output, end="")
