"""`python -m planner.worker FOLDER`: make the run that FOLDER describes.

With `--standby` it gets ready and is told the folder later; see `standby`.
Exit status: 0 finished; 1 failed; 143 or 130 stopped by SIGTERM or SIGINT; 2 no run folder that this release
understands; 3 the run is claimed already.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.store.runfolder import RunFolder
from planner.worker.output import forgive
from planner.worker.perform import perform
from planner.worker.signals import Signals
from planner.worker.standby import CLAIMED, stand_by


def main(arguments: list[str]) -> int:
    """Make one run, and answer with the exit status."""
    if len(arguments) != 1:
        print("usage: python -m planner.worker FOLDER", file=sys.stderr)
        return 2
    signals = Signals()
    # The number holds through a process's beginning anew, and for no child of it.
    claimed = os.environ.pop(CLAIMED, "") == str(os.getpid())
    try:
        status = perform(RunFolder(Path(arguments[0]).absolute()), signals, claimed=claimed)
    except Mistake as mistake:
        print(f"planner: {mistake}", file=sys.stderr)
        return mistake.exit_code
    if status == "stopped":
        return 128 + (signals.number or 0)
    return 0 if status == "finished" else 1


if __name__ == "__main__":
    os.umask(
        0o077
    )  # whoever starts it: what the project's code writes into the run folder is its owner's alone
    forgive()
    faulthandler.enable(2)  # a library that dies of a signal leaves its place in the log
    # `-m` puts the folder it was started from first; the project takes that place.
    sys.path[:] = [place for place in sys.path if place not in ("", os.getcwd())]  # noqa: PTH109
    sys.exit(stand_by(sys.argv[2:], main) if sys.argv[1:2] == ["--standby"] else main(sys.argv[1:]))
