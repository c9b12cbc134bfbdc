"""When a person asked a run to stop: in its folder, so that a dispatcher that starts anew still knows."""

from __future__ import annotations

import time
from math import inf

from planner.clock import utc_now
from planner.domain.run import STOP_WISH
from planner.kernel import boot_id
from planner.store import encoding, files
from planner.store.runfolder import RunFolder


def wish_to_stop(folder: RunFolder) -> None:
    """Write down that the run is to stop from now on; the first wish counts."""
    wish = {"at": utc_now(), "boot": boot_id(), "seconds": time.monotonic()}
    try:
        files.write_new(folder.path / STOP_WISH, encoding.encode(wish))
    except FileExistsError:
        return


def seconds_since_wish(folder: RunFolder) -> float | None:
    """Seconds since the wish, whatever the clock did meanwhile; None when there is none, inf after a boot."""
    try:
        wish = encoding.load(files.read(folder.path / STOP_WISH))
        same_boot = wish["boot"] == boot_id()
        return time.monotonic() - float(wish["seconds"]) if same_boot else inf
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return inf  # half a file is a wish too
