"""Which GPU, driver and processor a run has, as the kernel tells it."""

from __future__ import annotations

import re
from pathlib import Path

DRIVER = Path("/proc/driver/nvidia")
"""Where NVIDIA's driver says what it is, without a library being asked."""
CPU = Path("/proc/cpuinfo")
"""Where the kernel says which processor this is."""
VERSION = re.compile(r"\b(\d{3}\.\d+(?:\.\d+)?)\b")
"""The driver's version in its own words."""
MODEL = re.compile(r"^Model:[ \t]*(.+)$", re.MULTILINE)
"""A GPU's name in the driver's words."""
PROCESSOR = re.compile(r"^model name[ \t]*:[ \t]*(.+)$", re.MULTILINE)
"""The processor's name in the kernel's words."""


def described(uuid: str | None, driver: Path = DRIVER) -> dict[str, object]:
    """The GPU's name, the version of its driver and the processor's name; None for what nobody says."""
    told = _text(driver / "version")
    version = VERSION.search(told)
    gpus = (_text(path) for path in sorted(driver.glob("gpus/*/information")))
    model = next((MODEL.search(gpu) for gpu in gpus if uuid is not None and uuid in gpu), None)
    processor = PROCESSOR.search(_text(CPU))
    return {
        "device_name": model[1].strip() if model else None,
        "driver": version[1] if version else None,
        "processor": processor[1].strip() if processor else None,
    }


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
