"""Params in the places of a command."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from planner.domain.mistake import Mistake
from planner.worker.filling import filled, places

PARAMS = {"lr": 1e-05, "flag": True, "depth": None, "layers": [64, 32], "name": "two words; $HOME \"x'\n"}


def test_each_kind_of_param_is_spelt_as_json_and_text_as_it_is() -> None:
    command = tuple(f"--{name}={{{name}}}" for name in PARAMS)
    assert filled(("train", *command), PARAMS) == [
        "train", "--lr=1e-05", "--flag=true", "--depth=null", "--layers=[64, 32]",
        "--name=two words; $HOME \"x'\n",
    ]  # fmt: skip


def test_a_place_without_a_param_is_a_mistake_that_names_the_nearest() -> None:
    with pytest.raises(Mistake, match=r"uses \{lrr\}, and the params have no lrr; did you mean lr\?"):
        filled(("train", "{lrr}"), {"lr": 1, "epochs": 2})
    with pytest.raises(Mistake, match=r"no x; braces that are meant as such are doubled, \{\{x\}\}"):
        filled(("train", "{x}"), {"lr": 1})


def test_braces_that_are_no_places_stay() -> None:
    assert filled(("a", '{"x": 1}', "{b}", "awk '{print $1}'"), {"b": True})[1:] == [
        '{"x": 1}', "true", "awk '{print $1}'",
    ]  # fmt: skip
    assert filled(("a", "${b} {{b}} {{print}}"), {"b": 1}) == ["a", "${b} {b} {print}"]
    assert filled(("python", "x"), {})[0] == sys.executable


def test_all_params_together_are_an_argument_or_a_file(tmp_path: Path) -> None:
    assert json.loads(filled(("train", "{params}"), PARAMS)[1]) == PARAMS
    path = Path(filled(("train", "{params.json}"), PARAMS, tmp_path)[1])
    assert json.loads(path.read_text()) == PARAMS
    assert path.stat().st_mode & 0o077 == 0
    assert filled(("train", "{params}"), {"params": 3}) == ["train", "3"]


def test_no_file_holds_a_secret(tmp_path: Path) -> None:
    secret = {"lr": 1, "api_key": "sk-" + "4f9Ab" * 8}
    with pytest.raises(Mistake, match="looks like a secret, which no file of a run may hold"):
        filled(("train", "{params.json}"), secret, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (("train", "{lr}", "${depth}", "{{name}}"), {"lr"}),
        (("train", "{params}"), set(PARAMS) | {"params"}),
        (("train", "--config={params.json}"), set(PARAMS) | {"params.json"}),
    ],
)
def test_the_names_that_have_a_place(command: tuple[str, ...], found: set[str]) -> None:
    assert places(command, PARAMS) == found


@pytest.mark.parametrize("value", ["two words", "$HOME", "a;b", "it's"])
def test_a_text_that_a_shell_would_take_apart_does_not_reach_its_script(value: str) -> None:
    with pytest.raises(Mistake, match=r'which sh would take apart: .* write "\$1" in the script'):
        filled(("sh", "-c", "train --name {name}"), {"name": value})
    assert filled(("sh", "-c", 'train "$1"', "sh", "{name}"), {"name": value})[-1] == value


def test_a_number_may_stand_in_a_script() -> None:
    command = ("bash", "-ec", "train --lr {lr} | tee log")
    assert filled(command, {"lr": -1e-05})[2] == "train --lr -1e-05 | tee log"
