"""The constants of the scoring model, by name."""

from __future__ import annotations

# -- chance of success ------------------------------------------------------------------------

BASE_WINS = 1.0
"""a: wins the base rate starts with."""
BASE_FAILURES = 5.0
"""b: failures it starts with; with `BASE_WINS`, one or two ideas of ten work."""
HALF_LIFE = 20.0
"""Finished ideas after which an outcome counts half for the base rate."""
RELATIVES_HALF_LIFE = 5.0
"""The same for what it says of its relatives: similarity is short-lived, as 14 public logs replayed show."""
LEAST_SAID, MOST_SAID = 0.02, 0.98
"""A stated chance is held between these, so that its log-odds are finite."""
USUAL_PRIOR = 5.0
"""Ideas of everybody's that a person's own usual is shrunk with."""
SLOPES = (-0.5, 0.0, 0.25, 0.5, 1.0, 1.5, 2.0)
"""s: how far stated log-odds may deserve belief; below 0 they point the wrong way."""
TRUST_PRIOR = (0.04, 0.13, 0.19, 0.25, 0.20, 0.12, 0.07)
"""Weight of each slope before any outcome."""
SUREST = 1e-4
"""A chance this near 0 or 1 is held there when a slope is tested against the outcomes."""
SURE_WITHOUT_SEEDS = 0.90
"""q of a win that a person reports without any seeds."""
RELATIVES_PRIOR = 2.0
"""Wins seen and wins expected that finished relatives start with."""
LEAST_CHANCE, MOST_CHANCE = 0.002, 0.95
"""P is held between these."""
SAME_CATEGORY = 0.3
"""Similarity of two ideas of one category that share no word."""

# -- gain if it works -------------------------------------------------------------------------

GAIN_SLOPE = 0.7
"""How much of a stated gain's distance to the person's usual is believed, in logs."""
GAIN_SCALE = 2.0
"""Gain of a win whose forecast was average, before any win, in MEI."""
GAIN_PRIOR = 3.0
"""Wins that scale counts for."""
LEAST_WIN = 0.2
"""A win's measured gain is held above this when the scale is learned, in MEI."""
LEAST_GAIN = 1e-3
"""A stated gain is held above this, so that its logarithm is finite, in MEI."""
OVERLAP = 0.4
"""Share of its gain that an idea loses to a kept one that is its equal."""

# -- hours still to spend ---------------------------------------------------------------------

ASSUMED_HOURS = 2.0
"""Hours to implement an idea about which nobody said any."""
LEAST_HOURS = 1e-3
"""Stated hours are held above this, so that their logarithm is finite."""
HOURS_SLOPE = 0.85
"""How much of a stated duration is believed, in logs, before any record; the rest is the typical task's."""
HOURS_SLOPE_PRIOR = 20.0
"""What that counts for when the slope is learned: a sum of squared logs, a typical task's being about 1."""
HOURS_RATIO = 1.15
"""Actual hours over stated ones before any task was measured."""
HOURS_PRIOR = 6.0
"""Tasks that ratio counts for, per person."""
CATEGORY_PRIOR = 8.0
"""Tasks a category's own ratio of 1 counts for."""
RATIO_LIMIT = 2.5
"""Logarithm of actual over stated hours is held within plus or minus this."""
HOURS_SPREAD = 0.6
"""Standard deviation of that logarithm."""
BAND = 1.28
"""Standard deviations on either side of the 80 % band."""
FEW_TASKS = 10
"""Measured tasks of one's own from which the band needs no widening."""
PSEUDO_TASKS = 20
"""Made-up tasks that widen the band before that."""
PSEUDO_CENTRE, PSEUDO_SPREAD = -0.1, 0.85
"""Mean and standard deviation of their log ratio."""
ASSUMED_COMPLEXITY = 1.0
"""Complexity of an idea about which nobody said any."""
SLOW_PER_POINT = 0.02
"""Share by which one point of kept complexity slows later implementation."""
IMPLEMENT_SHARE = 0.8
"""Share of later hours that is implementation."""
FIRST_SEEDS = 1.6
"""Full runs until the verdict on an idea that fails."""
SEEDS_PER_CHANCE = 3.4
"""Further full runs of an idea that works."""
LEAST_OVERHEAD = 1e-3
"""Overhead is held above this, so that hours never come to 0."""

# -- what is said about it --------------------------------------------------------------------

ENOUGH_TASKS = 6
"""Measured tasks from which a person's own figure, and the slope of all stated hours, means something."""
ALIKE = 0.10
"""Scores this close are the same but for noise."""
MOVED = 0.05
"""A score that moved by more than this share gets a revision."""
