"""The host ended, or went on to something else: was the device still at work for it?"""

from collections.abc import Iterator

from quecsim.judge.conduct_rules import Breach, breach
from quecsim.judge.conduct_upload import HostUpload
from quecsim.units import format_ns


class PendingCommand:
    """A file command of line `number` that has not been answered, and may take `allowed_ns`.

    `is_hurried`: the host did not wait, said once.
    """

    __slots__ = ("allowed_ns", "at_ns", "is_hurried", "line", "number")

    def __init__(self, at_ns: int, number: int, line: str, allowed_ns: int) -> None:
        self.at_ns, self.number, self.line, self.allowed_ns = at_ns, number, line, allowed_ns
        self.is_hurried = False


def leaving(
    upload: HostUpload | None, pending: PendingCommand | None, sent: int, left_ns: int
) -> Iterator[Breach]:
    """What was wrong about ending at `left_ns`, with `sent` bytes in the stream."""
    if upload is not None and not upload.is_cut and _is_unanswered(upload, left_ns):
        if upload.start is None:
            yield from _before_connect(upload, left_ns)
        else:
            yield from _in_upload(upload, sent, left_ns)
    elif pending is not None and left_ns - pending.at_ns < pending.allowed_ns:
        what = f"the host left {after(left_ns - pending.at_ns)} AT{pending.line}"
        yield breach("gave-up-early", left_ns, f"{what}, before its answer")


def after(duration_ns: int) -> str:
    """`together with`, or how long after."""
    return "together with" if duration_ns <= 0 else f"{format_ns(duration_ns)} after"


def _is_unanswered(upload: HostUpload, left_ns: int) -> bool:
    return upload.answer_ns is None or upload.answer_ns > left_ns


def _before_connect(upload: HostUpload, left_ns: int) -> Iterator[Breach]:
    waited_ns = left_ns - upload.line_ns
    if waited_ns < upload.allowed_ns:
        what = f"the host left {after(waited_ns)} the command, before CONNECT or an error"
        yield breach("gave-up-early", left_ns, what)


def _in_upload(upload: HostUpload, sent: int, left_ns: int) -> Iterator[Breach]:
    assert upload.start is not None
    handed = sent - upload.start
    is_on = upload.end_ns is None or upload.end_ns > left_ns
    if is_on and handed < upload.size:
        what = f"the host ended after {handed} of {upload.size} bytes of {upload.name}"
        yield breach("left-in-data-mode", left_ns, f"{what}, and the device waited for more",
                     at_byte=handed, offset=sent)  # fmt: skip
        return
    waited_ns = max(0, left_ns - upload.last_data_ns)
    if upload.is_package and not is_on:
        what = "the host left while the upgrade was going on, before END"
        yield breach("gave-up-early", left_ns, what)
    elif waited_ns < upload.timeout_ns:
        what = f"the host left {after(waited_ns)} the last byte of {upload.name}"
        yield breach("gave-up-early", left_ns, f"{what}, before the device's answer",
                     at_byte=upload.size, offset=upload.data_end)  # fmt: skip
