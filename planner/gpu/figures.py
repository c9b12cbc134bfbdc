"""How figures of a GPU are written."""

from __future__ import annotations

GIBIBYTE = 1024**3

DECORATION = {"NVIDIA", "Tesla", "Quadro", "GeForce", "HBM2", "HBM2e", "HBM3", "HBM3e", "PCIe", "Generation"}
"""Words of a maker's name that tell nobody anything."""


def gibibytes(size: int) -> str:
    """Bytes as GiB: one decimal below 100, none where it would be a zero or from 100 on."""
    value = size / GIBIBYTE
    return f"{value:.0f}" if value >= 100 or abs(value - round(value)) < 0.05 else f"{value:.1f}"


def short_name(name: str) -> str:
    """What people call the model: `A100` for `NVIDIA A100-SXM4-80GB`."""
    words = [word.split("-")[0] if "-" in word and "GB" in word else word for word in name.split()]
    kept = [word for word in words if word not in DECORATION and not word.endswith("GB")]
    return " ".join(kept) or name
