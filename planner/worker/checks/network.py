"""Does a Keras trial work at all? Every question about it, cheapest first."""

from __future__ import annotations

from typing import Any

import keras

from planner.domain.mistake import Mistake
from planner.trial import Trial
from planner.worker.checks.apart import examples_apart
from planner.worker.checks.asking import ask, ask_for_metric, probe
from planner.worker.checks.batch_loss import loss_apart
from planner.worker.checks.builder import Builder
from planner.worker.checks.first_loss import first_loss
from planner.worker.checks.fitting import fits
from planner.worker.checks.frozen import frozen_layers, left_alone
from planner.worker.checks.gradients import gradients_arrive, unconnected
from planner.worker.checks.heads import Head, heads
from planner.worker.checks.labels import all_labels, answers_fit, labels_fit
from planner.worker.checks.loss_sign import prefers_labels
from planner.worker.checks.numerical import numerical
from planner.worker.checks.reading import changed, demand_read
from planner.worker.checks.right_answers import finds_right
from planner.worker.checks.same import compare
from planner.worker.checks.seen import warn_of_seen
from planner.worker.checks.steps import training_steps
from planner.worker.checks.subject import Subject, finite, shape_of, subject_of, validation_batch
from planner.worker.data import Arrays, arrays_of, leaves
from planner.worker.fit import fit_arguments, listed
from planner.worker.task import Task

OWN_STEP = "not asked: the model has a train_step of its own"
"""The answer where Keras's own training step would say nothing of the model's."""


def check(task: Task, trial: Trial, builder: Builder) -> None:
    """Put every question; raises what the first failing one raised."""
    with task.signals.abruptly():
        subject = subject_of(trial, task.spec.seed)
        looking = _Looking(task, subject, builder)
        looking.at_answers()
        looking.at_gradients()
        reported = looking.at_training()
        if changed(task):
            probe(task, "params", looking.params)
        looking.at_metric(reported)
    warn_of_seen(task, trial)


class _Looking:
    """Puts the questions about one trial, and keeps what an earlier one has found out."""

    def __init__(self, task: Task, subject: Subject, builder: Builder) -> None:
        self._task = task
        self._subject = subject
        self._builder = builder
        self._answers: Any = None
        self._half = False
        self._heads: list[Head] = []

    def at_answers(self) -> None:
        """The questions about what the model answers, and what that costs."""
        task, subject = self._task, self._subject
        ask(task, "forward pass", self._forward)
        if not subject.plain or self._answers is None:
            return
        self._heads = found = heads(subject, subject.few[0], self._answers)
        everything = all_labels(arrays_of(subject.trial.train, "train"))
        probe(task, "labels", lambda: labels_fit(found, everything))
        probe(task, "probabilities", lambda: answers_fit(subject, found, half=self._half))
        ask(task, "loss", lambda: first_loss(subject, self._answers, found, self._usual_loss))
        probe(task, "examples", lambda: examples_apart(subject, self._answers, half=self._half))
        probe(task, "batch loss", lambda: loss_apart(subject, self._answers, found))
        if not found or not all(head.kind for head in found):
            probe(task, "loss sign", lambda: prefers_labels(subject, self._answers))

    def at_gradients(self) -> None:
        """The questions about what reaches which weight."""
        task, subject = self._task, self._subject
        if not subject.plain or self._answers is None:
            return
        probe(task, "gradients", self._gradients)
        probe(task, "frozen layers", lambda: frozen_layers(subject, self._reseeded))
        probe(task, "numerical gradients", lambda: numerical(subject, half=self._half))

    def at_training(self) -> set[str]:
        """A few real training steps; answers the names that they report."""
        reported: set[str] = set()
        task, subject = self._task, self._subject
        probe(task, "fit", lambda: fits(subject.trial, self._heads))
        ask(task, "training step", lambda: training_steps(subject, reported))
        if not subject.plain and self._answers is not None:
            probe(task, "frozen layers", lambda: left_alone(subject, self._reseeded))
        return reported

    def params(self) -> str:
        """Does the idea change anything? A sentence; Mistake when it does not."""
        task, builder = self._task, self._builder
        said = demand_read(task, builder.params, later=_runs_later(self._subject.trial))
        if task.spec.ref is None:
            compare(task, self._subject, builder)
        return said

    def at_metric(self, reported: set[str]) -> None:
        """Will the goal's metric be among what `fit` reports?"""
        task, subject = self._task, self._subject
        ask_for_metric(task, lambda: _reported(task, subject, reported))
        if self._heads:
            probe(task, "right answers", lambda: finds_right(subject, self._heads, task.spec.metric))

    def _forward(self) -> str:
        subject = self._subject
        if not subject.plain and not _can_answer(subject):
            return OWN_STEP
        answers = subject.timed_answers()
        self._half = any(
            "16" in str(getattr(layer, "compute_dtype", "")) for layer in subject.model._flatten_layers()
        )
        if not finite(answers):
            whole = finite(subject.few[0].x) if _numbers(subject.few[0].x) else True
            what = "look for overflow in the input" if whole else "the inputs hold NaN or infinity themselves"
            raise Mistake(f"the untrained model's answers to one batch are not finite: {what}")
        self._answers = answers
        subject.remember()
        shapes = ", ".join(str(shape_of(answer)) for answer in leaves(answers))
        return f"one batch of {len(subject.few[0])} gives answers of shape {shapes}"

    def _gradients(self) -> str:
        return gradients_arrive(self._subject, half=self._half, usual=self._usual_gaps, again=self._reseeded)

    def _reseeded(self) -> Any:
        """The model as another seed draws it; a class of the project's own is built by answering."""
        trial = self._builder.with_another_seed()
        if not trial.model.built:
            trial.model(self._subject.few[0].x)
        return trial.model

    def _other(self) -> tuple[Subject, Any] | None:
        """The baseline's trial under the same question, with its answers; None where there is none."""
        if (trial := self._builder.beside()) is None:
            return None
        other = subject_of(trial, self._task.spec.seed)
        return other, other.answers(other.few[0])

    def _usual_loss(self) -> float | None:
        return None if (found := self._other()) is None else found[0].loss(found[0].few[0], found[1])

    def _usual_gaps(self) -> int | None:
        return None if (found := self._other()) is None else unconnected(found[0])


def _can_answer(subject: Subject) -> bool:
    """Whether a model with a training step of its own has a forward pass too; many have none."""
    try:
        subject.answers(subject.few[0])
    except Exception:
        # A model of several parts may raise whatever it likes when it is called as one.
        return False
    return True


def _numbers(x: Any) -> bool:
    return all(getattr(leaf, "dtype", None) is not None and leaf.dtype.kind in "iufb" for leaf in leaves(x))


def _runs_later(trial: Trial) -> bool:
    """Whether code of the project may run in `fit` that has not run in the check."""
    own = [one for one in listed((trial.fit or {}).get("callbacks")) if not _is_quiet(one)]
    batches = any(
        part is not None and arrays_of(part, "data") is None for part in (trial.train, trial.validation)
    )
    return bool(own) or batches


def _is_quiet(callback: Any) -> bool:
    """Whether one of Keras's callbacks runs none of the project's code."""
    module, kind = type(callback).__module__, type(callback).__name__
    return module.startswith("keras.") and kind not in ("LambdaCallback", "LearningRateScheduler")


def _reported(task: Task, subject: Subject, names: set[str]) -> set[str]:
    """The names that `fit` will report; callbacks, which may add some, are asked if the metric is missing."""
    trial, validation = subject.trial, validation_batch(subject.trial)
    if validation is not None or not names:
        names = names | set(_validated(subject.model, validation or subject.batch))
    judged = validation is not None or (trial.fit or {}).get("validation_split")
    reported = names | ({f"val_{name}" for name in names} if judged else set())
    if task.spec.metric in reported or not listed((trial.fit or {}).get("callbacks")):
        return reported
    return reported | _from_callbacks(task, trial, subject.batch, validation or subject.batch)


def _validated(model: Any, batch: Arrays) -> dict[str, Any]:
    """What validating one batch reports, without the seconds that it takes to compile that."""
    eagerly, model.run_eagerly = model.run_eagerly, True
    more = {"sample_weight": batch.weight, "return_dict": True}
    try:
        if type(model).test_step is keras.Model.test_step:
            found: dict[str, Any] = model.test_on_batch(batch.x, batch.y, **more)
        else:  # which gets its data as `fit` hands it out
            found = model.evaluate(batch.x, batch.y, batch_size=len(batch), verbose=0, **more)
        return found
    finally:
        model.run_eagerly, model.test_function = eagerly, None


def _from_callbacks(task: Task, trial: Trial, train: Arrays, validation: Arrays) -> set[str]:
    arguments = {
        **fit_arguments(task, trial),
        "x": train.x,
        "y": train.y,
        "sample_weight": train.weight,
        "validation_data": validation.tuple(),
        "epochs": 1,
        "initial_epoch": 0,
        "steps_per_epoch": None,
        "validation_steps": None,
        "validation_split": 0.0,
        "verbose": 0,
    }
    history = trial.model.fit(**arguments)
    return set(history.history)
