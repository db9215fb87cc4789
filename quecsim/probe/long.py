"""The long part of a probe: sizes and times that need many runs."""

from quecsim.probe.step import Step

STEPS: tuple[Step, ...] = ()
"""In the order in which they run."""
