import os
import shutil

import lit.formats

config.name = "c0"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c0", ".c0a", ".s", ".test"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.binary_dir, "test", "lit", "out")
config.excludes = ["Inputs"]

binaries = os.path.join(config.binary_dir, "bin")
config.environment["PATH"] = os.pathsep.join([binaries, os.environ["PATH"]])
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]
if config.slirp and not config.slirp.endswith("NOTFOUND"):
    config.available_features.add("user-network")
config.substitutions.append(("FileCheck", config.filecheck))
# %status N COMMAND...: runs COMMAND and succeeds if its exit status is N.
config.substitutions.append(("%status", "%s %s" % (os.environ.get("PYTHON", "python3"),
                                                   os.path.join(config.source_dir, "test", "lit", "Inputs", "status.py"))))
if shutil.which("gdb-multiarch"):
    config.available_features.add("gdb")
else:
    lit_config.note("gdb-multiarch is missing, its tests are skipped; ./bootstrap test gdb installs it")
# %nodes N COMMAND...: runs COMMAND N times at once, each with its number for NODE.
config.substitutions.append(("%nodes", "%s %s" % (os.environ.get("PYTHON", "python3"),
                                                  os.path.join(config.source_dir, "test", "lit", "Inputs", "nodes.py"))))
config.substitutions.append(("%inputs", os.path.join(config.source_dir, "test", "lit", "Inputs")))
config.substitutions.append(("%kernel", os.path.join(config.binary_dir, "kernel")))  # images of kernels, and their disks
config.substitutions.append(("%root", config.source_dir))
config.substitutions.append(("%runtime", os.path.join(config.binary_dir, "lib")))  # libraries for vld
