"""`planner dispatch`: let ideas climb the ladder, and follow them when asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

from planner.cli import say
from planner.cli.repeats import Choice, Weighed, weigh
from planner.cli.session import Session, json_option
from planner.cli.tell import standing
from planner.domain.idea import Idea
from planner.domain.mistake import Mistake, NothingToDo
from planner.domain.repeat import Repeat
from planner.domain.view import View

CODE_CHANGED = "the code changed"
"""Why a baseline is measured anew though it gives the recipe what it gave it before."""


@click.command()
@click.argument("idea_ids", metavar="[ID...]", type=int, nargs=-1)
@click.option("--top", is_flag=True, help="The best idea that is ready.")
@click.option("--all", "everything", is_flag=True, help="Every idea that is ready, best first.")
@click.option("--seeds", metavar="N", type=int, help="At most so many seeds of the full rung.")
@click.option("--confirm", is_flag=True, help="Run the seeds a win still lacks, and judge it once more.")
@click.option("--replicate", is_flag=True, help="Give what ran before a further seed, and ask nothing.")
@click.option("--anyway", is_flag=True, help="Run what ran before once more, as a measurement of its own.")
@click.option("--new-baseline", is_flag=True, help="Measure the baseline again, since its code has changed.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing: warn, and go on in the least wasteful way.")
@click.option("--wait", is_flag=True, help="Follow them until each has its verdict.")
@click.option("--resume", is_flag=True, help="Let runs start again after dispatch was paused.")
@json_option
@click.pass_obj
def dispatch(
    session: Session,
    idea_ids: tuple[int, ...],
    top: bool,
    everything: bool,
    seeds: int | None,
    confirm: bool,
    replicate: bool,
    anyway: bool,
    new_baseline: bool,
    yes: bool,
    wait: bool,
    resume: bool,
    as_json: bool,
) -> int:
    """Let ideas climb the ladder to their verdict.

    A check and a tiny fit, a small run where planner.toml has one, then full runs, seed by seed, until the
    verdict is clear. Estimates are frozen at the first dispatch. The runs go on when the terminal closes.
    With --wait, the exit status is 0 when every idea reached a verdict, 1 when one is invalid or halted.
    An idea that has its verdict already gets one more seed.

    What would run exactly what ran before is told with the earlier result, and so is what comes close to it.
    On a terminal you choose what becomes of a repeat; --replicate, --anyway and --yes answer beforehand.

    \b
    Examples:
      planner dispatch --top --wait
      planner dispatch 12 15 --seeds 3
      planner dispatch 12 --confirm
      planner dispatch 12 --anyway
      planner dispatch --resume
    """
    if bool(idea_ids) + top + everything > 1 or not (idea_ids or top or everything or resume):
        raise Mistake(
            "say which ideas to dispatch: their numbers, --top or --all (or --resume after a pause)"
        )
    if replicate and anyway:
        raise Mistake("--replicate adds a seed and --anyway runs the same seeds again: give one of them")
    if resume:
        session.workspace.queue.resume()
    with _telling_of_a_pause(session):
        wanted = _chosen(session, idea_ids, top=top, everything=everything)
        if not wanted and not wait:
            session.workspace.ensure_dispatcher()
            say.document([]) if as_json else say.line("dispatch goes on")
            return 0
        return send(
            session,
            wanted or _climbing(session.workspace.view()),
            seeds=seeds,
            confirm=confirm,
            wait=wait,
            as_json=as_json,
            choice="replicate" if replicate else "anyway" if anyway else None,
            ask=not yes,
            new_baseline=new_baseline,
        )


@contextmanager
def _telling_of_a_pause(session: Session) -> Iterator[None]:
    """Whoever has nothing to dispatch, since it all waits, hears what it waits for."""
    try:
        yield
    except NothingToDo:
        if paused := session.workspace.view().ledger.paused:
            say.note(f"dispatch is paused: {paused}; `planner dispatch --resume` goes on")
        raise


def send(
    session: Session,
    wanted: Sequence[int],
    *,
    seeds: int | None,
    wait: bool,
    as_json: bool,
    confirm: bool = False,
    choice: Choice | None = None,
    ask: bool = True,
    new_baseline: bool = False,
) -> int:
    """Dispatch ideas, and follow them when asked; answers the exit status.

    With `wait`, ideas that climb already are simply followed; without, the queue says that they do.
    """
    workspace = session.workspace
    before = workspace.view()
    followed = [idea for idea in wanted if wait and idea in _climbing(before)]
    asked_at = {idea: _asked_at(before.ledger.ideas[idea]) for idea in followed}
    if followed and (confirm or choice or new_baseline or seeds is not None):
        told = ", ".join(f"#{idea}" for idea in followed)
        say.note(
            f"{told} was dispatched before and is followed as it was: what is asked for now does not count"
        )
    repeats: tuple[Repeat, ...] = ()
    if fresh := [idea for idea in wanted if idea not in followed]:
        _warn_of_open(before, fresh)
        _warn_of_shell(session)
        _warn_of_unmerged(session, before, fresh)
        _warn_of_what_is_elsewhere(session, before, fresh)
        weighed = Weighed(ideas=tuple(fresh))
        if not confirm:  # a win is topped up with seeds it lacks, which repeats nothing
            weighed = weigh(workspace, fresh, choice=choice, ask=ask, as_json=as_json)
        repeats = weighed.repeats
        if not weighed.ideas and not followed:
            raise NothingToDo("left as it is: nothing was dispatched")
        dispatched = workspace.queue.dispatch(
            weighed.ideas,
            seeds=seeds,
            implemented=True,
            confirm=confirm,
            anyway=weighed.anyway,
            new_baseline=CODE_CHANGED if new_baseline else None,
        )
        asked_at |= {idea.id: _asked_at(idea) for idea in dispatched}
    workspace.ensure_dispatcher()
    if wait:
        return _wait(session, before, asked_at, repeats, as_json=as_json)
    _tell(session, list(asked_at) or wanted, repeats, as_json=as_json)
    return 0


def _warn_of_open(view: View, wanted: Sequence[int]) -> None:
    """An idea that was named is run as it is; that its code exists is the person's word."""
    for number in wanted:
        idea = view.ledger.ideas.get(number)
        if idea is not None and not idea.change.runnable:
            say.note(f"#{number} names no params and no branch: the recipe is run as it is, as its code")


def _warn_of_unmerged(session: Session, view: View, wanted: Sequence[int]) -> None:
    """An idea with code of its own lacks what was adopted on another branch."""
    if view.ledger.baselines and view.ledger.baselines[-1].ref is not None:
        from planner.workspace.adoption import without_adopted

        for sentence in without_adopted(session.workspace.project, wanted):
            say.note(sentence)


def _warn_of_what_is_elsewhere(session: Session, view: View, wanted: Sequence[int]) -> None:
    """A branch is checked out without what git itself does not have of it."""
    refs = {idea: view.ledger.ideas[idea].change.ref for idea in wanted if idea in view.ledger.ideas}
    for idea, ref in refs.items():
        if ref is None:
            continue
        from planner.executors.refs import pointers, submodules

        project = session.workspace.layout.project
        if folders := submodules(project, ref):
            say.note(
                f"#{idea}: submodules are not checked out for its runs: {', '.join(folders)} will be empty"
            )
        if patterns := pointers(project, ref):
            say.note(
                f"#{idea}: git-lfs is not set up here, so its runs find pointers in place of what it keeps: "
                f"{', '.join(patterns)}"
            )


def _warn_of_shell(session: Session) -> None:
    """A dispatcher that lives already was started from another shell, whose environment its runs have."""
    from planner.workspace.standing import unheard

    if ours := unheard(session.workspace.layout):
        say.note(
            f"{', '.join(ours)} of this shell does not reach these runs: the dispatcher lives already, with "
            "the environment it was started in; what every run needs belongs into planner.toml"
        )


def _chosen(session: Session, idea_ids: Sequence[int], *, top: bool, everything: bool) -> list[int]:
    queue = session.workspace.queue
    if top:
        return [queue.top().idea.id]
    if everything:
        for idea in queue.codeless():
            say.note(f"#{idea.id} is left out: its branch {idea.change.ref!r} is not there")
        ready = [row.idea.id for row in queue.ready()]
        if not ready:
            raise NothingToDo("no idea is ready to run; `planner next` says what would make one so")
        return ready
    return list(dict.fromkeys(idea_ids))


def _climbing(view: View) -> list[int]:
    from planner.cli.follow import climbing

    return [idea for idea in view.ledger.ideas if climbing(idea, view)]


def _asked_at(idea: Idea) -> str:
    return idea.dispatch.at if idea.dispatch else ""


def _wait(
    session: Session, before: View, asked_at: Mapping[int, str], repeats: Sequence[Repeat], *, as_json: bool
) -> int:
    """Follow the ideas to their verdicts; answers the exit status."""
    from planner.cli.follow import follow, troubles

    try:
        view = follow(session.workspace, before, asked_at, on_stderr=as_json)
    except KeyboardInterrupt:
        say.error("the runs go on; `planner status` shows how far they are", as_json=as_json)
        return 130
    if as_json:
        say.document(_stories(session, view, asked_at, repeats))
    sentences = troubles(before, view, asked_at)
    for sentence in sentences:
        say.error(sentence, as_json=as_json)
    return 1 if sentences else 0


def _tell(session: Session, dispatched: Sequence[int], repeats: Sequence[Repeat], *, as_json: bool) -> None:
    view = session.workspace.view()
    if as_json:
        say.document(_stories(session, view, dispatched, repeats))
        return
    for row in view.ranked:
        if row.idea.id in dispatched:
            say.line(f"dispatched {standing(row)}")
    say.note("they go on when this terminal closes; `planner status` shows how far they are")


def _stories(
    session: Session, view: View, ideas: Iterable[int], repeats: Iterable[Repeat] = ()
) -> list[object]:
    """Each idea's story, with what was to be known before it was dispatched under `warnings`."""
    from planner.store.encoding import plain
    from planner.workspace.facts import idea_story

    rows = {row.idea.id: row for row in view.ranked}
    layout = session.workspace.layout
    ideas, repeats = list(ideas), list(repeats)
    moved = session.workspace.project.store.history(ideas=ideas)
    return [
        {
            **idea_story(rows[idea], view.runs, view.ledger, layout, moved),
            "warnings": plain([one for one in repeats if one.idea == idea]),
        }
        for idea in ideas
    ]
