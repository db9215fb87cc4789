"""What every way of uploading begins and ends with.

Upload              one upload, step by step: reach the device, prepare it; after Ctrl-C, leave
off()               how far a size is off, for people
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from quecsim.host.at_client import AtClient, PortError, Reply
from quecsim.host.data_phase import Progress
from quecsim.host.plan import UploadPlan, UploadResult
from quecsim.host.port import DRIVER_BUFFER_BYTES
from quecsim.host.reach import no_answer, reach

FLASH_COMMAND_S = 15.0  # creating or deleting a file may have to erase flash first


class UploadWay(ABC):
    """One upload, step by step; a step that returns False has said why, and ends it."""

    meanings: ClassVar[Mapping[int, str]] = {}
    """What error numbers mean on this way, where it is not the usual (`error_meanings`)."""

    def __init__(self, client: AtClient, plan: UploadPlan, progress: Progress) -> None:
        self.client = client
        self.plan = plan
        self.progress = progress
        self.result = UploadResult.of(plan)
        self.in_data_mode = False
        self.content: bytes | None = None
        """What was read back and is not the file; None where it is, or its end is not known."""

    @abstractmethod
    def run(self) -> None:
        """All steps, in order."""

    def problem(self, text: str) -> bool:
        """Note a problem; False, for a step to return."""
        self.result.problems.append(text)
        return False

    def explain(self, reply: Reply) -> str:
        """The final result of `reply`, with what its number means."""
        return reply.explain(self.meanings)

    def reach(self) -> bool:
        """Get an answer to AT, even from a device that another host left in data mode."""
        return reach(self.client, self.result.notes) or self.problem(no_answer(self.client))

    def prepare(self) -> bool:
        """Echo off, errors as numbers (both only for comfort), flow control on if wanted."""
        self.quieten()
        self.client.command("AT+CMEE=1")
        if not self.plan.rtscts:
            return True
        reply = self.client.command("AT+IFC=2,2")
        if not reply.ok:
            why = f"{self.explain(reply)}{unknown(reply, 'AT+IFC: leave --flow rtscts out then')}"
            return self.problem(f"the module refused AT+IFC=2,2: {why}")
        # The UART may reopen now, and lose what comes meanwhile.
        return self.client.sync() or self.problem("no answer any more after AT+IFC=2,2")

    def quieten(self) -> None:
        """Echo off; Wi-Fi devices have a command of their own for that."""
        reply = self.client.command("ATE0")
        if reply.final and not reply.ok:
            self.client.command("AT+QECHO=0")

    def resync(self) -> None:
        """Get past answers to bytes that the device took for commands, in front of our next one."""
        self.client.settle()
        self.client.sync()
        self.client.settle()

    def port_failed(self, error: PortError) -> None:
        """The port failed in the middle of it all: say how far we were."""
        sent, total = self.result.sent_bytes, len(self.plan.payload())
        self.problem(f"{error} (after {sent} of {total} bytes)")
        self.client.forget_output()  # else closing the port waits for it

    def abandon(self) -> str:
        """After Ctrl-C: leave data mode if we are in it; what state the device is in now."""
        if not self.in_data_mode:
            return "the module is in command mode"
        self.client.forget_output()
        try:
            # What the driver held is forgotten; what it had handed on may still be on the line.
            left = self.client.leave_data_mode(min(self.result.sent_bytes, DRIVER_BUFFER_BYTES))
        except PortError as error:
            return str(error)
        if left.final:
            self.in_data_mode = False
            return f"the module left data mode; {self.plan.name} there is incomplete"
        return (
            "the module did not answer to +++: it leaves data mode by itself after "
            f"{self.plan.idle_s} s of silence, and keeps an incomplete {self.plan.name}"
        )


def off(says: str, got: int, want: int) -> str:
    """How far a size that the device `says` is off: `module reports 1143 of 1188 bytes: ...`."""
    if got < want:
        return f"module {says} {got} of {want} bytes: {want - got} {_are(want - got)} missing"
    return f"module {says} {got} bytes, {got - want} more than the {want} of the file"


def _are(count: int) -> str:
    """`is` or `are`."""
    return "is" if count == 1 else "are"


def unknown(reply: Reply, advice: str) -> str:
    """What plain ERROR may mean: the device does not have the command at all."""
    return f"; this one may not have {advice}" if reply.final == "ERROR" else ""
