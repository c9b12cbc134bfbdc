"""The rung `tiny`: learn a few dozen training examples by heart, then see whether that carries over."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from planner.domain.exhausted import OUT_OF_MEMORY
from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker import seed
from planner.worker.cause import cause_of
from planner.worker.checks.asking import ask, probe
from planner.worker.data import Arrays, leaves
from planner.worker.recipe import Recipe, is_keras
from planner.worker.task import Task
from planner.worker.tiny import labels
from planner.worker.tiny.choose import distinct
from planner.worker.tiny.labels import Beside
from planner.worker.tiny.lesson import FEWER
from planner.worker.tiny.memorise import Learnt, memorise
from planner.worker.tiny.plain import has_own_step
from planner.worker.tiny.pool import NoExamples, gather, learnt_batch
from planner.worker.tiny.questions import ask_nothing, unless_meant, warn_of_unknown
from planner.worker.tiny.scale import scaled
from planner.worker.tiny.steep import refuse_steep

NEXT_TO_NOTHING = 1e-6
"""A loss above its floor that is as good as 0: labels that are all the same, or nearly so."""
SOME = 0.9
"""Share of the best constant answer's cost below which some of it is learnt."""
NARROW = 8
"""Numbers of an example up to which many of them may lie too close together to be learnt by heart."""
SEVERAL = 8
"""Examples from which on inputs that are all the same are no coincidence."""
IN_TIME = "cannot be told in time"
"""What is said where the time did not suffice for every way that might have got there."""
UNLESS_MEANT = unless_meant("overfit")


def tiny(task: Task, trial: Trial, recipe: Recipe) -> None:
    """Put both questions; raises the Mistake of the first that is answered no."""
    warn_of_unknown(task)
    task.report.training()
    with task.signals.abruptly():
        if reason := _means_nothing(trial):
            ask_nothing(task, reason)
            return
        try:
            pool = gather(trial.train, "train", learnt_batch(trial))
        except NoExamples as none:
            ask_nothing(task, str(none))
            return
        _ask(task, trial, recipe, pool)


def _ask(task: Task, trial: Trial, recipe: Recipe, pool: Arrays) -> None:
    if distinct(pool) < 2:
        _too_alike(task, pool)
        return
    try:
        learnt = memorise(task, trial.model, pool, learnt_batch(trial))
    except Exception as error:
        # The check has trained this model as the recipe has it: what goes wrong only here is the rung's
        # own doing with a kind of model that nobody foresaw. Want of memory would come again.
        cause = cause_of(error, task.project, task.spec)
        if cause.startswith(OUT_OF_MEMORY):
            raise
        ask_nothing(task, f"this model can't be trained without its regularisation ({cause})")
        return

    @cache
    def beside() -> Beside | None:
        return _beside(task, recipe)

    def anew(baseline: bool = False) -> Trial:
        seed.sow(task.spec.seed)
        return recipe.trial(task, dict(task.spec.beside) if baseline and task.spec.beside else None)

    def overfit() -> str:
        _refuse_deaf(task, learnt, beside)
        refuse_steep(task, trial, learnt, pool, anew)
        return _by_heart(task, learnt, beside)

    probe(task, "overfit", overfit)
    if learnt.deaf:
        task.report.check("labels", passed=True, detail="not asked: the loss never looks at the labels")
        return
    probe(task, "labels", lambda: labels.question(task, trial, learnt, pool, beside, anew))


def _too_alike(task: Task, pool: Arrays) -> None:
    """What there is to say of training examples that all have the same input."""
    if len(pool) < SEVERAL:
        ask_nothing(task, f"the training data hold {len(pool)} examples, too few to ask about")
        return

    def alike() -> str:
        raise Mistake(
            f"the inputs of all {len(pool)} training examples that were looked at are the same: "
            f"nothing tells them apart; {UNLESS_MEANT}"
        )

    ask(task, "overfit", alike)


def _refuse_deaf(task: Task, learnt: Learnt, beside: Callable[[], Beside | None]) -> None:
    """Mistake where the loss is the same whatever the labels, and the project does not go by just that."""
    if learnt.deaf and not _by_itself(task, beside()):
        raise Mistake(
            f"the loss is {learnt.state.loss:.3g} whatever labels the examples have: it never looks at "
            f"them; {UNLESS_MEANT}"
        )


def _by_heart(task: Task, learnt: Learnt, beside: Callable[[], Beside | None]) -> str:
    """What was reached, in a sentence; Mistake when the examples were not learnt by heart."""
    state, many = learnt.state, len(learnt.examples)
    if learnt.deaf:
        return f"the loss is {state.loss:.3g} whatever labels the examples have: nothing is to be learnt"
    if state.constant - state.costs.floor < NEXT_TO_NOTHING:
        same = f"one and the same answer to all {many} examples costs {state.constant:.3g}"
        return f"cannot be told: {same}, so there is next to nothing to learn by heart"
    if learnt.by_heart:
        said = f", {state.found}" if state.found else ""
        steps = learnt.steps
        return f"{many} training examples learnt by heart in {steps} steps: loss {state.loss:.3g}{said}"
    if not learnt.in_time:
        return f"{IN_TIME}: after {learnt.steps} steps the loss is {state.loss:.3g}"
    if not learnt.roomy:
        return f"cannot be told: the model has too few weights to learn {many} training examples by heart"
    if _is_crowded(learnt):
        fewer = _again(task, learnt, learnt.examples.take(slice(None, None, many // FEWER)))
        if fewer.by_heart:
            return f"{FEWER} training examples learnt by heart, which {many} of so few numbers each are not"
        if not fewer.in_time:
            return f"{IN_TIME}: {many} training examples of so few numbers each are not learnt by heart"
    cause = _scale(task, learnt) or _likeliest(learnt)
    raise Mistake(_why_not(learnt, cause, _and_the_baseline(task, beside())))


def _by_itself(task: Task, beside: Beside | None) -> bool:
    """Whether a loss that never looks at labels is what the project goes by, as where nothing has labels."""
    if task.spec.metric.removeprefix("val_") != "loss":
        return False
    return beside is None or memorise(task, beside.trial.model, beside.pool, learnt_batch(beside.trial)).deaf


def _is_crowded(learnt: Learnt) -> bool:
    """Whether some is learnt of inputs so narrow that a smooth answer can't tell all of them apart."""
    widths = [int(np.prod(leaf.shape[1:])) for leaf in leaves(learnt.examples.x)]
    return sum(widths) <= NARROW and learnt.state.left < SOME and len(learnt.examples) > FEWER


def _again(task: Task, learnt: Learnt, examples: Arrays) -> Learnt:
    """What the model, from the start again, learns of other examples."""
    learnt.plain.put_back(learnt.start)
    return memorise(task, learnt.plain.inner, examples, learnt.batch)


def _scale(task: Task, learnt: Learnt) -> str:
    """That it learns the same examples once their inputs are scaled, or may; empty where that is not it."""
    if (found := scaled(learnt.examples)) is None:
        return ""
    again, lie = _again(task, learnt, found.examples), f"between {found.low:.3g} and {found.high:.3g}"
    if again.by_heart:
        return (
            f"the inputs lie {lie}, and scaled to mean 0 and deviation 1 they are learnt by heart: scale them"
        )
    if not again.in_time:
        return f"the inputs lie {lie}, which may be it, but there was no time to try them scaled"
    return ""


def _why_not(learnt: Learnt, cause: str, baseline: str) -> str:
    state, many = learnt.state, len(learnt.examples)
    found = f" ({state.found})" if state.found else ""
    return (
        f"{many} training examples can't be learnt by heart: after {learnt.steps} steps without "
        f"regularisation the loss is still {state.loss:.3g}{found}, where {_expected(learnt)}; "
        f"{cause}{baseline}; {UNLESS_MEANT}"
    )


def _expected(learnt: Learnt) -> str:
    constant = learnt.state.constant
    if not math.isfinite(constant):
        return "near 0 is expected"
    classes = round(math.exp(constant)) if 0 < constant < 20 else 0
    same = f" = ln {classes}" if classes > 1 and abs(math.log(classes) - constant) < 0.005 else ""
    return f"one and the same answer to all of them costs {constant:.3g}{same} and near 0 is expected"


def _likeliest(learnt: Learnt) -> str:
    """The likeliest causes in order, by what was reached."""
    state = learnt.state
    if not math.isfinite(state.loss):
        return "no rate keeps the loss finite: look at the loss and the scale of the inputs"
    if state.left > SOME:
        return (
            "nothing of the inputs reaches the answers: look for a layer that is cut off, dead or saturated, "
            "inputs that are all alike, a loss that looks at the wrong axis"
        )
    return (
        "some of it is learnt: look for a layer that throws away what tells the examples apart, a loss that "
        "wants something else than the labels, a gradient that is wrong"
    )


def _and_the_baseline(task: Task, beside: Beside | None) -> str:
    if beside is None:
        return ""
    learnt = memorise(task, beside.trial.model, beside.pool, learnt_batch(beside.trial))
    if learnt.by_heart:
        return "; the baseline's model does learn its own"
    if not learnt.in_time:
        return ""
    return "; the baseline's model does not learn its own either: look at the recipe, not at the idea"


def _beside(task: Task, recipe: Recipe) -> Beside | None:
    """The baseline's trial with its examples; None where there is none that could be asked the same."""
    if task.spec.beside is None:
        return None
    try:
        seed.sow(task.spec.seed)
        trial = recipe.trial(task, dict(task.spec.beside))
        if not is_keras(trial.model) or _means_nothing(trial):
            return None
        pool = gather(trial.train, "train", learnt_batch(trial))
    except Exception as error:
        # The recipe may raise anything for the baseline too, and what the idea came to stands without it.
        said = cause_of(error, task.project, task.spec)
        task.report.alert(f"the baseline's trial could not be looked at beside the idea's ({said})")
        return None
    return Beside(trial, pool)


def _means_nothing(trial: Trial) -> str:
    """Why the rung has nothing to ask of this trial; empty where it has."""
    model = trial.model
    if has_own_step(model):
        return f"{type(model).__name__} computes its training step or its loss by itself"
    if model.loss is None:
        return "the model is compiled without a loss, so its labels mean nothing"
    if not model.trainable and not model.trainable_weights:
        return "no weight of the model is to be trained"
    return ""
