"""A run's own folder: what it was told, and what has happened."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from planner.domain.event import KINDS, Event
from planner.domain.gpu import GpuReading
from planner.domain.mistake import Failed, Mistake
from planner.domain.run import MARKER_FORMAT, SPEC_FORMAT, Marker, Spec
from planner.store import encoding, files
from planner.store.making import make
from planner.store.refusal import explained
from planner.store.seal import seal, unseal

if TYPE_CHECKING:
    from planner.domain.evaluation import Evaluation
    from planner.domain.rates import Rates

Line = TypeVar("Line")


class RunFolder:
    """One run's folder; readable wherever it is copied to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """The folder itself."""
        self.id = path.name
        """The run's id."""
        self.spec = path / "spec.json"
        """What the worker is told, written once."""
        self.claim = path / "claim"
        """Who trains; created exclusively."""
        self.events = path / "events.jsonl"
        """What the worker says, one event a line."""
        self.gpu = path / "gpu.jsonl"
        """What the sampler reads, one reading a line."""
        self.context = path / "context.json"
        """What it ran on: commit, versions, device, data fingerprint."""
        self.patch = path / "code.patch"
        """The uncommitted changes it ran with."""
        self.log = path / "output.log"
        """Standard output and error."""
        self.evaluation = path / "evaluation.json"
        """Slices, worst examples, confusion."""
        self.rates = path / "lr.json"
        """What a search for the learning rate has found."""
        self.histograms = path / "histograms.npz"
        """Histograms of weights, activations and gradients."""
        self.checkpoints = path / "checkpoints"
        """Saved models."""
        self.resume = self.checkpoints / "resume.json"
        """What there is for a run that goes on with the training."""
        self.artefacts = path / "artefacts"
        """What a recipe with a loop of its own writes."""

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r})"

    @classmethod
    def within(cls, runs: Path, run_id: str) -> RunFolder:
        """The folder of a run among the others; Mistake when the id is no plain name."""
        if not run_id or run_id in (".", "..") or "/" in run_id or "\0" in run_id:
            raise Mistake(f"{run_id!r} is no run id; `planner runs` lists them")
        return cls(runs / run_id)

    @classmethod
    def create(cls, runs: Path, spec: Spec) -> RunFolder:
        """Make the folder of a new run with its spec, less the secrets in it.

        Failed when there is one already or no room for it.
        """
        from planner.store import withheld  # whoever only reads runs needs none of it

        folder = cls.within(runs, spec.run)
        data = seal(encoding.encode(withheld.without(spec)))
        with explained(runs):
            files.make_folder(runs)
            try:
                files.make_folder(folder.path, new=True)
            except FileExistsError as error:
                if folder.spec.exists():
                    raise Failed(f"the run folder {folder.path} exists already") from error
                # Whoever made it died before it could say what to train, so nobody has begun there.
                for stray in files.temporaries(folder.path):
                    files.remove(stray)
            files.write_whole(folder.spec, data)
        return folder

    def read_spec(self) -> Spec:
        """What the worker is told; Mistake when it is missing, damaged or of an unknown format."""
        own = self._sealed(self.spec)
        document = own or self._document(self.spec)
        if document is None:
            raise Mistake(f"{self.path} is no run folder: it has no spec.json")
        if document.get("format") != SPEC_FORMAT:
            raise Mistake(
                f"{self.spec} has format {document.get('format')!r} and this release understands "
                f"{SPEC_FORMAT}: let the same release of the planner run on both sides"
            )
        # To load and build the validator is a third of what starting a worker takes.
        return make(Spec, own) if own else self._fact(Spec, document, self.spec)

    def take(self) -> bool:
        """Claim the run for this process; False when somebody holds it already."""
        try:
            files.write_new(self.claim, encoding.dump(_this_process()))
            files.sync_folder(self.path)  # a claim that a power loss takes away could be made twice
        except FileExistsError:
            return False
        return True

    def read_claim(self) -> dict[str, Any] | None:
        """Who claimed it: `pid`, `created` (seconds since 1970) and `host`; None while nobody has said so."""
        try:
            return self._document(self.claim)
        except Mistake:  # the holder died before it could write its name
            return None

    def read_events(self, offset: int = 0) -> tuple[list[Event], int]:
        """Events from a byte offset on, and where to go on from; whole lines only, unknown kinds skipped."""
        lines, end = _whole_lines(self.events, offset)
        return [event for line in lines if (event := _event(line)) is not None], end

    def read_gpu(self, offset: int = 0) -> tuple[list[GpuReading], int]:
        """GPU readings from a byte offset on, and where to go on from; whole lines only."""
        lines, end = _whole_lines(self.gpu, offset)
        readings = [_fact_of_line(GpuReading, _json_object(line)) for line in lines]
        return [reading for reading in readings if reading is not None], end

    def read_evaluation(self) -> Evaluation | None:
        """What the trained model does with the validation data; None when the run left none."""
        from planner.domain.evaluation import Evaluation

        document = self._document(self.evaluation)
        return None if document is None else self._fact(Evaluation, document, self.evaluation)

    def read_rates(self) -> Rates | None:
        """What a search for the learning rate has found; None when nothing; Mistake when it can't be read."""
        from planner.domain.rates import Rates

        document = self._document(self.rates)
        return None if document is None else self._fact(Rates, document, self.rates)

    def read_context(self) -> dict[str, Any] | None:
        """What the run ran on; None when it left nothing."""
        return self._document(self.context)

    def read_marker(self) -> Marker | None:
        """What the run has kept to go on from; None when nothing; Mistake when that can't be read."""
        document = self._document(self.resume)
        if document is None:
            return None
        if document.get("format") != MARKER_FORMAT:
            raise Mistake(f"{self.resume} has format {document.get('format')!r}, unknown to this release")
        return self._fact(Marker, document, self.resume)

    def tail(self, limit: int = 65536) -> str:
        """The end of the output, at most `limit` bytes; empty while there is none."""
        try:
            size = self.log.stat().st_size
            return files.read(self.log, max(0, size - limit), limit).decode("utf-8", "replace")
        except FileNotFoundError:
            return ""

    @staticmethod
    def _sealed(path: Path) -> dict[str, Any] | None:
        """The object that the planner wrote itself and nobody has changed since; None for any other."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            return unseal(files.read(path))
        return None

    @staticmethod
    def _document(path: Path) -> dict[str, Any] | None:
        try:
            document = encoding.load(files.read(path))
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise Mistake(f"{path} is damaged: {error}") from error
        if not isinstance(document, dict):
            raise Mistake(f"{path} is damaged: it holds no JSON object")
        return document

    @staticmethod
    def _fact(kind: type[Line], document: dict[str, Any], path: Path) -> Line:
        try:
            return encoding.read(kind, document)
        except Mistake as mistake:
            raise Mistake(f"{path} is {mistake}") from mistake


def _whole_lines(path: Path, offset: int) -> tuple[list[bytes], int]:
    try:
        data = files.read(path, offset)
    except FileNotFoundError:
        return [], offset
    end = data.rfind(b"\n") + 1
    return data[:end].split(b"\n")[:-1], offset + end


def _json_object(line: bytes) -> dict[str, Any] | None:
    try:
        document = encoding.load(line)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _event(line: bytes) -> Event | None:
    """One line's event; None for a kind of another release and for a line that cannot be read."""
    document = _json_object(line) or {}
    kind = KINDS.get(str(document.get("event")))
    return None if kind is None else _fact_of_line(kind, document)


def _fact_of_line(kind: type[Line], document: dict[str, Any] | None) -> Line | None:
    try:
        return None if document is None else encoding.read(kind, document)
    except Mistake:
        return None


def _this_process() -> dict[str, Any]:
    import psutil

    return {"pid": os.getpid(), "created": psutil.Process().create_time(), "host": os.uname().nodename}
