"""Runs a command and prints what it took as JSON: a process of its own, small enough to be no part of the figure."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

if __name__ == "__main__":
    code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False).returncode
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Linux counts in KiB, macOS in bytes.
    mebibyte = 1024**2 if sys.platform == "darwin" else 1024
    json.dump({"code": code, "memory": used.ru_maxrss / mebibyte, "seconds": used.ru_utime + used.ru_stime}, sys.stdout)
