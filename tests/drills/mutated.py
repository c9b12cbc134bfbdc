"""Files of a project with bytes changed at random: read with all their data, or refused with a sentence."""

from __future__ import annotations

import io
import random
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from planner.cli.main import main
from planner.domain.mistake import Mistake
from planner.store.layout import Layout
from planner.store.restore import restore_newest_backup
from planner.store.store import Store
from tests.drills.crash_points import Violation, copy
from tests.drills.doors import Hasty, through
from tests.drills.facts import Answer, Decided, decided
from tests.drills.figure import Figure
from tests.drills.mutations import MUTATIONS
from tests.drills.prepared import at_work, calm, prepare

COMMANDS = (("list",), ("show", "1"), ("doctor",), ("add", "a new idea"), ("undo",), ("status",), ("review",))
"""What is typed at a project whose files have changed."""
SAMPLE = 0.2
"""Share of the projects at which it is typed."""


def mutated(times: int, folder: Path, seed: int) -> Figure:
    """Change files at random so many times, and read the project in every way after each."""
    chance = random.Random(seed)
    held, refused, faults = 0, 0, list[str]()
    with calm(), through(Hasty()), patch("planner.workspace.doctor.examine_machine", lambda *_: []):
        starts = _starts(folder)
        for _ in range(times):
            start = chance.choice(starts)
            case = _Case(start, folder / "project", chance)
            try:
                refused += case.look()
                held += 1
            except Exception as error:  # whatever it is, the drill counts it and goes on with the next
                faults.append(f"{case.done}: {type(error).__name__}: {error}")
    kept = f"{refused:,} refused with a sentence, the others read whole; {len(faults)} else"
    return Figure(
        what="files of a project with bytes changed at random",
        tried=times,
        held=held,
        note="; ".join([kept, *faults[:3]]),
    )


def _starts(folder: Path) -> list[Path]:
    """Projects to begin from: one with a long history, mostly, a new one, and one with a single change."""
    rich = prepare(folder / "rich").project
    new, young = (_small(folder / name) for name in ("new", "young"))
    at_work(young).ideas.add("the first idea")
    return [rich, rich, rich, new.project, young.project]


def _small(folder: Path) -> Layout:
    folder.mkdir()
    layout = Layout(folder)
    layout.toml.write_text('[goal]\nmetric = "val_accuracy"\n')
    Store(layout).create()
    return layout


class _Case:
    """One project with something changed in it."""

    def __init__(self, start: Path, project: Path, chance: random.Random) -> None:
        shutil.rmtree(project, ignore_errors=True)
        copy(start, project)
        self.layout, self.chance = Layout(project), chance
        self.before = decided(self.layout)
        files = sorted(path for path in project.rglob("*") if path.is_file())
        self.hit = {path.relative_to(project).as_posix() for path in self._chosen(files)}
        self.done = "; ".join(self._change(project / name, files) for name in sorted(self.hit))

    def _chosen(self, files: list[Path]) -> list[Path]:
        """One file, or two; the backlog as often as all the others."""
        count = self.chance.choice((1, 1, 1, 2))
        wanted = self.chance.choice((["backlog.json"], ["backlog.json"], ["journal.jsonl"], []))
        named = [path for path in files if path.name in wanted and path.parent == self.layout.home]
        return [*named, *self.chance.sample(files, count)][:count]

    def _change(self, path: Path, files: list[Path]) -> str:
        data, other = path.read_bytes(), self.chance.choice(files).read_bytes()
        mutation = self.chance.choice(MUTATIONS)
        path.unlink()  # it may have its other name in the project this one was copied from
        path.write_bytes(mutation(data, self.chance, other))
        return f"{path.name} after {mutation.__name__}"

    # -- what must hold -----------------------------------------------------------------------

    def look(self) -> bool:
        """Whether it was refused; Violation, or whatever was raised, where it was not as it must be."""
        found = decided(self.layout)
        self._check(found)
        self._check_view(found)
        if self.chance.random() < SAMPLE:
            self._check_commands(refused=found == "damaged")
        if found == "damaged":
            self._check_restored()
        return found == "damaged"

    def _check(self, found: Answer) -> None:
        if found == "damaged" and ".planner/backlog.json" in self.hit:
            return
        if not isinstance(found, Decided) or not isinstance(self.before, Decided):
            raise Violation(f"unreadable: {found}")
        must(found.ledger == self.before.ledger or self._begun_anew(), "silently different")
        gaps = any(name.startswith(".planner/archive/") for name in self.hit)
        must(found.history == self.before.history or gaps, "another history")
        must(set(found.history) <= set(self.before.history), "history that never was")

    def _begun_anew(self) -> bool:
        """Whether every trace of its changes was taken away at once: then it is a project that just began."""
        first = self.layout.backups / "000000000.json"
        same = first.exists() and first.read_bytes() == self.layout.backlog.read_bytes()
        return same and {".planner/backlog.json", ".planner/journal.jsonl"} <= self.hit

    def _check_view(self, found: Answer) -> None:
        try:
            view = at_work(self.layout).view()
        except Mistake as mistake:
            self._check_sentence(str(mistake), refused=found == "damaged")
        else:
            must(view.ledger == Store(self.layout).read(), "another view")

    def _check_sentence(self, sentence: str, *, refused: bool) -> None:
        """A refusal names the file that was hit, and what brings the backlog back where it is that one."""
        of_settings = "planner.toml" in self.hit and "planner.toml" in sentence
        of_backlog = refused and "backlog.json" in sentence and "planner doctor --restore" in sentence
        of_both = refused and len(self.hit) > 1 and "bring the project's folder back" in sentence
        must(of_settings or of_backlog or of_both, sentence)

    def _check_commands(self, *, refused: bool) -> None:
        for command in self.chance.sample(COMMANDS, 3):
            data = self.layout.backlog.read_bytes()
            status, said = typed(self.layout, command)
            must(status in (0, 1, 2, 3, 4), f"planner {command[0]} ended with {status}")
            must("Traceback" not in said and "a defect of the planner" not in said, said)
            if refused:
                must(self.layout.backlog.read_bytes() == data, f"planner {command[0]} wrote over the file")
                must(status == 4 or "planner.toml" in self.hit, f"planner {command[0]} ended with {status}")
                self._check_sentence(said, refused=True)

    def _check_restored(self) -> None:
        try:
            sentence = restore_newest_backup(self.layout, by="ana")
        except Mistake as mistake:
            must(len(self.hit) > 1 and "bring the project's folder back" in str(mistake), mistake)
            return
        now = decided(self.layout)
        if not isinstance(now, Decided) or not isinstance(self.before, Decided):
            raise Violation(f"unreadable: {now}")
        if self.hit == {".planner/backlog.json"}:
            must("nothing is lost" in sentence, sentence)
            self._check(now)
        must(now.ledger.ideas or not self.before.ledger.ideas, "an empty backlog")
        if "planner.toml" not in self.hit:
            idea = at_work(self.layout).ideas.add("after")
            must(Store(self.layout).read().ideas[idea.id] == idea, "a change after it")


def must(holds: object, why: object) -> None:
    """Violation where something does not hold."""
    if not holds:
        raise Violation(why)


def typed(layout: Layout, words: tuple[str, ...]) -> tuple[int, str]:
    """The exit status of a command typed at a project, and all that it printed."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        status = main(["-C", str(layout.project), *words])
    return status, out.getvalue()
