"""`python -m planner.worker FOLDER`: make the run that FOLDER describes.

With `--standby` it gets ready and is told the folder later; see `standby`.
Exit status: 0 finished; 1 failed; 143 or 130 stopped by SIGTERM or SIGINT; 2 no run folder that this release
understands; 3 the run is claimed already.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from pathlib import Path

from planner.domain.mistake import Mistake
from planner.store.runfolder import RunFolder
from planner.worker.output import forgive, narrate
from planner.worker.perform import perform
from planner.worker.signals import Signals
from planner.worker.standby import CLAIMED, stand_by

LINGER = 10.0
"""Seconds after its last word in which threads of the project's code, and what it does at exit, may end."""


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
        return 128 + (signals.asked or 0)
    return 0 if status == "finished" else 1


def end_within(seconds: float, code: int) -> None:
    """End this process with its exit status after so many seconds, whatever threads it is left with."""

    def end() -> None:
        left = [
            one.name for one in threading.enumerate() if not one.daemon and one is not threading.main_thread()
        ]
        narrate(f"the process has not ended by itself; its threads: {', '.join(left) or 'none'}")
        os._exit(code)

    late = threading.Timer(seconds, end)
    late.daemon = True
    late.start()


if __name__ == "__main__":
    os.umask(
        0o077
    )  # whoever starts it: what the project's code writes into the run folder is its owner's alone
    forgive()
    faulthandler.enable(2)  # a library that dies of a signal leaves its place in the log
    # `-m` puts the folder it was started from first; the project takes that place.
    sys.path[:] = [place for place in sys.path if place not in ("", os.getcwd())]  # noqa: PTH109
    arguments = sys.argv[1:]
    del sys.argv[1:]  # a recipe that was a script once finds none, and takes its defaults
    code = stand_by(arguments[1:], main) if arguments[:1] == ["--standby"] else main(arguments)
    end_within(LINGER, code)
    sys.exit(code)
