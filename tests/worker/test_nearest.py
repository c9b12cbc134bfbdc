"""The name a person probably meant."""

from __future__ import annotations

import pytest

from planner.worker.nearest import did_you_mean, is_slip


@pytest.mark.parametrize(
    ("meant", "there", "offered"),
    [
        ("val_loss", ["val_los", "loss"], "val_los"),
        ("val_accuracy", ["loss", "val_acc", "val_loss"], "val_acc"),
        ("accuracy", ["val_accuracy", "val_loss"], "val_accuracy"),
        ("lrr", ["lr", "epochs"], "lr"),
        ("experiments", ["experiment", "train"], "experiment"),
    ],
)
def test_the_nearest_name_is_offered(meant: str, there: list[str], offered: str) -> None:
    assert did_you_mean(meant, there) == f"; did you mean {offered}?"


@pytest.mark.parametrize(
    ("meant", "there"),
    [("val_accuracy", ["r2", "val_r2", "val_mae"]), ("val_loss", ["val_f1"]), ("lr", ["epochs"]), ("lr", [])],
)
def test_a_name_that_is_no_slip_is_not_offered(meant: str, there: list[str]) -> None:
    assert did_you_mean(meant, there) == ""


@pytest.mark.parametrize(
    ("name", "other", "slip"),
    [
        ("val_accuracy", "val_acc", True),
        ("val_accuracy", "Val_Accuracy", True),
        ("val_loss", "val_los", True),
        ("val_accuracy", "accuracy", False),
        ("val_accuracy_top5", "val_accuracy", False),
        ("val_mse", "val_mae", False),
    ],
)
def test_what_two_recipes_may_well_measure_both_is_no_slip(name: str, other: str, slip: bool) -> None:
    assert is_slip(name, other) == slip
