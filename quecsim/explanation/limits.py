"""The bounds of a search, in one place."""

MOST_BYTES = 64 << 20
"""The largest file that is explained."""
MOST_STORIES = 20
EQUAL_BITS = 3
"""A story that is up to 8 times less likely than the best may be the right one all the same."""
CHANCE_PPM = 100_000
"""From one in ten on a fit may be chance, and the sentence says so."""
LISTED_BITS = 10
"""One that is a thousand times less likely than the best is counted, and not told."""
