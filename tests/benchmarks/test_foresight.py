"""The foresight benchmark: what it must be true of before its figures mean anything."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from benchmarks.foresight.__main__ import main
from benchmarks.foresight.attempt import Attempt, Ladder
from benchmarks.foresight.policies import FIFO, NAMES, ORACLE, PRODUCT, STATED, Product, make_policy
from benchmarks.foresight.programme import Programme
from benchmarks.foresight.replicate import Replicate, make_replicate
from benchmarks.foresight.simulate import Effort, simulate
from benchmarks.foresight.summary import CHECKPOINTS, summarise
from benchmarks.foresight.table import difference, share
from benchmarks.foresight.truth import Luck, centre, draw, sigmoid
from benchmarks.foresight.verdicts import soundness
from benchmarks.foresight.world import TEAM, WORLDS, World
from planner.domain.ledger import Ledger
from planner.rules.learning.settled import settled
from planner.rules.learning.trust import base_rate
from planner.rules.scoring.similarity import similarity, words

SMALL = replace(TEAM, ideas=30, first=20, horizon=60.0)
"""A programme of a week and a half."""
FEW = Effort(replicates=3, seed=7, processes=1)


@cache
def replicate(world: World = SMALL, number: int = 0) -> Replicate:
    return make_replicate(world, 7, number)


def attempts(policy: str, world: World = SMALL, ladder: Ladder | None = None) -> list[Attempt]:
    drawn = replicate(world)
    return Programme(drawn, ladder).run(make_policy(policy, drawn))


def gain(policy: str, numbers: range) -> float:
    """Mean true gain over whole programmes."""
    drawn = [replicate(TEAM, number) for number in numbers]
    runs = [summarise(Programme(each).run(make_policy(policy, each)), each.said) for each in drawn]
    return sum(run.gains[-1] for run in runs) / len(runs)


# -- the same luck ------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_figures() -> None:
    policies = (STATED, PRODUCT, ORACLE)
    assert simulate(SMALL, policies, FEW) == simulate(SMALL, policies, FEW)


def test_another_seed_gives_other_figures() -> None:
    assert simulate(SMALL, (FIFO,), FEW) != simulate(SMALL, (FIFO,), FEW._replace(seed=8))


def test_figures_do_not_depend_on_how_many_processes_work_at_them() -> None:
    assert simulate(SMALL, (STATED,), FEW) == simulate(SMALL, (STATED,), FEW._replace(processes=2))


def test_figures_do_not_depend_on_which_other_policies_are_compared() -> None:
    assert simulate(SMALL, (PRODUCT,), FEW)[PRODUCT] == simulate(SMALL, NAMES, FEW)[PRODUCT]


def test_an_idea_that_fails_does_the_same_harm_whoever_tries_it() -> None:
    undisturbed = replace(SMALL, base=1e-6, drift=0.0)
    by_policy = [{each.place: each.effect for each in attempts(policy, undisturbed)} for policy in NAMES]
    for one, other in combinations(by_policy, 2):
        shared = one.keys() & other.keys()
        assert {place: one[place] for place in shared} == {place: other[place] for place in shared}


@pytest.mark.parametrize("changes", [{"opinions": 3}, {"people": 5, "opinions": 5}, {"said_slope": -1.0}])
def test_asking_differently_changes_nothing_that_is_true(changes: dict[str, float]) -> None:
    asked = make_replicate(replace(SMALL, **changes), 7, 0)
    assert asked.ideas != replicate().ideas
    for name in type(asked.truth).__dataclass_fields__:
        assert np.array_equal(getattr(asked.truth, name), getattr(replicate().truth, name))


# -- the world ----------------------------------------------------------------------------------


def test_the_world_has_the_shape_it_says() -> None:
    drawn = [make_replicate(TEAM, 1, number) for number in range(25)]

    def over_all(name: str) -> np.ndarray:
        return np.concatenate([getattr(each.truth, name) for each in drawn])

    assert sigmoid(over_all("log_odds")).mean() == pytest.approx(0.15, abs=0.015)
    assert np.median(over_all("gain")) == pytest.approx(2.0, rel=0.08)
    assert np.log(over_all("gain")).std() == pytest.approx(1.0, rel=0.08)
    assert np.median(over_all("hours")) == pytest.approx(5.0, rel=0.08)
    assert over_all("bug").mean() == pytest.approx(0.05, abs=0.01)
    assert over_all("seeds").std() == pytest.approx(1.0, rel=0.03)
    said = np.concatenate([each.said.chance for each in drawn])
    assert said.mean() == pytest.approx(0.40, abs=0.03)


def test_a_spread_of_log_odds_keeps_the_mean_chance() -> None:
    draws = np.random.default_rng(1).standard_normal(200_000)
    assert sigmoid(centre(0.15, 1.1) + 1.1 * draws).mean() == pytest.approx(0.15, abs=0.003)


def test_three_of_four_family_ties_are_visible_to_the_product() -> None:
    seen = []
    for number in range(20):
        drawn = make_replicate(TEAM, 3, number)
        for one, other in combinations(range(TEAM.ideas), 2):
            if drawn.truth.family[one] == drawn.truth.family[other]:
                seen.append(_similarity(drawn, one, other))
    assert set(seen) == {1.0, 0.3}  # a family is of one category
    assert np.mean(np.array(seen) == 1.0) == pytest.approx(0.75, abs=0.03)


def test_strangers_share_nothing_but_a_category() -> None:
    drawn = replicate(TEAM)
    truth = drawn.truth
    for one, other in combinations(range(40), 2):
        if truth.family[one] != truth.family[other]:
            alike = truth.category[one] == truth.category[other]
            assert _similarity(drawn, one, other) == (0.3 if alike else 0.0)


def _similarity(drawn: Replicate, one: int, other: int) -> float:
    ours, theirs = drawn.ideas[one], drawn.ideas[other]
    ours_words, theirs_words = words(ours.title, ours.tags), words(theirs.title, theirs.tags)
    return similarity(ours_words, ours.category, theirs_words, theirs.category)


def test_colleagues_speak_for_themselves() -> None:
    asked = make_replicate(replace(SMALL, people=5, opinions=5), 7, 0)
    for idea in asked.ideas:
        assert len(idea.estimates) == 5
        assert len({said.hours for said in idea.estimates.values()}) == 5


def test_colleagues_with_one_error_between_them_differ_only_by_habit() -> None:
    world = replace(SMALL, opinions=3, shared_error=1.0, gain_person=0.0, hours_person=0.0, chance_person=0.0)
    for idea in make_replicate(world, 7, 0).ideas:
        gains = [said.impact for said in idea.estimates.values()]
        assert gains == pytest.approx([gains[0]] * 3, rel=1e-4)


def test_asking_a_colleague_leaves_what_the_owner_says() -> None:
    asked = make_replicate(replace(SMALL, opinions=2, shared_error=0.5), 7, 0)
    for alone, together in zip(replicate().ideas, asked.ideas, strict=True):
        (owner,) = alone.estimates
        assert len(together.estimates) == 2
        said, before = together.estimates[owner], alone.estimates[owner]
        assert said.hours == pytest.approx(before.hours)
        assert said.likelihood == before.likelihood


def test_colleagues_share_as_much_of_their_error_as_the_world_says() -> None:
    world = replace(TEAM, people=2, opinions=2, shared_error=0.5, gain_person=0.0)
    ours, theirs = [], []
    for number in range(10):
        asked = make_replicate(world, 11, number)
        for idea, gain in zip(asked.ideas, asked.truth.gain, strict=True):
            one, other = (np.log(abs(said.impact or 0.0) / gain) for said in idea.estimates.values())
            ours.append(one)
            theirs.append(other)
    assert np.corrcoef(ours, theirs)[0, 1] == pytest.approx(0.5, abs=0.07)
    assert np.std(theirs) == pytest.approx(1.0, abs=0.07)


def test_seeds_correlate_as_the_world_says() -> None:
    world = replace(TEAM, seed_correlation=0.6)
    ours, theirs = [], []
    for number in range(100):
        truth = draw(world, Luck(5, number))
        ours.append(truth.seeds[0])
        theirs.append(truth.baseline_seeds[-1])
    found = np.corrcoef(np.concatenate(ours), np.concatenate(theirs))[0, 1]
    assert found == pytest.approx(0.6, abs=0.08)
    assert np.concatenate(ours).std() == pytest.approx(1.0, abs=0.1)


# -- one programme ------------------------------------------------------------------------------


def test_ideas_are_tried_once_and_only_after_they_have_arrived() -> None:
    drawn = replicate()
    for policy in NAMES:
        tried = attempts(policy)
        assert len({each.place for each in tried}) == len(tried)
        assert all(each.ended >= drawn.truth.arrives[each.place] for each in tried)
        assert all(each.ended <= SMALL.horizon for each in tried)


def test_first_come_is_first_served() -> None:
    places = [each.place for each in attempts(FIFO)]
    assert places == sorted(places)


def test_a_bug_is_nobodys_evidence() -> None:
    """Broken implementations cost hours and teach the product nothing."""
    broken = replicate(replace(SMALL, bugs=1.0))
    programme, product = Programme(broken), Product()
    tried = programme.run(product)
    assert {each.verdict for each in tried} == {"invalid"}
    assert programme.clock > 0
    assert not settled(programme.ledger())
    assert product.calibration is not None
    assert product.calibration.outcomes == 0
    assert product.calibration.base == pytest.approx(1 / 6)
    assert product.calibration.person_ratio == {}


def test_the_product_is_judged_by_its_own_record() -> None:
    """Every idea it tries carries what it froze, and its calibration rests on every verdict so far."""
    drawn = replicate()
    programme, product = Programme(drawn), Product()
    programme.run(product)
    judged = [outcome for outcome in programme.outcomes if outcome.verdict != "invalid"]
    assert product.calibration is not None
    assert product.calibration.outcomes == len(judged)
    for outcome in judged:
        frozen = programme.ideas[outcome.idea].frozen
        assert frozen is not None
        assert frozen.estimates == drawn.ideas[outcome.idea - 1].estimates


def test_the_product_knows_only_what_has_arrived() -> None:
    programme = Programme(replicate())
    programme.run(Product())
    arrived = (replicate().truth.arrives <= programme.clock).sum()
    assert len(programme.ledger().ideas) <= arrived


@pytest.mark.parametrize("policy", [STATED, PRODUCT])
def test_every_verdict_rests_on_the_base_rate_learned_until_then(policy: str) -> None:
    programme = Programme(replicate())
    programme.run(make_policy(policy, replicate()))
    ideas, outcomes = programme.ideas, tuple(programme.outcomes)
    for before, outcome in enumerate(outcomes):
        known = settled(Ledger(ideas=ideas, outcomes=outcomes[:before]))
        assert outcome.evidence is None or outcome.evidence.base == base_rate(known)


def test_what_is_kept_takes_from_its_relatives_and_slows_the_rest() -> None:
    sure = replace(SMALL, base=0.999, bugs=0.0)
    programme = Programme(replicate(sure))
    tried = programme.run(make_policy(FIFO, replicate(sure)))
    kept = [each for each in tried if each.kept]
    assert kept
    assert programme.slow >= 1.0
    family, category = (getattr(replicate(sure).truth, name) for name in ("family", "category"))
    first = kept[0].place
    for place, left in enumerate(programme.left):
        if family[place] == family[first]:
            assert left <= 0.6 * 0.88 + 1e-9
        elif category[place] == category[first]:
            assert left <= 0.88 + 1e-9


def test_no_idea_has_more_seeds_than_the_baseline() -> None:
    assert all(1 <= each.seeds <= 5 for each in attempts(FIFO) if each.verdict != "invalid")


def test_without_a_check_a_bug_costs_a_full_run() -> None:
    broken = replace(SMALL, bugs=1.0)
    run_hours = replicate(broken).truth.run_hours
    for each in attempts(FIFO, broken, Ladder(check=False)):
        assert each.run_hours == pytest.approx(run_hours[each.place])
    assert all(each.run_hours == 0.0 for each in attempts(FIFO, broken))


def test_a_small_run_ends_only_what_truly_hurts_where_small_runs_are_exact() -> None:
    tried = attempts(FIFO, SMALL, Ladder(small=True, small_noise=0.01))
    early = [each for each in tried if each.verdict != "invalid" and not each.seeds]
    assert all(each.verdict == "worse" and each.effect < 0 for each in early)


# -- what comes out -----------------------------------------------------------------------------


def test_whoever_knows_everything_beats_the_others() -> None:
    knows = gain(ORACLE, range(6))
    assert all(gain(policy, range(6)) < knows for policy in ("random", FIFO, STATED))


def test_a_policy_has_all_of_its_own_gain_and_differs_from_itself_by_nothing() -> None:
    ours = simulate(SMALL, (ORACLE,), FEW)[ORACLE]
    hour = CHECKPOINTS[-1]
    assert share(ours, ours, hour) == pytest.approx((1.0, 1.0, 1.0))
    assert difference(ours, ours, ours, hour) == (0.0, 0.0, 0.0)


def test_the_verdict_rule_is_sound_alone() -> None:
    found = soundness(TEAM, correlation=0.0, noise=1.0, projects=10, seed=1)
    assert found.ideas == 400
    assert found.false_wins.value < 0.15
    assert found.power.value > 0.5
    assert 1.0 <= found.seeds <= 2.5


def test_the_table_is_printed_beside_its_bars(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--replicates", "1", "--worlds", "team", "--policies", STATED, "--processes", "1"])
    printed = capsys.readouterr().out
    assert "| team |" in printed
    assert "| the product |" in printed
    assert "met |" in printed


def test_everything_is_there_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--replicates", "1", "--worlds", "solo", "--policies", STATED, "--processes", "1", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["worlds"]["solo"][ORACLE]["share at 480 h"]["value"] == 1.0
    assert set(document["worlds"]["solo"]) == {STATED, PRODUCT, ORACLE}


def test_a_world_nobody_knows_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="teem"):
        main(["--worlds", "teem"])


def test_every_world_can_be_lived_in() -> None:
    for world in WORLDS.values():
        drawn = make_replicate(replace(world, ideas=12, first=12, horizon=200.0), 2, 0)
        assert Programme(drawn).run(make_policy(STATED, drawn))
