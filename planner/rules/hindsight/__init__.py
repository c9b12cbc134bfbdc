"""How good the guesses were."""
