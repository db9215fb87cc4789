"""The bounds of a search, in one place."""

MOST_BYTES = 64 << 20
"""The largest file that is explained."""
MOST_STORIES = 20
EQUAL_BITS = 3
"""A story that is up to 8 times less likely than the best may be the right one all the same."""
LIKELY_PPM = 10_000
"""From one in a hundred on a wrong story may fit, and the sentence says `probably`."""
CHANCE_PPM = 100_000
"""From one in ten on the sentence says that it may be chance."""
LISTED_BITS = 10
"""One that is a thousand times less likely than the best is counted, and not told."""
