"""By handle: AT+QFOPEN, AT+QFWRITE as often as the file needs, AT+QFCLOSE, then read it back.

There is no checksum here and no ACK mode, so the only proof is to read the file and compare it. One
QFWRITE takes 65535 bytes at most (FCM242D&FGM842D AT Commands Manual). When a write times out its
summary still ends with OK there, so the count in `+QFWRITE: <written>,<total>` is what tells.
"""

import re
from collections.abc import Iterator

from quecsim.host.at_client import PortError, Reply
from quecsim.host.base import FLASH_COMMAND_S, off, unknown
from quecsim.host.data_mode import DataModeUpload
from quecsim.host.data_phase import DataPhase
from quecsim.host.listing import clear_name, compare_listing
from quecsim.host.read_back import read_back

MAX_WRITE_BYTES = 65_535
CREATE_OR_CLEAR, READ_ONLY = 1, 2

SUMMARY = re.compile(r"(\d+),(\d+)")


class QfwriteUpload(DataModeUpload):
    """AT+QFOPEN="name",1; AT+QFWRITE=handle,length,timeout; AT+QFCLOSE=handle."""

    handle: int | None = None

    def run(self) -> None:
        """All steps, in order."""
        if not (self.reach() and self.prepare() and clear_name(self) and self.open()):
            return
        self.write_all()
        if self.in_data_mode:
            return
        self.resync()
        if self.close() and self.result.connected:
            compare_listing(self)
            if self.plan.readback and self.result.listed_bytes is not None:
                self.compare_content()
        self.result.verified = self.result.ok and self.plan.readback

    def open(self, mode: int = CREATE_OR_CLEAR) -> bool:
        """Open the file; its handle is known then."""
        command = f'AT+QFOPEN="{self.plan.name}",{mode}'
        reply = self.client.command(command, FLASH_COMMAND_S)
        handle = "".join(reply.info("+QFOPEN:")[:1])
        if not reply.ok:
            why = f"{self.explain(reply)}{unknown(reply, 'AT+QFOPEN: try another --via')}"
            return self.problem(f"the module cannot open the file: {why}")
        if not handle.isdecimal():
            return self.problem("the module said OK without `+QFOPEN: <handle>`")
        self.handle = int(handle)
        self.has_command = True
        return True

    def close(self) -> bool:
        """Close the file; what was written is safe then."""
        reply = self.client.command(f"AT+QFCLOSE={self.handle}", FLASH_COMMAND_S)
        self.handle = None
        return reply.ok or self.problem(f"the module cannot close the file: {self.explain(reply)}")

    def write_all(self) -> None:
        """Write the payload, in as many commands as its size needs; ends at the first trouble."""
        phase = DataPhase(self.client, self.plan, self.result, self.progress)
        for start, end in writes(self.plan.declared):
            is_last = end == self.plan.declared
            command = f"AT+QFWRITE={self.handle},{end - start},{self.plan.idle_s}"
            if not self.start(command):
                return
            phase.send(start, None if is_last else end)
            reply = self.finish(command, self.result.sent_bytes - start)
            if reply is None or not self.is_written(reply, end):
                return

    def is_written(self, reply: Reply, end: int) -> bool:
        """Whether the device has stored all up to `end`, as its summary says."""
        summary = SUMMARY.fullmatch("".join(reply.info("+QFWRITE:")[:1]))
        if summary is not None:
            self.compare_total(int(summary[2]), end)
        elif reply.ok:
            self.problem("the module said OK without `+QFWRITE: <written>,<total>`")
        self.ended_well(reply)
        return self.result.ok

    def compare_total(self, total: int, end: int) -> None:
        """Compare the `total` that the device has with `end`, up to where we announced bytes."""
        self.result.reported_bytes = total
        wanted = self.result.file_bytes if end == self.plan.declared else end
        if total != wanted:
            self.problem(off("reports", total, wanted))
        elif total != end:
            self.problem(f"the module waited for {end} bytes, and took {total} when none came")

    def compare_content(self) -> None:
        """Read the file back, and say where it begins to differ."""
        if not self.open(READ_ONLY):
            return
        assert self.handle is not None
        content, why_ended = read_back(self.client, self.handle, len(self.plan.data))
        self.close()
        same = common_bytes(content, self.plan.data)
        self.result.same_bytes = same
        if same == len(self.plan.data):
            return
        if len(content) == self.result.reported_bytes:
            self.content = content
        if same < len(content):
            read, sent = content[same], self.plan.data[same]
            self.problem(
                f"the file differs from offset {same} on: 0x{read:02x} there, 0x{sent:02x} here"
            )
        else:
            self.problem(f"read back, the file ends at offset {same}: {why_ended}")

    def abandon(self) -> str:
        """After Ctrl-C: leave data mode if we are in it, and close the file."""
        state = super().abandon()
        if self.handle is None or self.in_data_mode:
            return state
        try:
            # The answer to an interrupted command may still come before that to ours.
            closed = self.client.sync() and self.client.command(f"AT+QFCLOSE={self.handle}").ok
        except PortError as error:
            return str(error)
        return f"{state}, and {'closed' if closed else f'still open (handle {self.handle})'}"


def writes(total: int) -> Iterator[tuple[int, int]]:
    """(start, end) of what each QFWRITE announces, for `total` bytes."""
    for start in range(0, total, MAX_WRITE_BYTES):
        yield start, min(start + MAX_WRITE_BYTES, total)


def common_bytes(one: bytes, other: bytes) -> int:
    """How many bytes are the same from the start on."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
