"""A correct QFUPL upload, from AT to the compared checksum, with the mistakes of a plan.

    upload(port, plan)      does it; returns an UploadResult, whatever went wrong on the line
    Interrupted             Ctrl-C during an upload; says in what state the device was left

The correct way: reach the device (AT), ATE0, AT+CMEE=1, AT+IFC=2,2 when RTS/CTS is wanted, delete
the old file, AT+QFUPL, wait for CONNECT, write exactly the declared bytes (in ACK mode wait for the
`A` of each block), wait for the summary and OK, compare size and checksum, and list the file.
"""

import re
import time
from collections.abc import Callable

from quecsim.host.at_client import SYNC_S, AtClient, PortError, Reply
from quecsim.host.data_phase import DataPhase, Progress, answer_s
from quecsim.host.plan import Mistake, UploadPlan, UploadResult
from quecsim.host.port import DRIVER_BUFFER_BYTES, Port, line_seconds

__all__ = ["Interrupted", "Mistake", "UploadPlan", "UploadResult", "upload"]

FLASH_COMMAND_S = 15.0  # creating or deleting a file may have to erase flash first
SUMMARY = re.compile(r"(\d+),([0-9A-Fa-f]+)")
LISTED = re.compile(r'"([^"]*)",(\d+)')


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during an upload; the message says in what state the device is now."""


def upload(
    port: Port,
    plan: UploadPlan,
    progress: Progress | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> UploadResult:
    """Upload `plan` through `port`, which open_port() made; every wait is bounded.

    `progress` is called with (bytes sent, bytes in all) after each write. `sleep` waits for a
    number of seconds. Raises Interrupted on Ctrl-C, and nothing for what the line does.
    """
    run = _Upload(AtClient(port, sleep=sleep), plan, progress or (lambda _sent, _total: None))
    try:
        run.run()
    except PortError as error:
        sent, total = run.result.sent_bytes, len(plan.payload())
        run.problem(f"{error} (after {sent} of {total} bytes)")
        run.client.forget_output()  # else closing the port waits for it
    except KeyboardInterrupt:
        raise Interrupted(run.abandon()) from None
    return run.result


class _Upload:
    """One upload, step by step; a step that returns False has said why, and ends it."""

    def __init__(self, client: AtClient, plan: UploadPlan, progress: Progress) -> None:
        self.client = client
        self.plan = plan
        self.progress = progress
        self.result = UploadResult.of(plan)
        self.in_data_mode = False

    def run(self) -> None:
        """All steps, in order."""
        if not (self.reach() and self.prepare() and self.clear_name() and self.start()):
            return
        DataPhase(self.client, self.plan, self.result, self.progress).send()
        if Mistake.NO_VERIFY in self.plan.mistakes:
            self.trust()
            return
        if self.finish():
            self.compare_listing()
        self.result.verified = self.result.ok

    def problem(self, text: str) -> bool:
        """Note a problem; False, for a step to return."""
        self.result.problems.append(text)
        return False

    def reach(self) -> bool:
        """Get an answer to AT, even from a device that another host left in data mode."""
        if self.client.sync():
            return True
        self.client.leave_data_mode()
        if self.client.sync():
            self.result.notes.append("the module was still in data mode: +++ ended that")
            return True
        baud = self.client.port.baudrate
        return self.problem(f"no answer to AT at {baud} baud: is it on, and is the rate right?")

    def prepare(self) -> bool:
        """Echo off, errors as numbers (both only for comfort), flow control on if wanted."""
        self.client.command("ATE0")
        self.client.command("AT+CMEE=1")
        if not self.plan.rtscts:
            return True
        reply = self.client.command("AT+IFC=2,2")
        if not reply.ok:
            return self.problem(f"the module refused AT+IFC=2,2: {reply.explained}")
        # The UART may reopen now, and lose what comes meanwhile.
        return self.client.sync() or self.problem("no answer any more after AT+IFC=2,2")

    def clear_name(self) -> bool:
        """Delete the old file, or with `keep` make sure that there is none."""
        if Mistake.NO_DELETE in self.plan.mistakes:
            return True
        if self.plan.keep:
            size = self.list_file()[0]
            taken = f"{self.plan.name} is on the module already ({size} bytes) and was left alone"
            return size is None or self.problem(taken)
        reply = self.client.command(f'AT+QFDEL="{self.plan.name}"', FLASH_COMMAND_S)
        self.result.replaced = reply.ok  # an error means that there was none
        return bool(reply.final) or self.problem("no answer to AT+QFDEL")

    def start(self) -> bool:
        """Send AT+QFUPL and wait for CONNECT."""
        self.in_data_mode = True
        if Mistake.NO_WAIT_CONNECT in self.plan.mistakes:
            self.client.forget_input()
            self.client.write(self.plan.command.encode() + b"\r")
            return True
        reply = self.client.command(self.plan.command, FLASH_COMMAND_S)
        self.result.connected = reply.connected
        if reply.connected:
            return True
        if not reply.final:
            self.client.leave_data_mode()
        self.in_data_mode = False
        return self.refused(reply)

    def refused(self, reply: Reply) -> bool:
        """Note that there was no CONNECT."""
        if reply.final in ("", "OK"):
            return self.problem("no CONNECT came after AT+QFUPL")
        return self.problem(f"the module refused the upload: {reply.explained}")

    def finish(self) -> bool:
        """Wait for the summary and compare it; whether the device is in command mode again."""
        reply = self.read_summary()
        if not reply.final:
            return self.problem("no summary came, and +++ had no answer: still in data mode?")
        self.in_data_mode = False
        if not self.result.connected:
            return self.refused(reply)
        self.compare_summary(reply)
        if not reply.ok:
            self.problem(f"the module ended the upload with {reply.explained}")
        return True

    def read_summary(self) -> Reply:
        """The lines after the payload; when none come, +++ ends data mode and brings them."""
        reply = self.read_end()
        if reply.connected:  # only now, because we did not wait for it
            self.result.connected = True
            reply = self.read_end()
        if not reply.final:
            self.problem("no summary came: the module waits for more bytes")
            reply = self.client.leave_data_mode()
        return reply

    def read_end(self) -> Reply:
        """Read to the next final result, and count the last `A`s on the way."""
        wait_s = answer_s(self.plan, self.client.port.baudrate, self.result.sent_bytes)
        reply = self.client.finish(self.plan.command, wait_s)
        self.result.acks += sum(len(line) for line in reply.lines if set(line) == {"A"})
        return reply

    def compare_summary(self, reply: Reply) -> None:
        """Compare size and checksum of `+QFUPL: <size>,<checksum>` with the file's."""
        result = self.result
        summary = SUMMARY.fullmatch("".join(reply.info("+QFUPL:")[:1]))
        if summary is None:
            if reply.ok:
                self.problem("the module said OK without `+QFUPL: <size>,<checksum>`")
            return
        result.reported_bytes = int(summary[1])
        result.reported_checksum = summary[2].lower().lstrip("0") or "0"
        if result.reported_bytes != result.file_bytes:
            self.problem(_off("reports", result.reported_bytes, result.file_bytes))
        elif result.reported_checksum != result.file_checksum:
            self.problem(
                f"module reports checksum {result.reported_checksum}, the file has "
                f"{result.file_checksum}: the size is right, the bytes are not"
            )

    def compare_listing(self) -> None:
        """Ask the device for the size of the file, and compare that too."""
        if self.result.problems or self.result.sent_bytes > self.plan.declared:
            self.client.sync()  # surplus bytes may stand in front of our command
        result = self.result
        result.listed_bytes, answer = self.list_file()
        if result.listed_bytes is None:
            self.problem(f"the module does not list {self.plan.name}: {answer}")
        elif result.listed_bytes not in (result.file_bytes, result.reported_bytes):
            self.problem(_off("lists", result.listed_bytes, result.file_bytes))

    def list_file(self) -> tuple[int | None, str]:
        """The size of the file as AT+QFLST gives it (None: not listed), and the final result."""
        reply = self.client.command(f'AT+QFLST="{self.plan.name}"', FLASH_COMMAND_S)
        for entry in map(LISTED.match, reply.info("+QFLST:")):
            if entry and _same_file(entry[1], self.plan.name):
                return int(entry[2]), reply.explained
        return None, reply.explained

    def trust(self) -> None:
        """Go straight on with the next command, as a host does that believes it is done."""
        wait_s = line_seconds(DRIVER_BUFFER_BYTES, self.client.port.baudrate) + SYNC_S
        if not self.client.command("AT", wait_s).final:
            self.result.notes.append(
                "the next command, AT, had no answer: is the module storing it in the file?"
            )

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
            return f"the module left data mode; {self.plan.name} there is incomplete"
        return (
            "the module did not answer to +++: it leaves data mode by itself after "
            f"{self.plan.timeout_s} s of silence, and keeps an incomplete {self.plan.name}"
        )


def _off(says: str, got: int, want: int) -> str:
    """How far a size that the device `says` is off: `module reports 1143 of 1188 bytes: ...`."""
    if got < want:
        return f"module {says} {got} of {want} bytes: {want - got} {_are(want - got)} missing"
    return f"module {says} {got} bytes, {got - want} more than the {want} of the file"


def _are(count: int) -> str:
    """`is` or `are`."""
    return "is" if count == 1 else "are"


def _same_file(listed: str, name: str) -> bool:
    """Whether two names mean one file: devices list with or without the prefix `UFS:`."""
    return _bare(listed) == _bare(name)


def _bare(name: str) -> str:
    """`name` without the prefix of the flash storage, which may be in either case."""
    return name[4:] if name[:4].upper() == "UFS:" else name
