"""What is to be uploaded and how, and what came of it: the two records of an upload.

UploadPlan      name, bytes, way and mistakes; knows its payload
UploadResult    what the host did and what the device said; ends with a list of problems
"""

from dataclasses import dataclass, field

from quecsim.certificates.examine import examine
from quecsim.checksum import checksum, checksum_text
from quecsim.errors import QuecsimError
from quecsim.host.via import NO_ARGUMENTS, TAKES, FotaOptions, Mistake, Takes, Via

__all__ = ["FotaOptions", "Mistake", "UploadPlan", "UploadResult", "Via", "println"]

CHUNK_BYTES = 1024


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """An upload: `data` (at least 1 byte) to the file `name`; the defaults are the correct way.

    `chunk_bytes` (1..) is the size of one write, `gap_ms` (0..) the pause between two. `timeout_s`
    is the command's own: after that much silence the device gives up; None is the way's default.
    `declared_bytes` (1..) is the size told to the device, None for the true one. `keep` leaves an
    existing file alone. `readback` reads a file back where there is no checksum.

    What is known of the device, None for what the documents say: `ack_block_bytes` (1..) is what
    one `A` stands for (None: it is learned, where it is not 1024), `package_idle_s` (1..) how long
    it waits for more of a package. Raises QuecsimError for what cannot be sent, and for options
    that the way does not have.
    """

    name: str
    data: bytes
    ack: bool = False
    rtscts: bool = False
    keep: bool = False
    chunk_bytes: int = CHUNK_BYTES
    gap_ms: int = 0
    timeout_s: int | None = None
    declared_bytes: int | None = None
    mistakes: frozenset[Mistake] = frozenset()
    via: Via = Via.QFUPL
    readback: bool = True
    fota: FotaOptions = NO_ARGUMENTS
    ack_block_bytes: int | None = None
    package_idle_s: int | None = None

    def __post_init__(self) -> None:
        if not self.name or any(char == '"' or not char.isprintable() for char in self.name):
            hint = "give --name without quotation marks and control characters"
            raise QuecsimError(f"{self.name!r} cannot be sent as a file name", hint=hint)
        _need(len(self.data) > 0, "the file is empty", "a file to upload has at least 1 byte")
        _need(self.chunk_bytes > 0, "a chunk has at least 1 byte", "give --chunk 1 or more")
        is_block = self.ack_block_bytes is None or self.ack_block_bytes > 0
        _need(is_block, "a block has at least 1 byte", "give --ack-block 1 or more")
        _need(self.gap_ms >= 0, "a gap cannot be negative", "give --gap 0 or more")
        _need(self.declared > 0, "a size is at least 1 byte", "give --declare 1 or more")
        self._check_timeout()
        self._check_options()
        self.takes.target(self.name, self.declared)

    def _check_timeout(self) -> None:
        """The way's own range of time-outs."""
        if self.timeout_s is None:
            return
        command, bounds = self.via.command, self.takes.timeouts
        if bounds is None:
            raise QuecsimError(f"{command} has no time-out", hint="leave --timeout out")
        fits = bounds[0] <= self.timeout_s <= bounds[1]
        hint = f"{command} takes {bounds[0]}-{bounds[1]} s"
        _need(fits, f"no time-out of {self.timeout_s} s", hint)

    def _check_options(self) -> None:
        """Nothing that this way does not have."""
        given = {
            **{wrong.option: wrong in self.mistakes for wrong in Mistake},
            "--ack": self.ack,
            "--keep": self.keep,
            "--no-readback": not self.readback,
            "--upgrade-mode": self.fota.upgrade_mode is not None,
            "--download-urcs": self.fota.download_urcs is not None,
            "--update-urcs": self.fota.update_urcs is not None,
        }
        known = self.takes.options | {wrong.option for wrong in self.takes.mistakes}
        for option in (name for name, is_given in given.items() if is_given and name not in known):
            ways = ", ".join(via for via in Via if option in _options(via))
            hint = f"leave it out, or use --via {ways}"
            raise QuecsimError(f"{option} makes no sense with --via {self.via}", hint=hint)

    @property
    def takes(self) -> Takes:
        """What the way takes."""
        return TAKES[self.via]

    @property
    def idle_s(self) -> int:
        """After how many seconds of silence the device gives up."""
        if self.via is Via.QFOTADL and self.package_idle_s is not None:
            return self.package_idle_s
        return self.takes.idle_s if self.timeout_s is None else self.timeout_s

    @property
    def declared(self) -> int:
        """The size told to the device, in bytes."""
        return len(self.data) if self.declared_bytes is None else self.declared_bytes

    @property
    def ack_mode(self) -> bool:
        """Whether the device is asked for an `A` after each block."""
        return self.ack or Mistake.IGNORE_ACK in self.mistakes

    @property
    def waits_for_ack(self) -> bool:
        """Whether the host waits for each `A`."""
        return self.ack and Mistake.IGNORE_ACK not in self.mistakes

    def payload(self) -> bytes:
        """The bytes that the host will write: `data`, unless it prints lines."""
        return println(self.data) if Mistake.PRINTLN in self.mistakes else self.data


def println(data: bytes) -> bytes:
    """`data` as a sketch prints it: cut at each LF, every line written with CR LF behind it."""
    lines = data.removesuffix(b"\n").split(b"\n")
    return b"".join(line + b"\r\n" for line in lines)


def _options(via: Via) -> frozenset[str]:
    """The options that `via` has and not every way, mistakes included."""
    takes = TAKES[via]
    return takes.options | {mistake.option for mistake in takes.mistakes}


def _need(holds: bool, message: str, hint: str) -> None:
    """The user's mistake `message` unless `holds`."""
    if not holds:
        raise QuecsimError(message, hint=hint)


@dataclass(slots=True)
class UploadResult:
    """What is known of an upload so far. Sizes in bytes; None for what the device never said.

    `connected`: it said CONNECT, or asked for the package. `sent_bytes` counts whole writes.
    `reported_*` is from the summary of the upload, `listed_bytes` from QFLST, `stored_*` from
    QSECREAD; `same_bytes` is how many bytes from the start on were read back and are right.
    `downloading` and `updating` are the last numbers of these URCs, `file_error` and
    `upgrade_error` those of FILEEND and END, `revision_*` what ATI says.

    `explanation`: what happened to the bytes and what to do, where the numbers tell (`explained`).
    `problems` are sentences for people; none means all is well, but only `verified` says that the
    content was compared, or that an upgrade ended well.
    """

    name: str
    file_bytes: int
    file_checksum: str
    declared_bytes: int
    via: Via = Via.QFUPL
    connected: bool = False
    sent_bytes: int = 0
    acks: int = 0
    reported_bytes: int | None = None
    reported_checksum: str | None = None
    listed_bytes: int | None = None
    stored_good: bool | None = None
    stored_checksum: str | None = None
    same_bytes: int | None = None
    downloading: int | None = None
    file_error: int | None = None
    updating: int | None = None
    upgrade_error: int | None = None
    revision_before: str | None = None
    revision_after: str | None = None
    replaced: bool = False
    verified: bool = False
    explanation: str = ""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, plan: UploadPlan) -> "UploadResult":
        """The result of `plan` before anything was done; it notes a file that is no certificate."""
        file_checksum = checksum_text(checksum(plan.data))
        result = cls(plan.name, len(plan.data), file_checksum, plan.declared, plan.via)
        if plan.via is not Via.QFOTADL:
            troubles = examine(plan.data, plan.name).troubles
            result.notes += [f"{each.seen} -> {each.advice}" for each in troubles]
        return result

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong that the host could see."""
        return not self.problems
