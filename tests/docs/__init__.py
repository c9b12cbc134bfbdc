"""Examples that stand in the documentation, run as they stand there."""
