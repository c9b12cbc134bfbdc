"""Do the labels belong to the inputs? What is learnt of some examples must say something about others.

It is answered no where something else shows that there is an answer: the baseline's model, the baseline's
labels, a second walk through the data, or the validation labels of like inputs. And where there are examples
enough, and not even the whole training makes anything of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.data import Arrays, leaves
from planner.worker.task import Task
from planner.worker.tiny.carrying import FEWEST, carries, carries_after_study, others
from planner.worker.tiny.evidence import (
    CERTAIN,
    CHANCE,
    alike,
    follows_neighbours,
    like_labels,
    neighbours_tell,
    other_labels,
    recur,
)
from planner.worker.tiny.memorise import Learnt, memorise
from planner.worker.tiny.moved import in_order, moved, run_on
from planner.worker.tiny.noise import association_at_all, tellable
from planner.worker.tiny.pool import NoExamples, gather, learnt_batch
from planner.worker.tiny.questions import unless_meant
from planner.worker.tiny.trained import Trained, train

BEATS = 4.0
"""Deviations from chance at which what was learnt carries over."""
BY_FAR = 8.0
"""Deviations of the baseline's model from which the idea's own is expected to do better than chance."""
MOST = 300
"""Validation examples that are looked at."""
FAR = "nothing carries over from a few examples to others"
UNLESS_MEANT = unless_meant("labels")


@dataclass(frozen=True, slots=True)
class Beside:
    """The baseline's trial with examples it trains on."""

    trial: Trial
    """The trial, built anew."""
    pool: Arrays
    """Its training examples."""


Anew = Callable[[bool], Trial]
"""Makes the trial anew; with True the baseline's."""


def question(
    task: Task, trial: Trial, learnt: Learnt, pool: Arrays, beside: Callable[[], Beside | None], anew: Anew
) -> str:
    """What was found, in a sentence; Mistake when the labels do not belong to the inputs."""
    return _Asking(task, trial, learnt, pool, beside, anew).answer()


class _Asking:
    """One trial whose labels are in question, and what is known of them so far."""

    def __init__(
        self,
        task: Task,
        trial: Trial,
        learnt: Learnt,
        pool: Arrays,
        beside: Callable[[], Beside | None],
        anew: Anew,
    ) -> None:
        self._task, self._trial, self._learnt, self._pool = task, trial, learnt, pool
        self._beside, self._anew = beside, anew
        self._rest = others(learnt, pool)
        self._found = self._most = 0.0
        self._enough = True

    def answer(self) -> str:
        """Every way to find out, cheapest first."""
        self._moved()
        if len(self._rest) < FEWEST:
            self._other_labels()
            return f"cannot be told: {len(self._rest)} training examples are left, fewer than {FEWEST}"
        self._found, self._enough = carries(self._learnt.plain, self._rest, self._learnt.batch)
        if self._found < BEATS:
            self._found, self._enough = carries_after_study(self._task, self._learnt, self._rest)
        if self._found >= BEATS:
            self._at_validation()
            return (
                f"what was learnt carries over to other training examples, {self._found:.0f} standard "
                "deviations above chance"
            )
        if follows_neighbours(self._pool):
            return (
                "what was learnt of a few examples does not carry over yet; but like inputs have like labels"
            )
        return self._without_carrying()

    def _without_carrying(self) -> str:
        """Nothing learnt of some examples says anything of others: is there anything to learn?"""
        again = _again(self._trial, self._learnt.batch)
        if again is not None and other_labels(self._pool, again):
            raise Mistake(
                "the same training inputs come with other labels at the next walk through the data: labels "
                f"and inputs are shuffled apart, so there is nothing to learn; {UNLESS_MEANT}"
            )
        other = self._other_labels()
        augmented = again is not None and not recur(self._pool, again)
        if not augmented and self._only_in_validation():
            raise Mistake(
                "the validation inputs say what their labels are, and the training inputs, which are of the "
                "same kind, say nothing of theirs: the training labels do not belong to their inputs "
                f"(shuffled, sorted or read apart from them?); {UNLESS_MEANT}"
            )
        if not self._enough:
            return "cannot be told in time: the model is too slow to learn of many examples"
        if not augmented and other is not False:
            self._beside_the_baseline()
        return self._by_data() or (not augmented and self._by_training()) or self._nobody_knows()

    def _nobody_knows(self) -> str:
        """That there is neither a yes nor a no; said as an alert too, since it may be a bug."""
        nothing = "neither does what is learnt carry over to other examples nor have like inputs like labels"
        self._task.report.alert(
            f"the rung tiny can't tell whether the labels belong to the inputs: {nothing}, as where labels "
            "are shuffled, but also in tasks that are hard or noisy"
        )
        return f"cannot be told: {nothing}"

    def _by_data(self) -> str:
        """That labels go with inputs, whatever a model makes of it; empty where that is not certain."""
        validation = self._validation()
        sets = (self._pool,) if validation is None else (self._pool, validation)
        self._most = association_at_all(*sets)
        if self._most < CERTAIN:
            return ""
        return f"{FAR}; but the labels go with the inputs, {self._most:.0f} standard deviations above chance"

    def _by_training(self) -> str:
        """What the whole training makes of it, empty where that can't be said; Mistake where nothing."""
        validation = self._validation()
        if validation is None or max(self._found, self._most) >= CHANCE or not self._learnt.by_heart:
            return ""
        if not (tellable(self._rest, validation) and alike(self._pool, validation)):
            return ""
        epochs = 0
        for baseline in self._trials():
            found = self._trained(validation, baseline=baseline)
            if found is None or not found.whole:
                return ""
            if found.validation >= CHANCE:
                whose = "with the baseline's trial" if baseline else "as the recipe has it"
                return (
                    f"{FAR}; but trained {whose} the model says something of the validation labels, "
                    f"{found.validation:.0f} standard deviations above chance"
                )
            if found.ahead < 1:
                return ""
            epochs = max(epochs, found.epochs)
        raise Mistake(
            "the labels say nothing that could be learnt from the inputs: like inputs have no like labels, "
            "what is learnt of some examples says nothing of others, and the whole training of "
            f"{epochs} epochs says nothing of the validation labels: labels and inputs are shuffled "
            f"apart, or the task is too hard or too noisy for this recipe; {UNLESS_MEANT}"
        )

    def _trials(self) -> tuple[bool, ...]:
        """Whose trainings there are: its own, and the baseline's where that is another."""
        spec = self._task.spec
        return (False,) if spec.beside in (None, spec.params) else (False, True)

    def _trained(self, validation: Arrays, *, baseline: bool) -> Trained | None:
        return train(
            self._task, self._anew(baseline), self._pool, validation, lambda look: look.validation >= BEATS
        )

    def _moved(self) -> None:
        """Mistake where the training labels are the baseline's of other places, and only those."""
        own = in_order(self._trial.train, "train")
        if own is None or not run_on(own) or (beside := self._beside()) is None:
            return
        theirs = in_order(beside.trial.train, "train")
        lag = moved(own, theirs) if theirs is not None else 0
        if lag and not self._validation_moved(beside, lag):
            where = f"{abs(lag)} places {'further on' if lag > 0 else 'before'}"
            raise Mistake(
                "the training inputs are the baseline's, and their labels are the baseline's of the examples "
                f"{where}, unlike in the validation data: the training labels have moved; {UNLESS_MEANT}"
            )

    def _validation_moved(self, beside: Beside, lag: int) -> bool:
        own = in_order(self._trial.validation, "validation") if self._trial.validation is not None else None
        if own is None or beside.trial.validation is None:
            return True  # nobody can say that it is not
        theirs = in_order(beside.trial.validation, "validation")
        return theirs is None or moved(own, theirs) == lag

    def _other_labels(self) -> bool | None:
        """False where the baseline has such labels for those inputs, None where unknown; else a Mistake."""
        if (beside := self._beside()) is None:
            return None
        other = other_labels(self._pool, beside.pool)
        if other:
            raise Mistake(
                "the training inputs are the baseline's, and their labels are others, which have nothing to "
                f"do with the baseline's: the labels do not belong to the inputs; {UNLESS_MEANT}"
            )
        return other

    def _at_validation(self) -> None:
        """Mistake where what carries over to other training examples does not to validation data alike."""
        validation = self._validation()
        if validation is None or len(validation) < FEWEST or self._found < BY_FAR:
            return
        theirs, whole = carries(self._learnt.plain, validation.take(slice(0, MOST)), self._learnt.batch)
        if theirs >= CHANCE or not whole:
            return
        if not alike(self._pool, validation):
            return
        if neighbours_tell(validation, self._pool):
            raise Mistake(
                "like inputs have like labels in the training data, as by chance in the validation data: the "
                f"validation labels do not belong to their inputs; {UNLESS_MEANT}"
            )
        if follows_neighbours(validation):
            raise Mistake(
                "what is learnt of the training data is right for other training examples and wrong for "
                "validation examples of the same kind: the labels mean something else there (are the classes "
                f"numbered otherwise?); {UNLESS_MEANT}"
            )

    def _only_in_validation(self) -> bool:
        """Whether labels follow from inputs in the validation data alone, whose inputs are alike."""
        validation = self._validation()
        if validation is None or not alike(self._pool, validation):
            return False
        if neighbours_tell(self._pool, validation):
            return True
        if self._found >= CHANCE or not self._enough:
            return False
        theirs, _ = carries_after_study(self._task, self._learnt, validation.take(slice(0, len(self._rest))))
        return theirs >= BY_FAR

    def _validation(self) -> Arrays | None:
        validation = _gathered(self._trial.validation, "validation", self._learnt.batch)
        if validation is None or not _same_kind(self._pool, validation):
            return None
        return validation if like_labels(self._pool, validation) else None

    def _beside_the_baseline(self) -> None:
        """Mistake where what the baseline's model learns of the same examples carries over by far."""
        if (beside := self._beside()) is None:
            return
        learnt = memorise(self._task, beside.trial.model, beside.pool, learnt_batch(beside.trial))
        rest = others(learnt, beside.pool)
        theirs, _ = carries(learnt.plain, rest, learnt.batch)
        if theirs < BY_FAR:
            theirs = max(theirs, carries_after_study(self._task, learnt, rest)[0])
        if theirs >= BY_FAR and self._found < CHANCE and self._found < theirs / 4:
            raise Mistake(
                "what is learnt of some training examples says nothing about others, while with the "
                f"baseline's trial it does ({theirs:.0f} standard deviations above chance): the labels do "
                f"not belong to the inputs, or the inputs are handed on unread; {UNLESS_MEANT}"
            )


def _again(trial: Trial, batch: int) -> Arrays | None:
    """The training examples of a second walk through the data; None of arrays, which are the same again."""
    if isinstance(trial.train, tuple | list):
        return None
    if hasattr(trial.train, "on_epoch_end"):
        trial.train.on_epoch_end()
    return _gathered(trial.train, "train", batch)


def _same_kind(one: Arrays, other: Arrays) -> bool:
    """Whether the examples have the same shapes."""
    return [leaf.shape[1:] for part in (one.x, one.y) for leaf in leaves(part)] == [
        leaf.shape[1:] for part in (other.x, other.y) for leaf in leaves(part)
    ]


def _gathered(data: Any, name: str, batch: int) -> Arrays | None:
    try:
        return gather(data, name, batch) if data is not None else None
    except NoExamples:
        return None
