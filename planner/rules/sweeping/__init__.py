"""Which configurations of a sweep are tried, which one is the best, and where to look next."""
