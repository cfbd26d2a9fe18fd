"""A cheap check in place of a real one: takes as long as told, notes what it does, and prints a report.

`python stand_in.py PLAN`, in a folder with

report.json  the report
takes        the seconds
ends/PLAN    the exit codes of the plan's checks, one after another
tenants/     a file for each tenant, the part of a plan's name before the dash: locked for as long as a check of it runs
log          gets a line when a check begins, and one when it ends
"""

import fcntl
import os
import sys
import time
from pathlib import Path

from provisioner.fleet.leash import follow


def note(*words: object) -> None:
    with Path("log").open("a") as log:
        log.write(" ".join(map(str, words)) + "\n")


def code_of(plan: str, runs: int) -> int:
    ends = Path("ends") / plan
    codes = ends.read_text().split() if ends.exists() else ["0"]
    return int(codes[min(runs, len(codes) - 1)])


def main(plan: str) -> int:
    follow()
    with (Path("tenants") / plan.partition("-")[0]).open("w") as tenant:
        try:
            fcntl.flock(tenant, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note("overlap", plan)
        runs = Path("log").read_text().splitlines().count(f"end {plan}")
        note("begin", plan, os.getpid())
        time.sleep(float(Path("takes").read_text()))
        note("end", plan)
    sys.stdout.write(Path("report.json").read_text().replace("PLAN", plan))
    return code_of(plan, runs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
