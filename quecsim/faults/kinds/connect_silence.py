"""`connect_silence`: a connection that nobody answers."""

from collections.abc import Mapping
from typing import Any, ClassVar

from quecsim.border import Open, Ping, Resolve
from quecsim.faults.fault import ORDINALS, Number, Options
from quecsim.faults.network_fault import TIMES, OpenFault
from quecsim.faults.points import Aim


class ConnectSilence(OpenFault, frozen=True, kw_only=True, tag="connect_silence"):
    """Connection number `connection`, and the `times - 1` after it, is never answered: the device
    waits as long as it does.
    """

    KEY: ClassVar[str] = "connection"
    AIMS: ClassVar[Mapping[str, Aim]] = {"connection": Aim("connection")}
    ORDER: ClassVar[int] = 320
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"connection": 1},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({"connection": ORDINALS, "times": TIMES},)

    connection: Number = 1

    def what(self) -> str:
        """What happens."""
        return "no answer"

    def answer(self, _wish: Open | Resolve | Ping, /) -> None:
        """What the device hears."""
        return
