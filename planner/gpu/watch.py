"""Follows the state of the GPUs from a sampler that runs beside, for whoever draws it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from threading import Thread
from types import TracebackType

from planner.domain.gpu import GpuState
from planner.gpu.ask import SAMPLER, ending, state_of, unavailable

PATIENCE = 5
"""After this many intervals without a word the sampler counts as stuck."""


class Watch:
    """The newest state of the GPUs while the `with` block lasts; asking for it never waits."""

    def __init__(self, interval: float = 2.0, sampler: Sequence[str] = SAMPLER) -> None:
        self._command = [*sampler, "--watch", "--interval", str(interval)]
        self._patience = PATIENCE * interval
        self._sampler: subprocess.Popen[bytes] | None = None
        self._newest = unavailable("not read yet")
        self._heard = 0.0

    def __enter__(self) -> Watch:
        self._heard = time.monotonic()
        try:
            self._sampler = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            self._newest = unavailable(f"the sampler did not start: {error.strerror}")
            return self
        Thread(target=self._listen, args=[self._sampler], daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sampler is not None:
            self._sampler.kill()  # it has nothing to put in order; closing its input would do the same, later

    @property
    def state(self) -> GpuState:
        """What was last read; a state that says so when the sampler has been silent for too long."""
        silence = time.monotonic() - self._heard
        stuck = self._sampler is not None and self._sampler.poll() is None and silence > self._patience
        return unavailable(f"no answer for {silence:.0f} s") if stuck else self._newest

    def _listen(self, sampler: subprocess.Popen[bytes]) -> None:
        assert sampler.stdout is not None
        for line in sampler.stdout:
            self._newest, self._heard = state_of(line), time.monotonic()
        code = sampler.wait()
        if code:
            self._newest = unavailable(f"the sampler ended with {ending(code)}")
