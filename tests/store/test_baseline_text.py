"""Params put into planner.toml: nothing else in the file moves, and what is read back is what was meant."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.domain.mistake import Mistake
from planner.store.baseline_text import baseline_rewritten, with_baseline
from planner.store.layout import Layout

WORDS = st.text("abcdefgh_-ë \"'\\\n#=,{}[]", max_size=6)
VALUES: st.SearchStrategy[object] = st.recursive(
    st.booleans() | st.integers(-99, 99) | st.floats() | WORDS, lambda inner: st.lists(inner, max_size=3)
)
PARAMS = st.dictionaries(st.text("abcë. ", min_size=1, max_size=3), VALUES, max_size=4)

CASES = {
    "a value": (
        "# mine\n[baseline]\nparams = { lr = 1e-3, size = 64 }  # mine\n\n[score]\na = 5\n",
        {"lr": 0.003, "size": 64},
        "# mine\n[baseline]\nparams = { lr = 0.003, size = 64 }  # mine\n\n[score]\na = 5\n",
    ),
    "one more": (
        "[baseline]\nparams = { lr = 1_000 }\n",
        {"lr": 1000, "drop-out": 0.5, "a name": "x"},
        '[baseline]\nparams = { lr = 1_000, drop-out = 0.5, "a name" = "x" }\n',
    ),
    "the first": ("[baseline]\nparams = {}\n", {"lr": 0.1}, "[baseline]\nparams = { lr = 0.1 }\n"),
    "the first between blanks": (
        "[baseline]\nparams = {  }\n", {"lr": 0.1}, "[baseline]\nparams = { lr = 0.1 }\n"
    ),
    "one less": (
        "[baseline]\nparams = { a = 1, b = [1, # no, really\n 2], c = 3 }\n",
        {"a": 1, "c": 3},
        "[baseline]\nparams = { a = 1, c = 3 }\n",
    ),
    "the first less": ("[baseline]\nparams = {a = 1, b = 2}", {"b": 2}, "[baseline]\nparams = {b = 2}"),
    "the last less": ("[baseline]\nparams = { a = 1, b = 2 }", {"a": 1}, "[baseline]\nparams = { a = 1 }"),
    "a table of its own": (
        "[baseline.params] # below\nlr = 1e-3 # low\n\n# wide\nwidth = 64\n\n[goal]\nm = 'x'\n",
        {"lr": 0.01, "width": 64, "deep": True},
        "[baseline.params] # below\nlr = 0.01 # low\n\n# wide\nwidth = 64\ndeep = true\n\n[goal]\nm = 'x'\n",
    ),
    "an entry of such a table less": (
        "[baseline.params]\nlr = 1\nwidth = 64", {"lr": 1}, "[baseline.params]\nlr = 1\n"
    ),
    "an entry more at the end of the file": (
        "[baseline.params]\nlr = 1", {"lr": 1, "b": 2}, "[baseline.params]\nlr = 1\nb = 2\n"
    ),
    "a table without params": ("[baseline]\n[a]\n", {"lr": 1}, "[baseline]\nparams = { lr = 1 }\n[a]\n"),
    "a table with another key": (
        "[baseline]\nname = 'mine'\n[a]\n", {"lr": 1}, "[baseline]\nparams = { lr = 1 }\nname = 'mine'\n[a]\n"
    ),
    "no table": ("[goal]\nm = 'x'", {"a": 1}, "[goal]\nm = 'x'\n\n[baseline]\nparams = { a = 1 }\n"),
    "lines of Windows": (
        "[baseline.params]\r\nlr = 1\r\n", {"lr": 1, "b": 2}, "[baseline.params]\r\nlr = 1\r\nb = 2\r\n"
    ),
    "nothing to do": ("baseline.params.lr = 1\n", {"lr": 1}, "baseline.params.lr = 1\n"),
    "dotted keys": (
        "baseline.params.lr = 1 # low\n\n[goal]\nm = 1\n",
        {"lr": 2, "wide": True},
        "baseline.params.lr = 2 # low\nbaseline.params.wide = true\n\n[goal]\nm = 1\n",
    ),
    "dotted keys below another": (
        "title = 'x'\nbaseline.params.lr = 1\n", {"lr": 2}, "title = 'x'\nbaseline.params.lr = 2\n"
    ),
    "dotted keys in the table": (
        "[baseline]\nparams.opt.name = 'sgd' # plain\nparams.opt.m = 0.9\nparams.lr = 1\n\n[a]\n",
        {"lr": 1, "opt": {"name": "adam", "beta": 0.99}},
        "[baseline]\nparams.opt.name = \"adam\" # plain\nparams.opt.beta = 0.99\nparams.lr = 1\n\n[a]\n",
    ),
    "dotted keys that become one": (
        "[baseline.params]\nopt.name = 'sgd'\nlr = 1\nopt.m = 1\n",
        {"lr": 1, "opt": "adam"},
        "[baseline.params]\nlr = 1\nopt = \"adam\"\n",
    ),
    "dotted keys that become nothing": (
        "[baseline.params]\nopt.m = 1\n", {"opt": {}}, "[baseline.params]\nopt = {}\n"
    ),
    "one key for several": (
        "[baseline.params]\nopt = 'sgd'\n", {"opt": {"m": 1}}, "[baseline.params]\nopt = { m = 1 }\n"
    ),
    "dots within braces": (
        "[baseline]\nparams = { opt.m = 1, lr = 2 } # both\n",
        {"opt": {"m": 3, "n": 4}, "lr": 2},
        "[baseline]\nparams = { opt.m = 3, lr = 2, opt.n = 4 } # both\n",
    ),
    "dots within quotes": (
        "[baseline.params]\n\"opt.m\" = 1\n'a b'.c = 2\n",
        {"opt.m": 2, "a b": {"c": 3, "d e": 4}},
        "[baseline.params]\n\"opt.m\" = 2\n'a b'.c = 3\n\"a b\".\"d e\" = 4\n",
    ),
    "all in braces": (
        "baseline = { params = { lr = 1 } }\n", {"lr": 2}, "baseline = { params = { lr = 2 } }\n"
    ),
    "every entry another": (
        "[baseline]\nparams = { a = 1, b = 2 }", {"c": 3}, "[baseline]\nparams = { c = 3 }"
    ),
    "dots and braces within": ("baseline = { params.lr = 1 }\n", {"lr": 2, "b": 1}, None),
    "braces without params": ("baseline = { name = 'mine' }\n", {"lr": 1}, None),
    "params that are none": ("[baseline]\nparams = [1]\n", {"lr": 1}, None),
    "a table within": ("[baseline.params]\nlr = 1\n[baseline.params.inner]\nx = 1\n", {"lr": 2}, None),
    "a table within a table": (
        "[baseline.params]\nlr = 1\n[baseline.params.a]\nx = 1 # one\n[baseline.params.a.b]\ny = 1\n",
        {"lr": 2, "a": {"x": 3, "b": {"y": 4, "z": 5}}},
        "[baseline.params]\nlr = 2\n[baseline.params.a]\nx = 3 # one\n[baseline.params.a.b]\ny = 4\nz = 5\n",
    ),
    "a table within alone": (
        "[baseline.params.a]\nx = 1\n", {"a": {"x": 2}}, "[baseline.params.a]\nx = 2\n"
    ),
    "what TOML can't say": ("[baseline]\nparams = {}\n", {"lr": None}, None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_what_changes_is_touched(case: str) -> None:
    before, params, after = CASES[case]
    assert with_baseline(before, params) == after  # type: ignore[arg-type]  # a dictionary in every case


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(PARAMS, PARAMS, st.booleans())
def test_any_params_become_any_others_and_back(
    old: dict[str, object], new: dict[str, object], lines: bool
) -> None:
    """And then the file says what was meant; a value that does not change is not spelt anew."""
    head = "[baseline.params]\n" if lines else "[baseline]\n"
    empty = head + ("" if lines else "params = {}\n") + "[goal]\nmetric = 'x' # [baseline]\n"
    first = with_baseline(empty, old)
    assert first is not None
    second = with_baseline(first, new)
    assert second is not None
    assert str(tomllib.loads(second)["baseline"]["params"]) in (str(new), str(_in_order(first, new)))
    assert second.endswith("[goal]\nmetric = 'x' # [baseline]\n")
    back = with_baseline(second, old)
    assert back is not None
    assert sorted(map(str, tomllib.loads(back)["baseline"]["params"].items())) == sorted(
        map(str, old.items())
    )


def _in_order(text: str, params: dict[str, object]) -> dict[str, object]:
    """The params as they come when those that were there keep their place."""
    there = [name for name in tomllib.loads(text)["baseline"]["params"] if name in params]
    return {name: params[name] for name in (*there, *params)}


def test_a_file_that_can_not_be_edited_says_what_to_write(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    before = "[baseline.params.inner]\nlr = 1\n"
    layout.toml.write_text(before)
    with (
        pytest.raises(Mistake, match=r"write params = \{ lr = 2 \} under \[baseline\] yourself"),
        baseline_rewritten(layout, {"lr": 2}),
    ):
        raise AssertionError("it was entered")
    assert layout.toml.read_text() == before


def test_what_toml_has_no_word_for_is_named(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.toml.write_text("[baseline]\nparams = { lr = 1 }\n")
    with (
        pytest.raises(Mistake, match=r"param optimizer would be null, which .* has no word for"),
        baseline_rewritten(layout, {"lr": 1, "optimizer": {"clip": None}}),
    ):
        raise AssertionError("it was entered")


def test_a_file_that_is_read_only_stays_as_it_is(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.toml.write_text("[baseline]\nparams = { lr = 1 }\n")
    layout.toml.chmod(0o440)
    with (
        pytest.raises(
            Mistake, match=r"is read-only, and would get params = \{ lr = 2 \}: `chmod u\+w` lets it"
        ),
        baseline_rewritten(layout, {"lr": 2}),
    ):
        raise AssertionError("it was entered")
    assert layout.toml.read_text() == "[baseline]\nparams = { lr = 1 }\n"


def test_what_fails_afterwards_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.toml.write_text("[baseline]\nparams = { lr = 1 }\n")
    layout.toml.chmod(0o640)

    def fails() -> None:
        with baseline_rewritten(layout, {"lr": 2}):
            assert "lr = 2" in layout.toml.read_text()
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011  # no other is possible
        fails()
    assert layout.toml.read_text() == "[baseline]\nparams = { lr = 1 }\n"
    assert layout.toml.stat().st_mode & 0o777 == 0o640
