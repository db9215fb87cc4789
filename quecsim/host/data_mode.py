"""The way into data mode and out of it, which three of the four ways share.

    DataModeUpload      command, CONNECT, payload, a summary line, and a final result

The summary is `+<command>: <size>,<what else>`; the four modules of the ways say what it holds.
"""

from quecsim.host.at_client import SYNC_S, Reply
from quecsim.host.base import FLASH_COMMAND_S, UploadWay, unknown
from quecsim.host.data_phase import answer_s
from quecsim.host.plan import Mistake
from quecsim.host.port import DRIVER_BUFFER_BYTES, line_seconds


class DataModeUpload(UploadWay):
    """An upload whose bytes go between CONNECT and a summary.

    `has_command`: the device has shown that it knows the way's commands.
    """

    has_command = False

    def start(self, command: str) -> bool:
        """Send `command` and wait for CONNECT."""
        self.in_data_mode = True
        self.result.connected = False
        if Mistake.NO_WAIT_CONNECT in self.plan.mistakes:
            self.client.forget_input()
            self.client.write_command(command)
            return True
        reply = self.client.command(command, FLASH_COMMAND_S)
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
            return self.problem(f"no CONNECT came after {self.plan.via.command}")
        why = self.explain(reply)
        if not self.has_command:
            why += unknown(reply, f"{self.plan.via.command}: try another --via")
        return self.problem(f"the module refused the upload: {why}")

    def finish(self, command: str, written_bytes: int) -> Reply | None:
        """Wait for the summary, `written_bytes` after CONNECT; None if the upload ended without.

        None has two reasons: the device is still in data mode, or never was.
        """
        reply = self.read_summary(command, written_bytes)
        if not reply.final:
            self.problem(f"no summary came, and {self.after_silence()}")
            return None
        self.in_data_mode = False
        if not self.result.connected:
            self.refused(reply)
            return None
        return reply

    def read_summary(self, command: str, written_bytes: int) -> Reply:
        """The lines after the payload; when none come, +++ ends data mode and brings them."""
        reply = self.read_end(command, written_bytes)
        if reply.connected:  # only now, because we did not wait for it
            self.result.connected = True
            reply = self.read_end(command, written_bytes)
        if not reply.final:
            reply = self.client.leave_data_mode()
            if reply.final:
                self.problem("no summary came: the module waits for more bytes")
        return reply

    def after_silence(self) -> str:
        """What it may mean that +++ had no answer.

        A module that has restarted meanwhile answers to AT. One in data mode takes that for data,
        of a file that is incomplete anyway; its answer, if it has one, is the summary.
        """
        reply = self.client.command("AT", SYNC_S)
        if reply.ok and not reply.info(f"+{self.plan.via.carrier}:"):
            return "the module is in command mode: it may have restarted"
        return "+++ had no answer: still in data mode?"

    def read_end(self, command: str, written_bytes: int) -> Reply:
        """Read to the next final result, and count the last `A`s on the way."""
        wait_s = answer_s(self.plan, self.client.port.baudrate, written_bytes)
        reply = self.client.finish(command, wait_s)
        self.result.acks += sum(len(line) for line in reply.lines if set(line) == {"A"})
        return reply

    def ended_well(self, reply: Reply) -> None:
        """A problem unless the upload ended with OK."""
        if not reply.ok:
            self.problem(f"the module ended the upload with {self.explain(reply)}")

    def resync(self) -> None:
        """After trouble, surplus bytes may stand in front of our next command: get past them."""
        if self.result.problems or self.result.sent_bytes > self.plan.declared:
            super().resync()

    def trust(self) -> None:
        """Go straight on with the next command, as a host does that believes it is done."""
        wait_s = line_seconds(DRIVER_BUFFER_BYTES, self.client.port.baudrate) + SYNC_S
        if not self.client.command("AT", wait_s).final:
            self.result.notes.append(
                "the next command, AT, had no answer: is the module storing it in the file?"
            )
