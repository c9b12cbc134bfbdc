"""`python -m benchmarks.foresight`: does planning with the product reach more in the same hours?"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence

from benchmarks.foresight import report
from benchmarks.foresight.policies import NAMES, ORACLE, PRODUCT, STATED
from benchmarks.foresight.simulate import Effort, Table, simulate
from benchmarks.foresight.table import document
from benchmarks.foresight.variants import VARIANTS
from benchmarks.foresight.verdicts import soundness
from benchmarks.foresight.world import TEAM, WORLDS

SEEDS = ((1.0, 0.0), (1.0, 0.6), (0.5, 0.0), (2.0, 0.0))
"""For the verdict rule alone: how far seeds lie apart in MEI, and how two configurations' results on one
seed correlate."""
PROJECTS = 3
"""Projects that the verdict rule is tried on, for each replicate of the programmes."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate what was asked for and print it: Markdown, or everything as JSON."""
    asked = _parser().parse_args(arguments)
    worlds = _listed(asked.worlds, tuple(WORLDS))
    policies = list(dict.fromkeys([*_listed(asked.policies, NAMES), PRODUCT, ORACLE]))
    effort = Effort(asked.replicates, asked.seed, asked.processes)
    started = time.monotonic()
    tables = {name: simulate(WORLDS[name], policies, effort, says=name) for name in worlds}
    variants = {name: _variants(name, effort) for name in worlds if asked.variants}
    verdicts = _verdicts(effort)
    if asked.json:
        print(json.dumps(_document(effort, tables, variants, verdicts), indent=2))
    else:
        print(_markdown(effort, tables, variants, verdicts))
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.foresight", description=__doc__)
    parser.add_argument("--replicates", type=_count, default=200, help="draws of each world (200)")
    parser.add_argument("--worlds", default=",".join(WORLDS), help=f"some of {', '.join(WORLDS)} (all)")
    parser.add_argument("--policies", default=",".join(NAMES), help=f"some of {', '.join(NAMES)} (all)")
    parser.add_argument("--variants", action="store_true", help="more opinions and other ladders as well")
    parser.add_argument("--processes", type=_count, default=os.cpu_count() or 1, help="how many work at it")
    parser.add_argument("--seed", type=int, default=20240, help="what all luck depends on (20240)")
    parser.add_argument("--json", action="store_true", help="everything as JSON")
    return parser


def _count(text: str) -> int:
    """A whole number from 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is too few: at least 1")
    return number


def _listed(text: str, known: Sequence[str]) -> list[str]:
    """The names between the commas; ends the program at one that nobody knows."""
    names = [name.strip() for name in text.split(",")]
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"no {', '.join(map(repr, unknown))}: there are {', '.join(known)}")
    return names


def _variants(name: str, effort: Effort) -> dict[str, Table]:
    """The product and stated value per hour in every variant of a world."""
    return {
        variant.name: simulate(
            variant.alter(WORLDS[name]),
            (STATED, PRODUCT),
            effort,
            variant.ladder,
            says=f"{name}, {variant.name}",
        )
        for variant in VARIANTS
    }


def _verdicts(effort: Effort) -> report.Verdicts:
    """The verdict rule alone, which what people say has no part in."""
    projects = PROJECTS * effort.replicates
    return {
        (noise, correlation): soundness(
            TEAM, correlation=correlation, noise=noise, projects=projects, seed=effort.seed
        )
        for noise, correlation in SEEDS
    }


def _markdown(
    effort: Effort,
    tables: Mapping[str, Table],
    variants: Mapping[str, Mapping[str, Table]],
    verdicts: report.Verdicts,
) -> str:
    sections = [
        f"# Foresight: {effort.replicates} replicates, seed {effort.seed}",
        report.bars_section(tables, variants),
        report.NOTES,
        *[report.world_section(name, table) for name, table in tables.items()],
        *[report.variants_section(name, tables[name], of) for name, of in variants.items()],
        report.verdict_section(verdicts),
    ]
    return "\n\n".join(sections)


def _document(
    effort: Effort,
    tables: Mapping[str, Table],
    variants: Mapping[str, Mapping[str, Table]],
    verdicts: report.Verdicts,
) -> dict[str, object]:
    return {
        "replicates": effort.replicates,
        "seed": effort.seed,
        "worlds": {name: document(table, table[ORACLE]) for name, table in tables.items()},
        "variants": {
            name: {variant: document(table, tables[name][ORACLE]) for variant, table in of.items()}
            for name, of in variants.items()
        },
        "bars": {name: bar._asdict() for name, bar in report.BARS.items()},
        "verdict": [
            {"noise": noise, "correlation": correlation, **found._asdict()}
            for (noise, correlation), found in verdicts.items()
        ],
    }


if __name__ == "__main__":
    main()
