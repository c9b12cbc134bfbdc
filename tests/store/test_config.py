"""What `planner.toml` may say, and how every mistake in it is named."""

from __future__ import annotations

import contextlib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.domain import question
from planner.domain.goal import Goal
from planner.domain.mistake import Mistake
from planner.domain.settings import RecipeSettings, RungSettings, Settings
from planner.store.config import SIZE_LIMIT, initial_toml, load_settings, schema
from planner.store.keys import KEYS, SECTIONS
from planner.store.layout import Layout
from planner.store.settingscheck import checked

GOAL = '[goal]\nmetric = "val_accuracy"\n'
SMALL = GOAL + "[rungs.small]\nparams = { epochs = 5 }\n"

FULL = """
[goal]
metric = "val_loss"
direction = "min"
minimum_effect = 1
target = 0.01
[recipe]
command = ["python", "train.py", "--lr", "{lr}"]
data = ["data/*.npz"]
[baseline]
params = { lr = 1e-3, batch_size = 64, layers = [1, 2], name = "x", on = true }
[rungs.tiny]
params = { epochs = 1 }
[rungs.small]
params = { epochs = 2 }
fraction = 0.2
undo = ["fraction", "epochs"]
hours = 0.1
[rungs.full]
seeds = 3
[dispatch]
executor = "slurm"
slots = 4
night = "22:00-07:00"
python = "/usr/bin/python3"
grace = 0
[score]
gpu_hour = 0
horizon = 100
overhead = 0.5
bottleneck = "runs"
"""


def settings_of(text: str) -> Settings:
    return checked(text.encode(), Path("planner.toml"))


def test_everything_that_may_be_set_is_read() -> None:
    settings = settings_of(FULL)
    assert settings.goal == Goal(metric="val_loss", direction="min", minimum_effect=1.0, target=0.01)
    assert settings.recipe.command == ("python", "train.py", "--lr", "{lr}")
    small = RungSettings(params={"epochs": 2}, fraction=0.2, undo=("fraction", "epochs"), hours=0.1)
    assert settings.rung("small") == small
    assert settings.rung("check") == RungSettings()
    assert settings.baseline.params == {
        "lr": 1e-3,
        "batch_size": 64,
        "layers": [1, 2],
        "name": "x",
        "on": True,
    }
    assert (settings.dispatch.slots, settings.score.bottleneck) == (4, "runs")


@pytest.mark.parametrize("text", [FULL, GOAL, initial_toml(entry="a.b:c", target=1)])
def test_remembered_settings_are_the_same_settings(text: str, layout: Layout) -> None:
    layout.home.mkdir()
    layout.toml.write_text(text)
    first = load_settings(layout)
    assert layout.settings_cache.exists()
    assert load_settings(layout) == first == settings_of(text)
    layout.settings_cache.write_bytes(b"garbage")
    assert load_settings(layout) == first


def test_a_changed_file_is_read_again(layout: Layout) -> None:
    layout.home.mkdir()
    layout.toml.write_text(GOAL)
    assert load_settings(layout).goal.minimum_effect == 0.002
    layout.toml.write_text(GOAL + "minimum_effect = 0.5\n")
    assert load_settings(layout).goal.minimum_effect == 0.5
    layout.toml.write_text("[goal]\n")
    with pytest.raises(Mistake):
        load_settings(layout)


def test_reading_settings_makes_no_folder(layout: Layout) -> None:
    layout.toml.write_text(GOAL)
    assert load_settings(layout).goal.metric == "val_accuracy"
    assert not layout.home.exists()


MISTAKES = {
    "": "goal is missing; it must be a table [goal] with the metric",
    "[goal]\n": "goal.metric is missing; it must be the name of the metric",
    "goal = 3": "goal is 3; it must be a table [goal]",
    '[goal]\nmetric = ""': 'goal.metric is ""; it must be the name of the metric',
    '[goals]\nmetric = "a"': "there is no key goals; did you mean goal?",
    '[goal]\nmetrics = "a"': "there is no key goal.metrics; did you mean goal.metric?",
    GOAL + 'direction = "up"': 'goal.direction is "up"; it must be "max" or "min"',
    GOAL + "minimum_effect = 0": "goal.minimum_effect is 0; it must be a number above 0",
    GOAL + 'minimum_effect = "0.1"': 'goal.minimum_effect is "0.1"; it must be a number above 0',
    GOAL + "minimum_effect = nan": 'goal.minimum_effect is "nan"; it must be a number above 0',
    GOAL + "target = inf": 'goal.target is "inf"; it must be a number',
    GOAL + "seeds = 3": "there is no key goal.seeds; [goal] may hold metric, direction, minimum_effect",
    GOAL + '[recipe]\nmetric = "a"': "there is no key recipe.metric; did you mean goal.metric?",
    GOAL + '[recipe]\nentry = "train"': 'recipe.entry is "train"; it must be "module:function"',
    GOAL + '[recipe]\nentry = "a.py:f"\ncommand = ["x"]': "[recipe] has both entry and command",
    GOAL + "[recipe]\ncommand = []": "recipe.command is []; it must be a list of texts",
    GOAL + '[recipe]\ncommand = "python train.py"': "it must be a list of texts",
    GOAL
    + '[recipe]\nbackend = "keras"': 'recipe.backend is "keras"; it must be "tensorflow", "jax" or "torch"',
    GOAL + "[rungs.full]\nsilence = -1": "rungs.full.silence is -1; it must be a number of minutes from 0 on",
    GOAL + "[recipe]\ncommand = [1]": "recipe.command is [1]; it must be a list of texts",
    GOAL + "[baseline]\nparams = 3": "baseline.params is 3; it must be a table of params",
    GOAL + "[baseline]\nparams = { day = 2026-11-21 }": "a value of type date cannot be stored",
    GOAL + "[rungs.smal]": "there is no key rungs.smal; did you mean rungs.small?",
    GOAL + "[rungs]\nfull = 5": "rungs.full is 5; it must be a table such as [rungs.small]",
    GOAL + "[rungs.full]\nseed = 5": "there is no key rungs.full.seed; did you mean rungs.full.seeds?",
    GOAL + "[rungs.full]\nseeds = 0": "rungs.full.seeds is 0; it must be a whole number from 1 on",
    GOAL + "[rungs.full]\nseeds = 1.5": "rungs.full.seeds is 1.5; it must be a whole number from 1 on",
    GOAL + "[rungs.tiny]\nfraction = 0": "rungs.tiny.fraction is 0; it must be a share",
    GOAL + "[rungs.tiny]\nfraction = 1.01": "rungs.tiny.fraction is 1.01; it must be a share",
    SMALL
    + 'undo = ["epoch"]': "rungs.small.undo names epoch, which the rung does not simplify; did you mean e",
    SMALL
    + 'undo = ["fraction"]': "undo names fraction, which the rung does not simplify; it may hold epochs",
    GOAL + '[rungs.small]\nundo = ["lr"]': "which the rung does not simplify; it may hold nothing",
    GOAL + '[rungs.tiny]\nparams = {a = 1}\nundo = ["a"]': "rungs.tiny.undo means nothing: only rungs.small",
    GOAL
    + '[rungs.check]\nskip = ["gradient"]': "rungs.check.skip names 'gradient', which the rung does not ask; "
    "did you mean gradients?",
    GOAL
    + '[rungs.small]\nskip = ["labels"]': "which the rung does not ask; only check and tiny ask questions",
    GOAL + "[dispatch]\nslots = 0": 'dispatch.slots is 0; it must be "auto" or a whole number from 1 on',
    GOAL + '[dispatch]\nslots = "many"': 'dispatch.slots is "many"; it must be "auto" or a whole number',
    GOAL + "[dispatch]\nslots = true": 'dispatch.slots is true; it must be "auto" or a whole number',
    GOAL + '[dispatch]\nnight = "10pm"': 'dispatch.night is "10pm"; it must be two times of day',
    GOAL + '[dispatch]\nexecutor = "cloud"': '"local", "inline", "slurm" or "ray"',
    GOAL + "[score]\ngpu_hour = -1": "score.gpu_hour is -1; it must be a number from 0 on",
    GOAL + "[score]\noverhead = 0": "score.overhead is 0; it must be a number of hours above 0",
    GOAL + "[scores]": "there is no key scores; did you mean score?",
    "[goal]\nmetric = \n": "is not valid TOML: Invalid value (at line 2, column 10)",
    GOAL * 2: "line 3",
    "a = " + "[" * 10_000: "is nested too deeply",
    "a = " + "1" * 10_000: "is not valid TOML",
    GOAL + "target = " + "1" * 30: "64-bit",
}


@pytest.mark.parametrize("text", MISTAKES, ids=[text[-40:] for text in MISTAKES])
def test_every_mistake_names_file_key_and_what_would_be_right(text: str) -> None:
    with pytest.raises(Mistake) as caught:
        settings_of(text)
    assert str(caught.value).startswith("planner.toml")
    assert MISTAKES[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_in_another_encoding_is_named_with_its_line() -> None:
    with pytest.raises(Mistake, match="line 2: not UTF-8"):
        checked(b"[goal]\nmetric = '\xff'", Path("planner.toml"))


def test_a_missing_a_huge_and_an_unreadable_file_are_named(layout: Layout) -> None:
    with pytest.raises(Mistake, match="planner init"):
        load_settings(layout)
    layout.toml.write_bytes(b"#" * (SIZE_LIMIT + 1))
    with pytest.raises(Mistake, match="1,000,000 bytes"):
        load_settings(layout)
    layout.toml.unlink()
    layout.toml.mkdir()
    with pytest.raises(Mistake, match=r"planner\.toml cannot be read"):
        load_settings(layout)


@given(st.text(max_size=80))
@settings(deadline=None)
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    with contextlib.suppress(Mistake):
        settings_of(GOAL + text)


@given(
    metric=st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
    effect=st.floats(min_value=1e-300, max_value=1e300, exclude_min=True),
    target=st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
)
@settings(deadline=None)
def test_the_first_file_of_a_project_says_what_init_was_told(
    metric: str, effect: float, target: float | None
) -> None:
    text = initial_toml(
        entry="experiment:build", metric=metric, direction="min", minimum_effect=effect, target=target
    )
    settings = settings_of(text)
    assert settings.goal == Goal(metric=metric, direction="min", minimum_effect=effect, target=target)
    assert settings.recipe == RecipeSettings(entry="experiment:build")


def test_silence_ends_the_cheap_rungs_alone_until_the_file_says_more() -> None:
    settings = settings_of(GOAL + "[rungs.check]\nsilence = 0\n[rungs.full]\nsilence = 90")
    assert [settings.silence(rung) for rung in ("check", "tiny", "small", "full")] == [None, 30, None, 90]


def test_the_first_file_without_a_recipe_is_valid() -> None:
    assert settings_of(initial_toml()).recipe.entry is None


def test_every_setting_there_is_has_a_sentence_and_no_other() -> None:
    assert set(SECTIONS) == {entry.name for entry in fields(Settings)}
    expected = set(SECTIONS) | {"rungs.*"}
    for section, kind in SECTIONS.items():
        assert is_dataclass(kind)
        prefix = "rungs.*" if section == "rungs" else section
        expected |= {f"{prefix}.{entry.name}" for entry in fields(kind)}
    assert set(KEYS) == expected


def test_the_schema_describes_every_key_and_its_limits() -> None:
    document = schema()
    definitions: dict[str, Any] = document["$defs"]
    assert document["additionalProperties"] is False
    goal = definitions["Goal"]["properties"]
    assert goal["minimum_effect"]["exclusiveMinimum"] == 0
    assert definitions["RungSettings"]["properties"]["fraction"]["maximum"] == 1
    assert definitions["DispatchSettings"]["properties"]["slots"]["minimum"] == 1
    for definition in definitions.values():
        assert all("description" in entry for entry in definition["properties"].values())


def test_the_page_of_the_ladder_names_every_key_of_a_rung_and_every_question() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ladder.md").read_text()
    names = [entry.name for entry in fields(RungSettings)]
    names += [name for asked in question.QUESTIONS.values() for name in asked]
    assert [name for name in names if f"`{name}`" not in page] == []
