"""`echo_on`: the echo cannot be switched off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from quecsim.at.grammar import Call
from quecsim.faults.armed import Armed
from quecsim.faults.fault import Fault
from quecsim.faults.places import Places
from quecsim.faults.places.commands import CallFault, CommandFaults


class EchoOn(Fault, frozen=True, kw_only=True, tag="echo_on"):
    """ATE0 says OK, and the echo stays on. Fires at each ATE0."""

    NEEDS_COMMAND: ClassVar[str] = "E"
    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 60
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)

    def words(self) -> str:
        """What it does."""
        return "ATE0 leaves the echo on"

    def arm(self, armed: Armed, places: Places) -> None:
        """From the next command on."""
        places.commands.watch(_Echo(armed, places.commands))


@dataclass(slots=True)
class _Echo(CallFault):
    armed: Armed
    commands: CommandFaults

    def after_call(self, call: Call) -> None:
        shared = self.commands.shared
        if call.name == "E" and not shared.settings.echo:
            shared.settings.echo = 1
            self.armed.fire(shared.now_ns, "ATE0 was answered, and the echo stayed on")
