"""`python -m planner.searcher`: a question as JSON on stdin, where to look next as JSON on stdout."""

from __future__ import annotations

import json
import signal
import sys

NO_OPTUNA = 3
"""Exit status where Optuna is not there."""
LONGEST = 900
"""Seconds after which nobody listens any more: whoever asked may have died, and a search may hang."""


def main() -> int:
    """Answer one question; 3 where Optuna is not there."""
    signal.alarm(LONGEST)
    question = json.load(sys.stdin)
    try:
        from planner.searcher.tpe import suggested
    except ModuleNotFoundError as error:
        print(error, file=sys.stderr)
        return NO_OPTUNA if (error.name or "").partition(".")[0] == "optuna" else 1
    json.dump(suggested(question), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
