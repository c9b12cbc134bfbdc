"""The sheets of one run that are read as text: log, worst examples, slices, confusion, context."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from planner.domain.evaluation import Evaluation
from planner.domain.view import RunDetail
from planner.rules.wording.ran_on import ran_on
from screens import numbers
from screens.text import clean, fit, log, wrap
from screens.widgets.sheet import Sheet, labelled

NAME = 12
"""Cells of the name of what is told of a run."""
READING = "reading the run…"
"""What to say before the run is read."""
CLASSES = 40
"""Classes of a confusion that are shown; a larger one says so."""


class DetailSheet(Sheet):
    """A sheet about the run that is open."""

    NOTHING = ""
    """What to say while there is nothing to show."""

    detail: RunDetail | None = None

    def show(self, detail: RunDetail) -> None:
        """Take the newest there is."""
        self.detail = detail
        self.rewrite()

    def lines(self, width: int) -> Sequence[Content]:
        """What there is, or that there is nothing yet; before it is read nobody knows."""
        told = list(self.told(self.detail, width)) if self.detail else []
        if told and not told[0].plain:
            told.pop(0)
        instead = self.NOTHING if self.detail else READING
        return told or [Content.styled(line, "$foreground-muted") for line in wrap(instead, max(10, width))]

    def told(self, detail: RunDetail, width: int) -> Iterator[Content]:
        """The lines."""
        raise NotImplementedError


class LogSheet(DetailSheet):
    """The end of what the run printed; follows it while one is at the bottom."""

    NOTHING = "Nothing was printed yet."

    _following = True

    def rewrite(self, *, top: bool = False) -> None:
        """Stay at the bottom when one is there, and begin there."""
        if self._lines:
            self._following = self.max_scroll_y - self.scroll_offset.y <= 1
        super().rewrite(top=top)
        if self._following:
            self.call_after_refresh(self.scroll_end, animate=False)

    def told(self, detail: RunDetail, width: int) -> Iterator[Content]:
        """Line by line, long ones broken."""
        for line in log(detail.log).rstrip("\n").split("\n") if detail.log else ():
            for start in range(0, max(1, len(line)), max(10, width)):
                yield Content(line[start : start + max(10, width)])


class WorstSheet(DetailSheet):
    """The validation examples with the largest loss."""

    NOTHING = "No worst examples yet: they are found once the model is trained."

    def told(self, detail: RunDetail, width: int) -> Iterator[Content]:
        """One example a line, its loss as a bar."""
        worst = detail.evaluation.worst if detail.evaluation else ()
        if not worst:
            return
        yield Content.styled(
            f"{'example':>9}  {'loss':>8}  {fit('expected', 16)}{fit('got', 16)}{'sure':>7}", "bold"
        )
        most = max((each.loss for each in worst), default=1.0)
        for each in worst:
            sure = "" if each.confidence is None else f"{each.confidence:.0%}"
            bar = numbers.bar(each.loss / most, max(4, width - 64)) if most > 0 else ""
            said = _example(str(each.index), numbers.metric(each.loss), each.expected, each.got, sure)
            yield Content.assemble(said, "  ", (bar.rstrip("░"), "$text-error"))


class SlicesSheet(DetailSheet):
    """The metrics on each named part of the validation data."""

    NOTHING = "No slices: a recipe names parts of its validation data with Trial(…, slices={…})."

    def told(self, detail: RunDetail, width: int) -> Iterator[Content]:  # noqa: ARG002 - a slice is one line
        """One slice a line, its distance to the whole in brackets."""
        evaluation = detail.evaluation
        if evaluation is None or not evaluation.slices:
            return
        names = list(dict.fromkeys(name for each in evaluation.slices for name in each.metrics))
        yield Content.styled(
            f"{fit('slice', 24)}{'examples':>9}" + "".join(f"{fit(n, 18):>20}" for n in names), "bold"
        )
        whole = {name: evaluation.metrics.get(f"val_{name}") for name in names}
        yield Content(
            f"{fit('all', 24)}{'':>9}" + "".join(f"{numbers.metric(whole[n]):>10}{'':10}" for n in names)
        )
        for each in evaluation.slices:
            values = "".join(_beside(each.metrics.get(name), whole[name]) for name in names)
            yield Content(f"{fit(each.name, 24)}{each.size:>9}{values}")


class ConfusionSheet(DetailSheet):
    """Expected classes down, given classes across."""

    NOTHING = "No confusion: the model gives no classes, or is not trained yet."

    def told(self, detail: RunDetail, width: int) -> Iterator[Content]:
        """Counts, the right ones bold, the empty ones a point."""
        evaluation = detail.evaluation
        if evaluation is None or not evaluation.confusion:
            return
        cell = max(4, *(len(str(count)) + 1 for row in evaluation.confusion for count in row))
        shown = min(len(evaluation.confusion), CLASSES, max(1, (width - 14) // cell))
        yield Content.styled(fit("expected", 12) + _heads(evaluation, shown, cell), "bold")
        for row in range(shown):
            yield _counts(evaluation, row, shown, cell)
        if shown < len(evaluation.confusion):
            yield Content.styled(
                f"the first {shown} of {len(evaluation.confusion)} classes", "$foreground-muted"
            )
        yield from labelled("mistakes", _mistaken(evaluation), width)


class ContextSheet(DetailSheet):
    """What the run was given, what it ran on, and the files it left."""

    NOTHING = "Not started yet."

    def told(self, detail: RunDetail, width: int) -> Iterator[Content]:
        """What it was in a few lines; params, files; then all that is known."""
        run, context = detail.run.run, detail.context or {}
        was = [f"{name:{NAME}}{text}" for name, text in ran_on(context)]
        yield from labelled("it was", was, width, NAME)
        yield from labelled("params", [f"{name} = {value!r}" for name, value in run.params.items()], width)
        yield from labelled("alerts", detail.run.progress.alerts, width)
        yield from labelled("files", detail.artefacts, width)
        yield from labelled("context", list(_flat(context)), width)


def _example(index: str, loss: str, expected: str, got: str, sure: str) -> str:
    return f"{index:>9}  {loss:>8}  {fit(expected, 16)}{fit(got, 16)}{sure:>7}"


def _beside(value: float | None, whole: float | None) -> str:
    """A slice's value, and how far it lies from the whole."""
    if value is None:
        return f"{numbers.NOTHING:>10}{'':10}"
    far = "" if whole is None else f"({value - whole:+.4f})"
    return f"{numbers.metric(value):>10} {far:<9}"


def _heads(evaluation: Evaluation, shown: int, cell: int) -> str:
    return "".join(f"{clean(label)[: cell - 1]:>{cell}}" for label in evaluation.labels[:shown])


def _counts(evaluation: Evaluation, row: int, shown: int, cell: int) -> Content:
    label = evaluation.labels[row] if row < len(evaluation.labels) else str(row)
    counts = evaluation.confusion[row]
    parts: list[str | tuple[str, str]] = [fit(label, 12)]
    for column in range(shown):
        text = f"{counts[column] or '·':>{cell}}"
        style = (
            "bold $text-success"
            if column == row
            else "$text-error"
            if counts[column]
            else "$foreground-muted"
        )
        parts.append((text, style))
    return Content.assemble(*parts)


def _mistaken(evaluation: Evaluation) -> list[str]:
    """The most frequent mistakes in words, most frequent first, at most ten."""
    pairs = [
        (count, row, column)
        for row, counts in enumerate(evaluation.confusion)
        for column, count in enumerate(counts)
        if count and row != column
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    names = evaluation.labels
    return [
        f"{names[row]} taken for {names[column]}: {count}"
        for count, row, column in pairs[:10]
        if row < len(names)
    ]


def _flat(context: dict[str, object], start: str = "") -> Iterator[str]:
    for name, value in context.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{start}{name}.")
        elif value not in (None, "", []):
            yield f"{start}{name} = {value}"
