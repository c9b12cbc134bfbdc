"""Lines that hold metrics, those that do not, and what is wrong with the ones that were meant to."""

from __future__ import annotations

from math import inf

import pytest

from planner.worker.metric_line import (
    document_of,
    fault_of,
    is_narration,
    is_within,
    lost,
    metrics_of,
    no_number,
)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (b'{"a": 1, "b": "nan", "c": true, "d": null}\n', ["a", "b"]),
        (b'{"a": "text"}\n', []),
        (b"[1, 2]\n", []),
        (b"plain\n", []),
        (b"{" * 40_000 + b"}" * 40_000, []),
        (b'{"a": NaN, "b": Infinity, "b": 2}', ["a", "b"]),
        (b'{"a": nan, "b": -nan,"c":inf , "d": +Inf, "e": [-inf]}', ["a", "b", "c", "d"]),
        (b'{"a": nano, "b": 2}', []),
        (b'{"a": "0.25", "b": "1e-3", "c": "1_0", "d": "-inf", "e": "12 px"}', ["a", "b", "d"]),
        (b'{"a": %s}' % (b"9" * 400), ["a"]),
        (b'\xef\xbb\xbf{"a": 1}\r\n', ["a"]),
        (b'\x1b[32m{"a": 1}\x1b[0m\n', ["a"]),
        (b' 10%|#   |\r100%|####|\r{"a": 1}\n', ["a"]),
        (b'{"note": "caf\xe9", "a": 1}\n', ["a"]),
    ],
)
def test_only_the_numbers_of_an_object_are_metrics(line: bytes, names: list[str]) -> None:
    assert list(metrics_of(document_of(line) or {})) == names


@pytest.mark.parametrize(
    ("document", "narration", "within"),
    [
        ({"ts": 12.5, "msg": "loading"}, True, False),
        ({"ts": 12.5, "loss": "0.3"}, False, False),
        ({"msg": "done", "val_loss": 0.3}, False, False),
        ({"msg": "done", "epoch": 1}, False, False),
        ({"step": 100, "loss": 0.3}, False, True),
        ({"step": 100, "val_loss": 0.3}, False, False),
        ({"step": 100, "epoch": 1, "loss": 0.3}, False, False),
        ({"loss": 0.3}, False, False),
    ],
)
def test_a_line_of_a_log_and_one_of_a_batch_are_no_epochs(
    document: dict[str, object], narration: bool, within: bool
) -> None:
    assert (is_narration(document, "val_loss"), is_within(document, "val_loss")) == (narration, within)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('INFO {"epoch": 1, "a": 0.5}',
         '; its line INFO {"epoch": 1, "a": 0.5} holds more than the object, which must stand alone'),
        ('[{"a": null}]', '; its line [{"a": null}] holds more than the object, which must stand alone'),
        ('{\n  "a": 0.5\n}', "; its JSON stands on several lines, and each object must stand on one"),
        ("{'a': 0.5}",
         "; its line {'a': 0.5} is no JSON "
         "(its quotes are single ones; Python's json.dumps writes double ones)"),
        ('{"note": "high"}', '; its line {"note": "high"} has neither epoch nor a'),
        ('{"a": "high"}', '; its line {"a": "high"} holds no number'),
        ('{"a": 0.5}', "; it printed such lines to its standard error, and only standard output is read"),
        ("loading {} and {x}", ""),
        ("x" * 100, ""),
    ],
)  # fmt: skip
def test_what_was_meant_as_metrics_is_quoted_with_its_fault(text: str, fault: str) -> None:
    assert fault_of(["before", *text.splitlines(), "after"], "a") == fault


def test_a_metric_that_is_no_number_is_shown_as_it_stands() -> None:
    assert no_number({"a": None}, "a") == "a is null, which is no number"
    assert no_number({"a": [0.5]}, "a") == "a is [0.5], which is no number"
    assert no_number({"a": "0.5"}, "a") == no_number({"b": None}, "a") == ""


def test_infinities_keep_their_sign() -> None:
    assert metrics_of(document_of(b'{"a": -inf, "b": +inf}') or {}) == {"a": -inf, "b": inf}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"a": 0,5}\n',
         'its line {"a": 0,5} is no JSON (Expecting property name enclosed in double quotes)'),
        (b'{"a": 0.5}\n', ""),
        (b'{"b": 0,5}\n', ""),
        (b'INFO {"a": 0,5}\n', ""),
        (b'\0{"a": "%s' % (b"x" * 200),
         "a line of it is longer than 0 MiB, and in such no metrics are looked for"),
    ],
)  # fmt: skip
def test_what_was_meant_as_metrics_and_can_not_be_read_is_lost(line: bytes, why: str) -> None:
    assert lost(line, "a", 200) == why
