"""What a verb answers after it changed an idea: where the idea stands now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from planner.cli import say
from planner.cli.session import Session
from planner.domain.idea import Idea
from planner.domain.mistake import Mistake
from planner.domain.view import RankedIdea


def find_row(session: Session, idea_id: int) -> RankedIdea:
    """An idea where it stands; a Mistake when there is none of that number."""
    from planner.workspace.lookup import find_idea

    view = session.workspace.view()
    find_idea(view.ledger.ideas, idea_id)
    return next(row for row in view.ranked if row.idea.id == idea_id)


def panel(row: RankedIdea, session: Session) -> list[str]:
    """The why-panel."""
    from planner.rules.wording.explain import why

    view = session.workspace.view()
    return list(why(row, view.ranked, view.ledger.calibration, reader=session.workspace.project.who))


def tell_idea(session: Session, idea_id: int, done: str, *, as_json: bool) -> None:
    """Print an idea after a change: one line, or its facts."""
    row = find_row(session, idea_id)
    if as_json:
        from planner.workspace.facts import idea_facts

        say.document(idea_facts(row))
    else:
        say.line(f"{done} {standing(row)}")


def standing(row: RankedIdea) -> str:
    """An idea in one line: number, title, score or what it gained, rank."""
    from planner.rules.wording.explain import prospect

    place = f"rank {row.rank}" if row.rank else row.status
    told = (f"#{row.idea.id} “{row.idea.title}”", prospect(row), place)
    return " · ".join(filter(None, told))


def for_each(
    session: Session, idea_ids: Sequence[int], verb: Callable[[int], Idea], done: str, *, as_json: bool
) -> int:
    """Do a verb to several ideas, whatever one of them refuses; answers the exit status."""
    refusals: list[Mistake] = []
    changed = []
    for idea_id in dict.fromkeys(idea_ids):
        try:
            changed.append(verb(idea_id).id)
        except Mistake as mistake:
            refusals.append(mistake)
    if len(refusals) == len(set(idea_ids)) == 1:
        raise refusals[0]
    rows = {row.idea.id: row for row in session.workspace.view().ranked}
    if as_json:
        from planner.workspace.facts import idea_facts

        say.document([idea_facts(rows[idea_id]) for idea_id in changed])
    else:
        for idea_id in changed:
            say.line(f"{done} {standing(rows[idea_id])}")
    for refusal in refusals:
        say.error(str(refusal), as_json=as_json)
    return max((refusal.exit_code for refusal in refusals), default=0)
