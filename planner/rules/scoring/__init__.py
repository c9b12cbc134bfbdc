"""Expected gain per hour still to spend: every term, every idea, in order."""
