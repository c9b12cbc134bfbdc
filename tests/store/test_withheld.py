"""What a run is told in secret is in no folder, reaches its worker, and is put back where it is known."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from planner.domain.mistake import Mistake
from planner.domain.run import SPEC_FORMAT, Spec
from planner.rules.notation.sweeping import sweep
from planner.store import encoding, withheld
from planner.store.redact import REDACTED

PASSWORD = "hunter2-and-more"
SPEC = Spec(
    format=SPEC_FORMAT,
    run="r1-aaaa",
    project="/project",
    rung="full",
    seed=0,
    params={"lr": 0.1, "layers": (1, 2)},
    metric="val_accuracy",
    direction="max",
    command=("python", "train.py"),
    beside={"lr": 0.2},
    baseline_params={"lr": 0.2},
)
TOLD = {
    "params": {"params": {"lr": 0.1, "db": {"password": PASSWORD}}},
    "the params of a function": {"params": {"password": PASSWORD}, "command": None, "entry": "net:train"},
    "the baseline's params": {"beside": {"password": PASSWORD}},
    "the command": {"command": ("python", "train.py", "--password", PASSWORD)},
}
"""Where a secret may stand that the worker needs."""


def handed(spec: Spec) -> dict[str, str]:
    return withheld.environment(spec.params, spec.command, spec.beside)


@pytest.mark.parametrize("fields", TOLD.values(), ids=TOLD.keys())
def test_a_secret_reaches_the_worker_and_no_folder(
    fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = replace(SPEC, **fields)
    written = withheld.without(spec)
    assert written.withheld
    assert PASSWORD not in encoding.encode(written).decode()
    for name, value in handed(spec).items():
        monkeypatch.setenv(name, value)
    whole = withheld.whole(written)
    assert [whole.params, whole.beside] == encoding.plain([spec.params, spec.beside])
    assert whole.command == spec.command
    assert withheld.VARIABLE not in os.environ, "what the recipe starts does not inherit it"


def test_where_there_is_no_secret_nothing_is_withheld_or_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    written = withheld.without(SPEC)
    assert encoding.plain(written) == encoding.plain(SPEC)
    assert handed(SPEC) == {}
    monkeypatch.setenv(withheld.VARIABLE, "of another run")
    assert withheld.whole(written) == written
    assert withheld.VARIABLE not in os.environ
    bare = replace(SPEC, command=None, beside=None, baseline_params=None)
    assert (withheld.without(bare).withheld, handed(bare)) == (False, {})


def test_what_the_worker_does_not_need_is_hidden_and_not_handed_on() -> None:
    words = f"with password={PASSWORD}"
    said = withheld.without(
        replace(
            SPEC,
            title=words,
            hypothesis=words,
            category=words,
            tags=(words,),
            baseline_params={"password": PASSWORD},
        )
    )
    assert PASSWORD not in encoding.encode(said).decode()
    assert not said.withheld
    assert withheld.without(replace(SPEC, withheld=True)).withheld, "once withheld, always"


def test_a_sweep_is_written_down_unless_it_chooses_from_secrets() -> None:
    widths, secrets = sweep(["w=1,2"]), sweep(["w=1,2", f"password={PASSWORD},{PASSWORD}2"])
    assert withheld.without(replace(SPEC, sweep=widths)).sweep == widths
    assert withheld.without(replace(SPEC, sweep=secrets)).sweep is None
    assert withheld.without(SPEC).sweep is None


def test_a_worker_that_is_not_handed_its_secrets_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(withheld.VARIABLE, raising=False)
    with pytest.raises(Mistake, match=r"run r1-aaaa was told a secret, .* start it with the planner"):
        withheld.whole(replace(SPEC, withheld=True))


def test_a_secret_is_put_back_where_it_is_known_and_nothing_else_is() -> None:
    known = {"db": {"password": PASSWORD, "host": "here"}, "lr": 0.5, "token": "abcdefgh12345"}
    written = {"db": {"password": REDACTED, "host": "here"}, "lr": 0.1, "api_key": REDACTED}
    assert withheld.restored(written, known) == {**written, "db": known["db"]}
    elsewhere = {"db": {"password": REDACTED, "host": "there"}}
    assert withheld.restored(elsewhere, known) == elsewhere, "it may have been another password"


def test_a_gap_is_found_at_any_depth() -> None:
    assert withheld.lost({"lr": 0.1, "words": ["a", {"b": None}], "db": {"host": "here"}}) is None
    assert withheld.lost({"lr": 0.1, "db": {"hosts": [{"password": REDACTED}]}}) == "db"
    assert withheld.lost({"address": f"postgres://{REDACTED}@here/db"}) == "address"
