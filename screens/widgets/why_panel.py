"""Why the highlighted idea stands where it stands, what everybody says of it, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.reactive import reactive

from planner.domain.estimate import Estimate
from planner.domain.idea import Idea
from planner.domain.ledger import Ledger
from planner.domain.view import RankedIdea, View
from planner.rules.notation.estimating import CRITERIA
from screens import numbers, signs
from screens.climbed import climbed
from screens.text import clean, fit, page, wrap
from screens.widgets.criteria import said
from screens.widgets.sheet import LABEL, Sheet, labelled

COLUMN = 11
"""Cells of one criterion."""


class WhyPanel(Sheet):
    """Everything behind one row, in order of how often it is asked for."""

    HELP = """
    Why the idea stands where it stands. Each factor reads: you said → used → because.
    Score is the chance P times the gain G in MEI, divided by the hours H still to spend.
    Below: what several people come to together, what each of them said, what the idea changes,
    and what became of it, with what was said beside what it was.
    """

    row: reactive[RankedIdea | None] = reactive(None, repaint=False, always_update=True)
    """The highlighted idea."""
    why: reactive[tuple[str, ...]] = reactive((), repaint=False, always_update=True)
    """The rule's own lines about its score."""
    view: reactive[View | None] = reactive(None, repaint=False, always_update=True)
    """Everything decided: outcomes and revisions of the idea, and the goal they are measured by."""

    def show(self, row: RankedIdea | None, why: Sequence[str], view: View | None) -> None:
        """Put another idea on the sheet, or the same one changed."""
        if row is self.row and tuple(why) == self.why and view is self.view:
            return
        same = row is not None and self.row is not None and row.idea.id == self.row.idea.id
        self.set_reactive(WhyPanel.why, tuple(why))
        self.set_reactive(WhyPanel.view, view)
        self.set_reactive(WhyPanel.row, row)
        self.rewrite(top=not same)

    # -- the sheet ------------------------------------------------------------------------------

    def lines(self, width: int) -> Sequence[Content]:
        """Title, why, estimates, change, history; what came of a settled idea before anything else."""
        if self.row is None:
            return ()
        row, idea = self.row, self.row.idea
        settled = row.status in ("done", "invalid")
        came_of_it = [
            *labelled("outcome", _outcome(row), width),
            *labelled("seeds", _seeds(row), width),
            *labelled("ladder", _climbed(row, self.view), width),
            *labelled("was", _was(row, self.view), width),
        ]
        return [
            *_title(row, self.why, width),
            *([*came_of_it, Content()] if settled else ()),
            *_why(self.why[1:], width),
            *_estimates(row, width),
            *labelled("change", _change(idea), width),
            *labelled("tried", _tried(idea, self.view), width),
            *labelled("expects", page(idea.hypothesis).split("\n") if idea.hypothesis else (), width),
            *(() if settled else came_of_it),
            *labelled(
                "follows", [", ".join(f"#{number}" for number in idea.after)] if idea.after else (), width
            ),
            *labelled("history", _history(idea, self.view.ledger if self.view else None), width),
        ]


def _title(row: RankedIdea, why: Sequence[str], width: int) -> Iterator[Content]:
    """The first line of why, which names the idea and its score, and what there is to know at a glance."""
    head, _, beside = (_tight(why[0]) if why else row.idea.title).partition("   (")
    for line in wrap(head, width):
        yield Content.styled(line, "bold")
    facts = [f"#{row.idea.id}", str(signs.of_idea(row)), row.idea.category, *row.idea.tags]
    facts += [f"{numbers.hours(row.idea.spent_hours)} spent"] if row.idea.spent_hours else []
    facts += [beside.removesuffix(")")] if beside else []
    for line in wrap(" · ".join(facts), width):
        yield Content.styled(line, "$foreground-muted")


def _why(why: Sequence[str], width: int) -> Iterator[Content]:
    """The rule's lines, each under its label; a label that comes again is told once."""
    before = ""
    for text in why:
        label, value, because = _split(text)
        if label == "people" != before:
            yield Content()
        shown, before = "" if label == before else label, label
        start = Content.assemble(
            (fit(shown, LABEL), "bold $text-accent"), (f"{value}  " if value else "", "bold")
        )
        lines = wrap(f"{value}  {because}" if value else because, max(10, width - LABEL))
        yield start + lines[0].removeprefix(f"{value}  ")
        yield from (Content(" " * LABEL + line) for line in lines[1:])


def _tight(text: str) -> str:
    """The rule's header with its wide gaps closed: a panel is narrower than a terminal."""
    return re.sub(r" {3,}", "   ", text.strip()).replace("MEI per 100 h", "MEI\u00a0per\u00a0100\u00a0h")


def _split(text: str) -> tuple[str, str, str]:
    """A line of the rule as its label, the value used, and why; only the last where it has no label."""
    label, _, rest = text.strip().partition(" ")
    value, gap, because = rest.strip().partition("  ")
    return (label, value, because.strip()) if gap and len(label) < LABEL else ("", "", text.strip())


def _estimates(row: RankedIdea, width: int) -> Iterator[Content]:
    yield Content()
    yield Content.assemble(
        (fit("said", LABEL), "bold $text-accent"), *(f"{name:>{COLUMN}}" for name in CRITERIA)
    )
    for who, estimate in sorted(row.idea.estimates.items()):
        told = "".join(f"{text:>{COLUMN}}" for text in said(estimate))
        yield Content.assemble((fit(who, LABEL - 1) + " ", "$foreground-muted"), told)
    if row.score.assumed:
        for line in wrap(f"nobody said {', '.join(row.score.assumed)}: from the priors", width - LABEL):
            yield Content.styled(" " * LABEL + line, "$foreground-muted")


def _change(idea: Idea) -> list[str]:
    change = [f"{clean(name)} = {value!r}" for name, value in idea.change.params.items()]
    if idea.change.sweep:
        from planner.rules.wording.sweeps import sweep_in_words  # few ideas sweep

        change.append(clean(sweep_in_words(idea.change.sweep)))
    if idea.change.ref:
        change.append(f"code of {idea.change.ref}")
    if idea.change.implemented:
        change.append("already in the recipe")
    return change


def _tried(idea: Idea, view: View | None) -> list[str]:
    """How far a sweep is, and the best configuration so far."""
    if idea.change.sweep is None or view is None:
        return []
    from planner.rules.sweeping.best import best
    from planner.rules.sweeping.tried import tried
    from planner.rules.wording.sweeps import standing, values_in_words

    known, goal, baselines = (
        tried(idea, view.ledger, view.settings),
        view.settings.goal,
        view.ledger.baselines,
    )
    found = best(known, goal, baselines[-1].params if baselines else {})
    if not known or found is None or found.value is None:
        return [f"{standing(known, idea.change.sweep)} · w shows each"] if known else []
    at = f"the best: {values_in_words(found.values)}: {goal.metric} {numbers.metric(found.value)}"
    return [f"{standing(known, idea.change.sweep)} · w shows each", clean(at)]


def _seeds(row: RankedIdea) -> list[str]:
    """The seeds that the verdict rests on, each beside the baseline's."""
    evidence = row.outcome.evidence if row.outcome else None
    pairs = evidence.pairs if evidence else ()
    told = [f"{one.seed}: {numbers.metric(one.idea)} beside {numbers.metric(one.baseline)}" for one in pairs]
    return [" · ".join(told)] if told else []


def _climbed(row: RankedIdea, view: View | None) -> list[str]:
    """Each rung it was on, and how that ended."""
    return climbed(row.idea.id, view.ledger.runs.values(), row.outcome) if view else []


def _was(row: RankedIdea, view: View | None) -> list[str]:
    """What was said of a finished idea beside what it was."""
    if row.outcome is None or view is None:
        return []
    # Only a finished idea needs them, and the first paint shows the best one left.
    from planner.rules.hindsight.afterwards import afterwards, said_and_was

    found = said_and_was(row.idea, row.outcome, view.settings.goal, view.ledger.calibration.reference)
    return [" ".join(line.split()) for line in afterwards(found, row.outcome)]


def _outcome(row: RankedIdea) -> list[str]:
    if row.outcome is None:
        return []
    from planner.rules.judging.correcting import in_a_sentence

    spent = [f"{numbers.hours(row.outcome.run_hours)} of runs"] if row.outcome.run_hours else []
    if row.outcome.hours is not None:
        spent.append(f"{numbers.hours(row.outcome.hours)} to implement")
    return [
        f"{signs.VERDICT[row.outcome.verdict].sign} {in_a_sentence(row.outcome)}",
        *([", ".join(spent)] if spent else []),
    ]


def _history(idea: Idea, ledger: Ledger | None) -> list[str]:
    """What moved, newest first: scores with their cause, estimates that were replaced."""
    told = [(old.at, f"{old.by} had said {_brief(old)}") for old in idea.history]
    for revision in ledger.revisions if ledger else ():
        if revision.idea == idea.id:
            told.append((revision.at, revision.because))
    oldest = ledger.revisions[0] if ledger and ledger.revisions else None
    if oldest and oldest.id > 1 and idea.created_at < oldest.at:
        # The archive has what is older; it is not read while somebody walks from row to row.
        told.append((oldest.at, f"and before: `planner show {idea.id}` tells the rest"))
    told.append((idea.created_at, f"captured by {idea.created_by}"))
    return [f"{at[:10]} {text}" for at, text in sorted(told, reverse=True)]


def _brief(estimate: Estimate) -> str:
    told = zip(CRITERIA, said(estimate), strict=True)
    return " · ".join(f"{name} {text}" for name, text in told if text != numbers.NOTHING)
