"""The ways to get a file into a device, and what each of them takes: a literal table.

    Via             the command that carries the bytes
    Mistake         the classic mistakes of host programs
    TAKES           for each way: its time-outs, its own options, the mistakes that make sense
    FotaOptions            the optional arguments of AT+QFOTADL

Checks here are on what we would send anyway in vain. What a device should judge is left to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from quecsim.errors import QuecsimError


class Via(StrEnum):
    """The command that carries the bytes."""

    QFUPL = "qfupl"
    """A file, with a checksum and an ACK mode. Source: BG96 FILE AT Commands Manual."""
    QFWRITE = "qfwrite"
    """A file by its handle. Source: FCM242D&FGM842D AT Commands Manual."""
    QSECWRITE = "qsecwrite"
    """A certificate or key. Source: M95 FTPS Application Note V1.0, chapters 2.4 to 2.6."""
    QFOTADL = "qfotadl"
    """A firmware package. Source: EC200x&EG912Y Series FOTA Application Note V1.1, 3.2.1.3."""
    QFOTADL_PATH = "qfotadl-path"
    """A firmware package that QFUPL stores first. Source: fwupd, its modem plug-in."""

    @property
    def carrier(self) -> str:
        """The command that the bytes follow: `QFUPL`, say."""
        return Via.QFUPL.name if self is Via.QFOTADL_PATH else self.name

    @property
    def command(self) -> str:
        """The same as it is typed: `AT+QFUPL`."""
        return f"AT+{self.carrier}"

    @property
    def stores_file(self) -> bool:
        """The bytes become a file by AT+QFUPL."""
        return self in (Via.QFUPL, Via.QFOTADL_PATH)


class Mistake(Enum):
    """What host programs get wrong. A wrong size is `UploadPlan.declared_bytes`."""

    NO_WAIT_CONNECT = auto()
    """Data right behind the command: what comes before CONNECT is not file data."""
    IGNORE_ACK = auto()
    """ACK mode, and streaming on without waiting for the `A` of each block."""
    PRINTLN = auto()
    """Text out line by line, each with CR LF, under the size of the file as it is."""
    NO_DELETE = auto()
    """The old file is not deleted first: the device refuses a second one of that name."""
    NO_VERIFY = auto()
    """Done once the last byte is written: the summary is not waited for, nothing compared."""

    @property
    def option(self) -> str:
        """`--no-verify`, say."""
        return f"--{self.name.lower().replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class FotaOptions:
    """The optional arguments of AT+QFOTADL; None leaves one out. Source: the note V1.1, 3.2.1.

    `upgrade_mode`: 0 reboots before the upgrade, 1 does not. `download_urcs` and `update_urcs`: how
    many URCs tell of the progress, 0 or 5-100.
    """

    upgrade_mode: int | None = None
    download_urcs: int | None = None
    update_urcs: int | None = None

    def __post_init__(self) -> None:
        if self.upgrade_mode not in (None, 0, 1):
            raise QuecsimError(f"no upgrade mode {self.upgrade_mode}", hint="it is 0 or 1")
        for option, count in (
            ("--download-urcs", self.download_urcs),
            ("--update-urcs", self.update_urcs),
        ):
            if count and not 5 <= count <= 100:
                raise QuecsimError(f"{option} {count} is out of range", hint="give 0, or 5-100")

    @property
    def arguments(self) -> str:
        """What stands behind the length: nothing, or `,1,50`.

        The arguments are nested: one that is left out before one that is given is its default.
        """
        given = [self.upgrade_mode, self.download_urcs, self.update_urcs]
        while given and given[-1] is None:
            given.pop()
        filled = (
            default if value is None else value
            for value, default in zip(given, DEFAULT_FOTA, strict=False)
        )
        return "".join(f",{value}" for value in filled)


NO_ARGUMENTS = FotaOptions()

DEFAULT_FOTA = (1, 0, 100)
"""Upgrade at once, no URCs of the download, 100 of the update: the device's own defaults."""

SECURITY_SLOTS = ("CA0", "CA1", "CC0", "CK0")
NVRAM_BYTES, RAM_BYTES = 2017, 32_768


def security_target(name: str, size_bytes: int) -> None:
    """The user's mistake unless QSECWRITE takes `size_bytes` under `name`. Source: M95 note 2.4."""
    storage, colon, bare = name.partition(":")
    limits = {"NVRAM": NVRAM_BYTES, "RAM": RAM_BYTES}
    if not colon or not bare or storage.upper() not in limits:
        hint = "give --name RAM:<file name>, or NVRAM:CA0, NVRAM:CA1, NVRAM:CC0, NVRAM:CK0"
        raise QuecsimError(f"QSECWRITE has no place for {name}", hint=hint)
    if storage.upper() == "NVRAM" and bare.upper() not in SECURITY_SLOTS:
        hint = "CA0 and CA1 are for CA certificates, CC0 for the client's, CK0 for its key"
        raise QuecsimError(f"there is no {name}, only {', '.join(SECURITY_SLOTS)}", hint=hint)
    limit = limits[storage.upper()]
    if size_bytes > limit:
        hint = f"RAM: takes up to {RAM_BYTES} bytes, NVRAM: up to {NVRAM_BYTES}"
        message = f"{size_bytes} bytes are too many for {name}: {limit} at most"
        raise QuecsimError(message, hint=hint)


def any_target(_name: str, _size_bytes: int) -> None:
    """Let the device judge."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What a way takes. Times in seconds; `timeouts` (lowest, highest), or None for no time-out.

    `idle_s`: the time-out where none is given. `options`: those that not every way has.
    """

    idle_s: int
    timeouts: tuple[int, int] | None
    mistakes: frozenset[Mistake]
    options: frozenset[str] = frozenset()
    target: Callable[[str, int], None] = any_target


_EARLY_OR_PRINTED = frozenset({Mistake.NO_WAIT_CONNECT, Mistake.PRINTLN})

# fmt: off
TAKES: Mapping[Via, Takes] = {
    Via.QFUPL: Takes(
        5, (1, 65_535), frozenset(Mistake), frozenset({"--ack", "--keep"})),
    Via.QFWRITE: Takes(
        5, (1, 65_535), _EARLY_OR_PRINTED, frozenset({"--keep", "--no-readback"})),
    Via.QSECWRITE: Takes(
        100, (3, 200), frozenset(Mistake) - {Mistake.IGNORE_ACK}, frozenset({"--keep"}),
        security_target),
    # No time-out is documented for the package; 30 s is what hosts allow after its last byte.
    Via.QFOTADL: Takes(
        30, None, _EARLY_OR_PRINTED,
        frozenset({"--upgrade-mode", "--download-urcs", "--update-urcs"})),
    Via.QFOTADL_PATH: Takes(
        5, (1, 65_535), frozenset(Mistake) - {Mistake.NO_VERIFY},
        frozenset({"--ack", "--keep", "--upgrade-mode", "--update-urcs"})),
}
# fmt: on
