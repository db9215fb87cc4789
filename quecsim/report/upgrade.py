"""What becomes of a firmware package when it is stored: over restarts, to END or to its bad end.

The steps of an upgrade are on record even where the device does not tell them, and an upgrade
may go on in another run than the one that brought its package.
"""

from enum import Enum, auto

from quecsim.report.model import Upgrade
from quecsim.report.track import Track
from quecsim.trace.event import Power, UpgradeStep
from quecsim.trace.kinds import PACKAGE_NAME, PACKAGE_UPLOAD

_OPEN = (Upgrade.WAITS, Upgrade.RUNS)


class _Step(Enum):
    START = auto()
    END = auto()
    CUT = auto()  # the power went, and the firmware is whole
    CUT_WAITING = auto()  # the same, and the upgrade will go on
    BREAK = auto()
    RESTORE = auto()


_TRANSITIONS: dict[tuple[Upgrade, _Step], Upgrade] = {
    (Upgrade.WAITS, _Step.START): Upgrade.RUNS,
    (Upgrade.WAITS, _Step.END): Upgrade.ENDED,  # it could not be put off
    (Upgrade.WAITS, _Step.CUT): Upgrade.STOPPED,
    (Upgrade.WAITS, _Step.BREAK): Upgrade.BROKEN,
    (Upgrade.WAITS, _Step.RESTORE): Upgrade.STOPPED,
    (Upgrade.RUNS, _Step.START): Upgrade.RUNS,
    (Upgrade.RUNS, _Step.END): Upgrade.ENDED,
    (Upgrade.RUNS, _Step.CUT): Upgrade.STOPPED,
    (Upgrade.RUNS, _Step.CUT_WAITING): Upgrade.WAITS,
    (Upgrade.RUNS, _Step.BREAK): Upgrade.BROKEN,
    (
        Upgrade.ENDED,
        _Step.BREAK,
    ): Upgrade.BROKEN,  # the new firmware could not be put in place
    (Upgrade.BROKEN, _Step.RESTORE): Upgrade.RESTORED,
}
_CUTS = {
    "whole": _Step.CUT,
    "upgrade waits": _Step.CUT_WAITING,
    "broken": _Step.BREAK,
}


_STEPS = {"START": _Step.START, "END": _Step.END}


class UpgradeWatch:
    """Follows the newest upgrade. Each method returns its upload if that has changed."""

    def __init__(self) -> None:
        self._track: Track | None = None

    @property
    def is_open(self) -> bool:
        """An upgrade waits or runs: a power cut now would not leave things as they are."""
        return self._track is not None and self._track.upgrade in _OPEN

    def stored(self, track: Track) -> None:
        """All of a package is there."""
        self._track = track
        track.upgrade = Upgrade.WAITS if track.restarts_first else Upgrade.RUNS

    def step(self, event: UpgradeStep, sent: int) -> Track | None:
        """The upgrade has come to a step, `sent` bytes into the host's stream."""
        step = _STEPS.get(event.step)
        if step is None:
            return None
        if step is _Step.START and not self._moves(step):
            self._track = _continued(event.at_ns, sent)
        elif not self._go(step):
            return None
        track = self._track
        assert track is not None
        if step is _Step.END:
            track.conclude(event.at_ns, f"END,{event.number}")
        return track

    def power(self, event: Power) -> Track | None:
        """The power state changed."""
        step = _power_step(event)
        return self._track if step is not None and self._go(step) else None

    def _moves(self, step: _Step) -> bool:
        return self._track is not None and (self._track.upgrade, step) in _TRANSITIONS

    def _go(self, step: _Step) -> bool:
        if not self._moves(step):
            return False
        assert self._track is not None
        self._track.upgrade = _TRANSITIONS[self._track.upgrade, step]
        return True


def _power_step(event: Power) -> _Step | None:
    if event.state == "dead":
        return _Step.BREAK
    if event.why == "firmware restored":
        return _Step.RESTORE
    is_down = event.state == "off" or event.why == "reset"
    return _CUTS.get(event.firmware) if is_down else None


def _continued(at_ns: int, sent: int) -> Track:
    """The upgrade of a package that another run has brought: no byte of this one is its own."""
    return Track(
        0,
        sent,
        at_ns,
        PACKAGE_UPLOAD,
        PACKAGE_NAME,
        upgrade=Upgrade.RUNS,
        is_unlisted=True,
        is_over=True,
    )
