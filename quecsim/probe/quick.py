"""The quick part of a probe, a few minutes: what a module says of itself, and how it answers."""

from quecsim.probe import (
    acks,
    boot,
    command_line,
    command_set,
    defaults,
    edges,
    escapes,
    handles,
    identity,
    line_settings,
    other_errors,
    secure,
    storage,
    uploads,
)
from quecsim.probe.step import Step

STEPS: tuple[Step, ...] = (
    identity.STEP,
    line_settings.LINE,
    boot.RESTART,
    boot.RADIO,
    command_line.ECHO,
    command_line.LINES,
    other_errors.STEP,
    edges.SURPLUS,
    storage.SIZES,
    storage.MISSING,
    storage.DIRECTORY,
    storage.NAMES,
    handles.NUMBERS,
    handles.WRITING,
    uploads.REFUSALS,
    uploads.TIMEOUTS,
    uploads.LIMITS,
    defaults.STEP,
    edges.EARLY,
    acks.LETTERS,
    escapes.GUARDS,
    escapes.DTR,
    secure.STEP,
    command_set.STEP,
)
"""In the order in which they run; the last one holds test forms against what was found before."""
