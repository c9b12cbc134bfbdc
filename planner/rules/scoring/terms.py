"""Every term of a score as plain values, so that anyone can recompute it."""

from __future__ import annotations

from dataclasses import asdict

from planner.domain.score import Score

Document = dict[str, object]


def terms(score: Score) -> Document:
    """The score as JSON values: each factor raw and calibrated, and the product and sum that they make.

    The calibrated values of `product` multiply to `score` (MEI per hour); the `parts` of `hours` add up to H.
    """
    return {
        "idea": score.idea,
        "calibration": score.calibration,
        "score": score.value,
        "unit": "MEI per hour" if score.per_hour else "MEI",
        "product": _product(score),
        "chance": _factors(asdict(score.chance)),
        "gain": _factors(asdict(score.gain)),
        "hours": {**_factors(asdict(score.hours)), "parts": _parts(score)},
        "assumed": list(score.assumed),
    }


def _product(score: Score) -> list[Document]:
    factors: list[Document] = [
        {"name": "chance", "raw": score.chance.said, "calibrated": score.chance.used},
        {"name": "gain", "raw": score.gain.said, "calibrated": score.gain.used},
    ]
    if score.per_hour:
        said, used = score.hours.said, score.hours.used
        factors.append({"name": "1 / hours", "raw": 1 / said if said else None, "calibrated": 1 / used})
    return factors


def _parts(score: Score) -> Document:
    hours = score.hours
    return {
        "implement": hours.implement,
        "runs": hours.runs,
        "overhead": hours.overhead,
        "tax": hours.tax,
    }


def _factors(fields: Document) -> Document:
    """The terms of one factor; `raw` and `calibrated` name what was said and what is used."""
    return {"raw": fields["said"], "calibrated": fields["used"], **fields}
