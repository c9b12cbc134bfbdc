"""Params that remember who read them, whatever a recipe does with them."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from planner.worker.checks.watched import Watched

VALUES = {"lr": 0.1, "width": 8, "deep": {"er": 1}}


@pytest.mark.parametrize(
    "look",
    [
        lambda params: params["lr"],
        lambda params: params.get("lr"),
        lambda params: params.get("lr", 3),
        lambda params: params.pop("lr"),
        lambda params: params.setdefault("lr", 3),
        lambda params: "lr" in params,
        lambda params: params.copy()["lr"],
        lambda params: copy.copy(params)["lr"],
        lambda params: copy.deepcopy(params)["lr"],
        lambda params: [params[name] for name in params if name == "lr"],
        lambda params: "{lr}".format_map(params),
    ],
)
def test_a_look_at_one_value_is_noted_and_no_other(look: Callable[[Any], Any]) -> None:
    params = Watched(dict(VALUES))
    look(params)
    assert params.unread(VALUES) == ["width", "deep"]


@pytest.mark.parametrize(
    "take",
    [
        lambda params: (lambda **values: values)(**params),
        lambda params: {**params},
        lambda params: dict(params),
        lambda params: {"seed": 1} | params,
        lambda params: params | {"seed": 1},
        lambda params: {}.update(params),
        lambda params: list(params.items()),
        lambda params: list(params.values()),
        lambda params: params == VALUES,
        json.dumps,
        pickle.dumps,
        repr,
        str,
    ],
)
def test_whoever_takes_all_values_has_read_them_all(take: Callable[[Any], Any]) -> None:
    params = Watched(dict(VALUES))
    take(params)
    assert params.unread(VALUES) == []


@pytest.mark.parametrize("look", [list, len, set, bool, sorted, lambda params: params.keys() - {"lr"}])
def test_names_alone_read_nothing(look: Callable[[Any], Any]) -> None:
    params = Watched(dict(VALUES))
    look(params)
    assert params.unread(VALUES) == list(VALUES)


def test_it_is_a_dict_like_any_other() -> None:
    params = Watched(dict(VALUES))
    assert isinstance(params, dict)
    assert params == VALUES
    assert dict(params) == {**params} == VALUES
    assert json.loads(json.dumps(params)) == pickle.loads(pickle.dumps(params)) == VALUES
    assert type(pickle.loads(pickle.dumps(params))) is dict
    params["deep"]["er"] = 2
    assert copy.deepcopy(params)["deep"] is not params["deep"]
    match params:
        case {"lr": rate}:
            assert rate == 0.1
