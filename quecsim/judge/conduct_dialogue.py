"""What the host wrote and when, beside what the device had answered by then: did it wait?

The host's view of things is the later one: it is taken to know a result from the moment at which
the device gave it to its transmitter, and to have written a byte when its UART got it.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from quecsim.judge.conduct_end import PendingCommand, after, leaving
from quecsim.judge.conduct_rules import Breach, breach
from quecsim.judge.conduct_upload import (
    HostUpload,
    host_upload,
    looks_like_command,
    looks_like_data,
)
from quecsim.report.taken import STRAY_WHYS
from quecsim.trace import event as ev
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.kinds import UPLOADS, opening

_HEAD_BYTES = 64
_MOST_WRITES = 256
_MOST_BREACHES = 1000
_MOST_NAMES = 1000
_PLUSES = (b"+", b"++", b"+++")  # of the escape, it seems: the `A` is not waited for any more
_ASKING = ("write", "malformed")  # the forms of an upload's command that ask for one


# A breach that the file itself may excuse: its bytes there, and whether it is one without a file.
_InData: TypeAlias = tuple[Breach, bytes, bool]


class _Write:
    """The beginning of what the host wrote, while no command line or upload has claimed it."""

    __slots__ = ("at_ns", "end", "head", "offset")

    def __init__(self, at_ns: int, offset: int, data: bytes) -> None:
        self.at_ns, self.offset, self.end = at_ns, offset, offset + len(data)
        self.head = data

    def drop_before(self, offset: int) -> None:
        """Only what lies at or behind `offset` is left."""
        self.head = self.head[max(0, offset - self.offset) :]
        self.offset = max(offset, self.offset)


class Dialogue:
    """Both sides of it, and the `breaches` of the host's."""

    def __init__(self) -> None:
        self.handlers: dict[type, Callable[[Any], None]] = {
            kind: getattr(self, name) for kind, name in _HANDLERS.items()
        }
        self._sent = 0
        self._closed_ns: int | None = None  # when the host closed the port, if it is closed
        self._line = ev.CommandLine(0, 0, 0, "")
        self._is_writing = False  # one of its commands is a step in writing a file
        self._claim = 0  # from here on bytes may belong to the next upload
        self._allowed_ns = 0  # for the command that runs
        self._writes: deque[_Write] = deque()  # the first of them: the others are not looked at
        self._pending: PendingCommand | None = None
        self._upload: HostUpload | None = None
        self._found: list[Breach] = []
        self._swallowed: list[_InData] = []  # in uploads before
        self._existing: dict[str, Breach] = {}
        self._after_refusal: Breach | None = None
        self._write_error: tuple[int, str, str] | None = None

    @property
    def upload(self) -> HostUpload | None:
        """The last upload."""
        return self._upload

    @property
    def write_error(self) -> tuple[int, str, str] | None:
        """(time, command, result) of a command for writing files that failed; None if an upload
        was accepted after it.
        """
        return self._write_error

    def breaches(self, expected: bytes | None, *, may_fail: bool) -> list[Breach]:
        """What was broken, but for the leaving; see `quecsim.judge.conduct`."""
        found = [*self._found, *self._commands(expected)]
        if not may_fail:
            found += self._existing.values()
        if self._after_refusal is not None:
            found.append(self._after_refusal)
        return found

    def leaving(self, at_ns: int, left_ns: int | None) -> Iterator[Breach]:
        """What was wrong about leaving at `left_ns` (None: when the port was closed, else now)."""
        end_ns = next(each for each in (left_ns, self._closed_ns, at_ns) if each is not None)
        return leaving(self._upload, self._pending, self._sent, end_ns)

    def _on_host_opened(self, _event: ev.HostOpened) -> None:
        self._closed_ns = None

    def _on_host_closed(self, event: ev.HostClosed) -> None:
        self._closed_ns = event.at_ns

    # the host writes

    def _on_host_bytes(self, event: ev.HostBytes) -> None:
        self._sent = event.offset + len(event.data)
        upload = self._upload
        if upload is None or upload.start is None or not upload.is_open:
            self._write_outside(event)
            return
        if event.offset < upload.data_end:
            upload.last_data_ns = event.at_ns
        if upload.is_taking and event.data not in _PLUSES:
            self._check_ack(upload, event.at_ns)
        if self._sent > upload.data_end:
            place = max(event.offset, upload.data_end)
            self._write_behind(upload, event.at_ns, place, event.data[place - event.offset :])

    def _write_outside(self, event: ev.HostBytes) -> None:
        """No upload has data to come: a command, or data that nobody wants."""
        write = _Write(event.at_ns, event.offset, event.data[:_HEAD_BYTES])
        write.end = self._sent
        if len(self._writes) < _MOST_WRITES:
            self._writes.append(write)
        pending = self._pending
        if pending is not None and looks_like_command(write.head):
            self._hurry(pending, event.at_ns, event.offset)

    def _write_behind(self, upload: HostUpload, at_ns: int, offset: int, tail: bytes) -> None:
        """All that was announced is written, the answer is not there yet, and more comes."""
        waited_ns = at_ns - upload.last_data_ns
        is_early = waited_ns < upload.timeout_ns and not upload.is_package
        if is_early and looks_like_command(tail):
            self._add("gave-up-early", at_ns, f"the next command came {after(waited_ns)} the last "
                      f"byte of {upload.name}, before the device's answer",
                      upload.size, offset)  # fmt: skip

    def _check_ack(self, upload: HostUpload, at_ns: int) -> None:
        assert upload.start is not None
        limit = upload.acked + upload.block_bytes
        ahead = min(self._sent - upload.start, upload.size) - limit
        if not upload.ack or ahead <= 0 or upload.is_hasty:
            return
        upload.is_hasty = True
        more = "1 more byte" if ahead == 1 else f"{ahead} more bytes"
        self._add("no-wait-for-ack", at_ns, f"{more} came before the A for the first {limit}",
                  limit, upload.start + limit, block_bytes=upload.block_bytes)  # fmt: skip

    def _hurry(self, pending: PendingCommand, at_ns: int, offset: int) -> None:
        waited_ns = at_ns - pending.at_ns
        if pending.is_hurried or waited_ns >= pending.allowed_ns:
            return
        pending.is_hurried = True
        what = f"the next command came {after(waited_ns)} AT{pending.line}, before its answer"
        self._add("gave-up-early", at_ns, what, None, offset)

    # the device reads and answers

    def _on_command_line(self, event: ev.CommandLine) -> None:
        end = event.offset + event.count
        while self._writes and self._writes[0].end <= end:
            self._writes.popleft()
        if self._writes:
            self._writes[0].drop_before(end)
        self._line, self._claim, self._pending, self._is_writing = event, end, None, False

    def _on_called(self, event: ev.Called) -> None:
        if not event.role or event.form == "test":
            return
        self._allowed_ns = event.allowed_ns
        self._is_writing = self._is_writing or event.role == "writing"
        line = self._line
        if self._pending is None:
            self._pending = PendingCommand(line.at_ns, line.number, line.text, event.allowed_ns)
        is_upload = event.name in UPLOADS and event.form in _ASKING
        if not is_upload and self._writes and looks_like_command(self._writes[0].head):
            self._hurry(self._pending, self._pending.at_ns, self._writes[0].offset)

    def _on_asked(self, event: ev.TransferAsked) -> None:
        if event.way != "in" or event.command not in UPLOADS:
            return
        room = _MOST_BREACHES - len(self._swallowed)
        self._swallowed += self._in_data()[:room]
        self._upload = host_upload(event, self._claim, self._line.text, self._allowed_ns)
        self._after_refusal = None

    def _on_result(self, event: ev.Result) -> None:
        if self._pending is None or self._pending.number != event.number:
            return
        self._pending = None
        if event.text != "OK" and self._is_writing:
            self._write_error = (event.at_ns, event.line, event.text)

    def _on_file_changed(self, event: ev.FileChanged) -> None:
        if event.what != "closed":
            self._existing.pop(event.name, None)

    def _on_transfer_end(self, event: ev.TransferEnd) -> None:
        upload = self._upload
        if upload is None or upload.transfer != event.transfer or not event.result:
            return
        is_ok = event.result == "OK"
        if is_ok and upload.is_package and not upload.restarts_first:
            return  # END is its answer
        upload.answer_ns, upload.answer = event.at_ns, event.result
        upload.sent_at_answer = self._sent
        if upload.start is None and not is_ok:
            self._refused(upload, event)

    def _refused(self, upload: HostUpload, event: ev.TransferEnd) -> None:
        self._check_early(upload)
        is_told = upload.name in self._existing or len(self._existing) < _MOST_NAMES
        if event.cause != "file_exists" or not is_told:
            return
        again = "; it only tried again" if upload.name in self._existing else ""
        said = event.result
        what = f"{upload.name} exists already ({said}), and the host did not delete it{again}"
        self._existing[upload.name] = breach("existing-file", event.at_ns, what)

    def _on_data_begin(self, event: ev.DataBegin) -> None:
        upload = self._upload
        if upload is None or upload.transfer != event.transfer:
            return
        upload.name = event.name if not upload.is_package else upload.name
        upload.start, upload.begin_ns = event.offset, event.at_ns
        upload.size, upload.ack, upload.block_bytes = event.size, event.ack, event.block_bytes
        upload.last_data_ns = event.at_ns
        self._existing.pop(upload.name, None)
        self._write_error = None
        self._check_early(upload)
        self._check_ack(upload, event.at_ns)
        self._writes.clear()

    def _check_early(self, upload: HostUpload) -> None:
        """What the host wrote behind the command, before the device had answered."""
        for write in self._writes:
            if not looks_like_data(write.head):
                continue
            count = self._sent - write.offset
            what = "1 byte" if count == 1 else f"{count} bytes"
            text = f"the host wrote {what} before {opening(upload.command)}"
            self._add("data-before-connect", write.at_ns, text,
                      max(0, write.offset - upload.claim), write.offset)  # fmt: skip
            return

    def _on_eaten(self, event: ev.Eaten) -> None:
        upload = self._upload
        if event.why == EatenWhy.LF_AFTER_CR and event.offset == self._claim:
            self._claim += event.count
        if upload is None:
            return
        if (
            event.why == EatenWhy.LF_AFTER_CR
            and event.offset == upload.claim
            and upload.start is None
        ):
            upload.claim += event.count
            if self._writes:
                self._writes[0].drop_before(upload.claim)
        elif event.why in STRAY_WHYS:
            upload.taken.eaten(event)
            self._check_refusal(upload, event)

    def _check_refusal(self, upload: HostUpload, event: ev.Eaten) -> None:
        """Data that the host wrote when the refusal was out already."""
        is_later = upload.is_refused and event.offset >= upload.sent_at_answer
        if is_later and self._after_refusal is None and looks_like_data(event.data):
            what = f"file data came after the device had refused the upload: {upload.answer}"
            self._after_refusal = breach(
                "ignored-error", event.at_ns, what, at_byte=0, offset=event.offset
            )

    def _on_ack(self, event: ev.Ack) -> None:
        if self._upload is not None:
            self._upload.acked = event.received

    def _on_swallowed(self, event: ev.Swallowed) -> None:
        upload = self._upload
        if upload is None or not upload.is_taking:
            return
        assert upload.start is not None
        upload.taken.take(event, upload.start, upload.acked)
        self._found = [each for each in self._found if not _is_hurry_at(each, event.offset)]

    def _on_data_end(self, event: ev.DataEnd) -> None:
        upload = self._upload
        if upload is None or not upload.is_taking:
            return
        upload.end_ns, upload.end = event.at_ns, event
        upload.taken.end(event, self._sent)
        self._claim = event.offset
        if event.why == "escape" and event.offset > upload.data_end:  # else: the file has pluses
            waited_ns = event.at_ns - upload.last_data_ns
            if waited_ns < upload.timeout_ns:
                self._add("gave-up-early", event.at_ns, f"+++ came {after(waited_ns)} the last "
                          f"byte of {upload.name}, while the device waited or worked",
                          upload.size, event.offset)  # fmt: skip

    def _on_upgrade(self, event: ev.UpgradeStep) -> None:
        upload = self._upload
        if upload is not None and upload.is_package and event.step == "END":
            upload.answer_ns = event.at_ns

    def _on_power(self, event: ev.Power) -> None:
        if event.state in ("off", "booting"):  # it starts anew, by itself or with new power
            self._pending = None
            self._writes.clear()
            if self._upload is not None and self._upload.is_open:
                self._upload.is_cut = True

    # what remains to be said at the end

    def _commands(self, expected: bytes | None) -> Iterator[Breach]:
        for each, data, is_sure in (*self._swallowed, *self._in_data()):
            place = each.at_byte or 0
            if is_sure if expected is None else expected[place : place + len(data)] != data:
                yield each

    def _in_data(self) -> list[_InData]:
        """The commands that the last upload took for data, it seems."""
        upload = self._upload
        if upload is None or upload.start is None:
            return []
        sure = upload.taken.sure()
        return [_in_data_mode(upload, each, each in sure) for each in upload.taken.suspect()]

    def _add(
        self,
        rule: str,
        at_ns: int,
        text: str,
        at_byte: int | None,
        offset: int | None,
        block_bytes: int = 0,
    ) -> None:
        if len(self._found) < _MOST_BREACHES:
            found = breach(
                rule, at_ns, text, at_byte=at_byte, offset=offset, block_bytes=block_bytes
            )
            self._found.append(found)


def _in_data_mode(upload: HostUpload, event: ev.Swallowed, is_sure: bool) -> _InData:
    place = event.offset - (upload.start or 0)
    what = "the end" if event.is_cut else "part"
    text = f"{event.text!r} became {what} of {upload.name}: the device was in data mode"
    found = breach("command-in-data-mode", event.at_ns, text, at_byte=place, offset=event.offset)
    return found, event.text.encode() + (b"" if event.is_cut else b"\r"), is_sure


def _is_hurry_at(each: Breach, offset: int) -> bool:
    return each.rule == "gave-up-early" and each.offset == offset


_HANDLERS: dict[type, str] = {
    ev.HostOpened: "_on_host_opened",
    ev.HostClosed: "_on_host_closed",
    ev.HostBytes: "_on_host_bytes",
    ev.CommandLine: "_on_command_line",
    ev.Called: "_on_called",
    ev.TransferAsked: "_on_asked",
    ev.TransferEnd: "_on_transfer_end",
    ev.Result: "_on_result",
    ev.FileChanged: "_on_file_changed",
    ev.DataBegin: "_on_data_begin",
    ev.DataEnd: "_on_data_end",
    ev.Ack: "_on_ack",
    ev.Eaten: "_on_eaten",
    ev.Swallowed: "_on_swallowed",
    ev.UpgradeStep: "_on_upgrade",
    ev.Power: "_on_power",
}
