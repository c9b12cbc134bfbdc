"""How the weights of a trained model are spread."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from planner.store import files
from planner.store.runfolder import RunFolder

BINS = 30
"""Bars of one histogram."""
MOST = 500
"""Weights looked at, in the model's order."""


def write_histograms(model: Any, folder: RunFolder) -> None:
    """Write histograms.npz: per trainable weight `PATH:counts` (30), `PATH:edges` (31) and `PATH:bad` (1)."""
    found: dict[str, Any] = {}
    for weight in model.trainable_weights[:MOST]:
        values = np.asarray(weight.numpy(), dtype=np.float64).ravel()
        finite = values[np.isfinite(values)]
        counts, edges = np.histogram(finite, bins=BINS)
        found[f"{weight.path}:counts"] = counts
        found[f"{weight.path}:edges"] = edges
        found[f"{weight.path}:bad"] = np.array([values.size - finite.size])
    packed = io.BytesIO()
    np.savez_compressed(packed, **found)
    files.write_whole(folder.histograms, packed.getvalue())
