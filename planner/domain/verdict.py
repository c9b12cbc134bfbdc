"""What an idea can come to."""

from typing import Literal

Verdict = Literal["improved", "no gain", "worse", "inconclusive", "invalid"]
"""Better by the evidence, not better, worse, undecided after all seeds, or broken and so no evidence."""
