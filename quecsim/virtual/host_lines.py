"""What a program sets of its port in virtual time, and the lines that it sees."""

from collections.abc import Callable
from functools import partial
from typing import Any

from quecsim.rig import Rig
from quecsim.virtual.clock import Clock


class HostLines:
    """A part of `quecsim.virtual.host_end.HostEnd`, which has the rig and its clock."""

    rig: Rig
    clock: Clock
    _line: tuple[int, str, str] | None = None

    def settle(self, at_ns: int | None = None) -> int:
        """Everything that is due by now happens."""
        raise NotImplementedError

    def _act(self, act: Callable[..., None], *arguments: Any) -> None:
        raise NotImplementedError

    def set_line(self, baud: int, frame: str, flow: str) -> None:
        """The program sets its end of the line; `flow` is none, rtscts or xonxoff."""
        if (baud, frame, flow) == self._line:
            return
        self._line = baud, frame, flow
        self.settle()
        self._act(self.rig.host_line, baud, frame, flow)

    def set_dtr(self, *, is_on: bool) -> None:
        """The program switches its DTR; off, it may end data mode."""
        self.settle()
        self._act(partial(self.rig.host_dtr, is_on=is_on))

    def set_rts(self, *, is_on: bool) -> None:
        """The program switches its RTS: may the device send?"""
        self.settle()
        self._act(partial(self.rig.host_rts, is_on=is_on))

    @property
    def cts(self) -> bool:
        """The device's RTS: it is on, and does not ask the host to stop."""
        return self._looked_at.cts

    @property
    def dsr(self) -> bool:
        """The device is on."""
        return self._looked_at.dsr

    @property
    def dcd(self) -> bool:
        """What AT&C says."""
        return self._looked_at.dcd

    def set_break(self, *, is_on: bool) -> None:
        """The program holds its line low, or lets it go."""
        self.settle()
        self._act(partial(self.rig.host_break, is_on=is_on))

    @property
    def _looked_at(self) -> Rig:
        """The rig as it is by now. To ask takes a moment."""
        self.clock.look()
        self.settle()
        return self.rig
