"""The quick part of a probe, about a minute: what a module says of itself, and how it answers."""

from quecsim.probe import identity
from quecsim.probe.step import Step

STEPS: tuple[Step, ...] = (identity.STEP,)
"""In the order in which they run."""
