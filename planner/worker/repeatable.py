"""What was done so that a run can be repeated, and what Keras computes with."""

from __future__ import annotations

import os
import sys

from planner.worker import tensorflow
from planner.worker.seed import EARLY


def settings(*, keras: bool) -> dict[str, object]:
    """What was done for repeatability; where the run uses Keras, also the backend and the precision."""
    facts: dict[str, object] = {
        "determinism": {
            "operations": tensorflow.deterministic(),
            "hash_seed": os.environ.get("PYTHONHASHSEED"),
        },
        "set_before_import": sorted(EARLY),
    }
    loaded = sys.modules.get("keras") if keras else None
    if loaded is not None:
        facts["backend"] = loaded.config.backend()
        facts["dtype_policy"] = loaded.config.dtype_policy().name
        facts["float"] = loaded.config.floatx()
    return facts
