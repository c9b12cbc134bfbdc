"""The searcher is asked beside the loop: its answer is found at a later look than it was asked for."""

from __future__ import annotations

from collections.abc import Collection

from planner.rules.sweeping.proposing import Numbers, Question
from planner.searcher.ask import Asked, NoSearcher


class Searches:
    """The questions that are being answered, one for each idea at most.

    Nothing is lost with them: the same ledger asks the same question, which has the same answer.
    """

    def __init__(self) -> None:
        self._asked: dict[int, Asked] = {}

    def answer(self, idea: int, question: Question) -> Numbers | None:
        """What the searcher says; None while it is asked; NoSearcher where it can't say.

        A question that has become another one, since a configuration has ended meanwhile, is asked anew.
        """
        asked = self._asked.get(idea)
        if asked is None or asked.question != question:
            self._forget(idea)
            asked = self._asked[idea] = Asked(question)
        try:
            found = asked.answer()
        except NoSearcher:
            self._forget(idea)
            raise
        if found is not None:
            self._forget(idea)
        return found

    def keep(self, ideas: Collection[int]) -> None:
        """Let go of the questions of all other ideas: nobody waits for those any more."""
        for idea in self._asked.keys() - set(ideas):
            self._forget(idea)

    def _forget(self, idea: int) -> None:
        if (asked := self._asked.pop(idea, None)) is not None:
            asked.end()
