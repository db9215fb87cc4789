"""The long part of a probe: sizes and times that need many runs."""

from quecsim.probe import appends, survival
from quecsim.probe.deaf import STEP as DEAF
from quecsim.probe.lag import STEP as LAG
from quecsim.probe.latency import STEP as LATENCY
from quecsim.probe.ring import STEP as RING
from quecsim.probe.stalls import STEP as STALLS
from quecsim.probe.step import Step
from quecsim.probe.stores import STEP as STORES
from quecsim.probe.unread import STEP as UNREAD
from quecsim.probe.watermarks import STEP as WATERMARKS

STEPS: tuple[Step, ...] = (
    LATENCY,
    RING,
    DEAF,
    UNREAD,
    STORES,
    STALLS,
    WATERMARKS,
    LAG,
    appends.CHANGES,
    appends.FULL,
    survival.STEP,
    survival.RESTART,
)
"""In the order in which they run: the later ones make use of what the earlier ones have found."""
