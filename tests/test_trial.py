"""What a recipe returns."""

from __future__ import annotations

import subprocess
import sys

import pytest

from planner import Trial


def test_a_recipe_pays_nothing_for_importing_it() -> None:
    heavy = "{'keras', 'tensorflow', 'numpy', 'sklearn', 'pydantic', 'orjson', 'textual'}"
    code = f"from planner import Trial; import sys; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_only_the_model_and_the_training_data_are_required() -> None:
    trial = Trial("model", train=("x", "y"))
    assert (trial.validation, trial.slices, trial.fit, trial.labels) == (None, None, None, None)
    with pytest.raises(TypeError):
        Trial("model")  # type: ignore[call-arg]  # what a person might write


def test_a_trial_does_not_change() -> None:
    with pytest.raises(AttributeError):
        Trial("model", "data").model = "other"  # type: ignore[misc]  # likewise
