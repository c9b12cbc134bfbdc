"""Every idea of the examples can really be trained."""

from __future__ import annotations

import importlib.util
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.demo.ideas import IDEAS
from planner.demo.make import KINDS, TEMPLATES
from planner.rules.notation import typed
from planner.trial import Trial

pytestmark = pytest.mark.keras


def variants(kind: str) -> Iterator[Any]:
    """The baseline's params, and with each idea's over them."""
    baseline = tomllib.loads((TEMPLATES / kind / "planner.toml").read_text())["baseline"]["params"]
    yield pytest.param(kind, baseline, id=f"{kind}-baseline")
    for idea in IDEAS[kind]:
        if idea.params:
            changed = {**baseline, **dict(map(typed.param, idea.params))}
            yield pytest.param(kind, changed, id=f"{kind}-{idea.title}")


def trial(kind: str, params: dict[str, Any]) -> Trial:
    """What the recipe makes of the params."""
    made: Trial = recipe(TEMPLATES / kind / "experiment.py", kind)(params)
    return made


def recipe(file: Path, name: str) -> Any:
    found = importlib.util.spec_from_file_location(f"example_{name}", file)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return getattr(module, name)


@pytest.mark.parametrize(("kind", "params"), [variant for kind in KINDS for variant in variants(kind)])
def test_an_idea_of_the_example_trains(kind: str, params: dict[str, Any]) -> None:
    made = trial(kind, params)
    (x, y), (xv, yv) = made.train, made.validation
    batch = params["batch_size"]
    if hasattr(made.model, "train_on_batch"):
        logs = made.model.train_on_batch(x[:batch], y[:batch], return_dict=True)
        assert {"digits": "accuracy", "diabetes": "mae"}[kind] in logs
        assert logs["loss"] > 0
    else:
        made.model.fit(x, y)
    answers = made.model.predict(xv[:batch])
    assert len(answers) == len(yv[:batch])


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_of_the_validation_data_that_is_looked_at_apart_has_examples(kind: str) -> None:
    baseline = tomllib.loads((TEMPLATES / kind / "planner.toml").read_text())["baseline"]["params"]
    made = trial(kind, baseline)
    assert made.slices
    assert all(0 < chosen.sum() < len(chosen) == len(made.validation[1]) for chosen in made.slices.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_split_is_the_same_for_every_run(kind: str) -> None:
    baseline = tomllib.loads((TEMPLATES / kind / "planner.toml").read_text())["baseline"]["params"]
    first, second = trial(kind, baseline), trial(kind, baseline)
    assert (first.validation[0] == second.validation[0]).all()
    assert (first.train[1] == second.train[1]).all()
