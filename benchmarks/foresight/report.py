"""The figures as Markdown, beside what they must and should reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from benchmarks.foresight.policies import ICE, ORACLE, PRODUCT, STATED
from benchmarks.foresight.simulate import Table
from benchmarks.foresight.summary import CHECKPOINTS, Summary
from benchmarks.foresight.table import (
    Honest,
    Share,
    difference,
    false_wins,
    honest,
    mean,
    seeds_per_idea,
    share,
)
from benchmarks.foresight.variants import ASSUMED, TWO_OPINIONS
from benchmarks.foresight.verdicts import Soundness

END = CHECKPOINTS[-1]
Verdicts = Mapping[tuple[float, float], Soundness]
"""What was found of the verdict rule, by seed noise in MEI and correlation of seeds."""


class Bar(NamedTuple):
    """What a figure is held against."""

    floor: float
    """Below this something is broken."""
    aim: float
    """What the model reached when it was designed."""
    beyond: float
    """What would be better than that."""
    asked: str = ""
    """The variant that `beyond` is meant for; empty for the world as it is."""


BARS = {
    "solo": Bar(0.80, 0.84, 0.875),
    "team": Bar(0.79, 0.82, 0.85, TWO_OPINIONS),
    "messy": Bar(0.73, 0.77, 0.80),
    "contrary": Bar(0.75, 0.79, 0.82),
    "noise": Bar(0.52, 0.57, 0.60),
}
"""For the product's share of the oracle's gain at the end, by world."""
LEAD_OVER_STATED = -0.005
"""Nowhere may the product be further behind people taken at their word, in shares of the oracle's gain."""
LEAD_OVER_ICE = 0.06
"""How far ahead of ICE it must be in `BEATS_ICE`."""
BEATS_ICE = ("team", "messy", "contrary")
"""Worlds in which what people say is worth correcting."""
FALSE_WINS = Bar(0.05, 0.02, 0.02)
"""For the false wins among the wins, over all worlds; at most this."""
SEEDS = 1.5
"""Seeds per idea at which the last of those counts."""
NOTES = """\
Every policy meets the same ideas with the same luck and has its ideas judged by the product's verdict rule;
all but the product keep every win. Shares are ratios of mean gains, intervals are paired bootstrap, 95 %.
A false win was found `improved` and truly brings half an MEI or less. Seeds an idea leave out broken
implementations. The log-loss is that of P against whether the idea truly works; hours are those of the
implementation, and the factor is the exponential of the root mean square of ln(actual / forecast)."""
"""What the figures are, for whoever reads the table."""


def world_section(name: str, table: Table) -> str:
    """One world: every policy, the product against two that people use, and how honest the numbers were."""
    oracle = table[ORACLE]
    lines = [
        f"## {name}: share of the informed oracle's true gain, {len(oracle)} replicates",
        "",
        "| policy | 120 h | 480 h | 95 % | tried | kept | seeds an idea | false wins |",
        "|---|---|---|---|---|---|---|---|",
        *[_policy_row(policy, table[policy], oracle) for policy in table],
    ]
    if PRODUCT in table:
        rivals = [rival for rival in (STATED, ICE) if rival in table]
        lines += ["", *[_against(name, rival, table, oracle) for rival in rivals]]
        lines += ["", *_honesty(table[PRODUCT])]
    return "\n".join(lines)


def bars_section(tables: Mapping[str, Table], variants: Mapping[str, Mapping[str, Table]]) -> str:
    """The product against floor, aim and beyond."""
    lines = [
        "## The product at 480 h against what it must and should reach",
        "",
        "| world | share | 95 % | floor | | aim | | beyond | |",
        "|---|---|---|---|---|---|---|---|---|",
        *[_bar_row(name, table, variants.get(name, {})) for name, table in tables.items() if name in BARS],
        *_false_wins_row([table[PRODUCT] for table in tables.values()]),
    ]
    return "\n".join(lines)


def variants_section(world: str, usual: Table, variants: Mapping[str, Table]) -> str:
    """The variants of one world, each against the product and the oracle in the world as it is."""
    oracle, product = usual[ORACLE], usual[PRODUCT]
    lines = [
        f"## {world}, asked differently: share of the same oracle's gain at 480 h",
        "",
        "| variant | the product | 95 % | gained by it | seeds an idea | GPU hours | stated value per hour |",
        "|---|---|---|---|---|---|---|",
        *[
            _variant_row(name, table, product, oracle)
            for name, table in {"as it is": usual, **variants}.items()
        ],
        "",
        ASSUMED,
    ]
    return "\n".join(lines)


def verdict_section(found: Verdicts) -> str:
    """The verdict rule alone, by how far seeds lie apart and how they correlate."""
    lines = [
        "## The verdict rule alone, which has to learn how far seeds lie apart",
        "",
        "| seed noise | correlation | ideas | false wins | 95 % | 1 MEI or more, found | seeds | paired |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (noise, correlation), each in found.items():
        wins = f"{_per_cent(each.false_wins.value)} | {_per_cents(each.false_wins)}"
        rest = f"{_per_cent(each.power.value)} | {each.seeds:.2f} | {_per_cent(each.paired)}"
        lines.append(f"| {noise:g} MEI | {correlation:g} | {each.ideas:,} | {wins} | {rest} |")
    return "\n".join(lines)


def _policy_row(policy: str, ours: Sequence[Summary], oracle: Sequence[Summary]) -> str:
    early, late = (share(ours, oracle, hour) for hour in CHECKPOINTS)
    counts = f"{mean(ours, 'tried'):.1f} | {mean(ours, 'kept'):.2f} | {seeds_per_idea(ours):.2f}"
    return (
        f"| {policy} | {early.value:.3f} | {late.value:.3f} | {_interval(late)} "
        f"| {counts} | {_per_cent(false_wins(ours).value)} |"
    )


def _against(world: str, rival: str, table: Table, oracle: Sequence[Summary]) -> str:
    more = difference(table[PRODUCT], table[rival], oracle, END)
    told = f"- {PRODUCT} over {rival}: {more.value:+.3f} ({more.low:+.3f} to {more.high:+.3f})"
    least = LEAD_OVER_STATED if rival == STATED else LEAD_OVER_ICE if world in BEATS_ICE else None
    return told if least is None else f"{told}; at least {least:+.3f}: {_met(more.value >= least)}"


def _honesty(ours: Sequence[Summary]) -> Iterable[str]:
    """The numbers of the ideas that the product tried, before each outcome."""
    rows = {
        "what people said": honest(ours, [each.said for each in ours]),
        PRODUCT: honest(ours, [each.forecast for each in ours]),
    }
    yield (
        "| before each outcome | log-loss of P | hours off by "
        "| hours, actual / forecast | gain, true / forecast |"
    )
    yield "|---|---|---|---|---|"
    yield from (_honest_row(whose, row) for whose, row in rows.items())


def _honest_row(whose: str, row: Honest) -> str:
    return f"| {whose} | {row.log_loss:.3f} | × {row.factor:.2f} | {row.hours:.2f} | {row.gain:.2f} |"


def _bar_row(name: str, table: Table, variants: Mapping[str, Table]) -> str:
    bar, oracle = BARS[name], table[ORACLE]
    reached = share(table[PRODUCT], oracle, END)
    marks = [f"{line:.2f} | {_met(reached.value >= line)}" for line in (bar.floor, bar.aim)]
    marks.append(_beyond(bar, reached, variants, oracle))
    return f"| {name} | {reached.value:.3f} | {_interval(reached)} | {' | '.join(marks)} |"


def _beyond(bar: Bar, reached: Share, variants: Mapping[str, Table], oracle: Sequence[Summary]) -> str:
    """The last bar, which may be meant for a variant that was not simulated."""
    if not bar.asked:
        return f"{bar.beyond:.2f} | {_met(reached.value >= bar.beyond)}"
    line = f"{bar.beyond:.2f} with {bar.asked}"
    if bar.asked not in variants:
        return f"{line} | needs --variants"
    found = share(variants[bar.asked][PRODUCT], oracle, END).value
    return f"{line} | {found:.3f}: {_met(found >= bar.beyond)}"


def _false_wins_row(worlds: Sequence[Sequence[Summary]]) -> Iterable[str]:
    """False wins over all worlds; the last bar counts only at few seeds."""
    every = [summary for ours in worlds for summary in ours]
    found, seeds, wins = false_wins(*worlds), seeds_per_idea(every), sum(each.wins for each in every)
    bars = {
        _per_cent(FALSE_WINS.floor): found.value <= FALSE_WINS.floor,
        _per_cent(FALSE_WINS.aim): found.value <= FALSE_WINS.aim,
        f"{_per_cent(FALSE_WINS.beyond)} at {SEEDS} seeds": found.value <= FALSE_WINS.beyond
        and seeds <= SEEDS,
    }
    marks = " | ".join(f"{bar} | {_met(reached)}" for bar, reached in bars.items())
    what = f"false wins of {wins:,}, {seeds:.2f} seeds an idea"
    yield f"| {what} | {_per_cent(found.value)} | {_per_cents(found)} | {marks} |"


def _variant_row(name: str, table: Table, product: Sequence[Summary], oracle: Sequence[Summary]) -> str:
    ours = table[PRODUCT]
    reached, more = share(ours, oracle, END), difference(ours, product, oracle, END)
    gained = f"{more.value:+.3f} ({more.low:+.3f} to {more.high:+.3f})" if ours is not product else "–"
    stated = f"{share(table[STATED], oracle, END).value:.3f}" if STATED in table else "–"
    costs = f"{seeds_per_idea(ours):.2f} | {mean(ours, 'run_hours'):.0f}"
    return f"| {name} | {reached.value:.3f} | {_interval(reached)} | {gained} | {costs} | {stated} |"


def _interval(share: Share) -> str:
    return f"{share.low:.3f}–{share.high:.3f}"


def _per_cent(part: float) -> str:
    return f"{part:.1%}".replace("%", " %")


def _per_cents(share: Share) -> str:
    return f"{share.low * 100:.1f}–{_per_cent(share.high)}"


def _met(reached: bool) -> str:
    return "met" if reached else "not met"
