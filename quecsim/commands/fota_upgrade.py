"""The upgrade itself: the package is checked, the firmware replaced, and the device restarts.

A package comes from the serial port, into a system file, or it is a file of the host's, which stays
where it is (`name`; "" for the other). One that waits for the restart before it (upgrade mode 0) is
noted in a system file, so that it goes on even after a power cut. The messages are those of the
EC200x&EG912Y Series FOTA Application Note V1.1, 3.2.1; the numbers after END those of its table 5.
"""

from collections.abc import Generator
from contextlib import suppress
from enum import IntEnum
from typing import Any

from msgspec.structs import replace

from quecsim.at.context import Context, fota
from quecsim.at.effects import AfterReply, Announce, Effect, FlashWork, Pause, Steps
from quecsim.commands import firmware
from quecsim.firmware.package import Manifest, PackageChecker
from quecsim.flash.ufs import UfsError, UfsFile
from quecsim.profiles.schema import ProgressNumber
from quecsim.units import ms

_CHUNK_BYTES = 16384


class UpgradeError(IntEnum):
    """What END says."""

    NONE = 0
    FAILED = 504
    MD5 = 506


def announce(step: str, number: int | None = None) -> Announce:
    """A message of the upgrade: `+QIND: "FOTA","UPDATING",7`."""
    text = f'+QIND: "FOTA","{step}"' + ("" if number is None else f",{number}")
    return Announce(text, step, None if number is None else int(number))


def progress_number(ordinal: int, most: int, kind: ProgressNumber) -> int:
    """What the `ordinal`-th of `most` progress messages counts."""
    return ordinal if kind == "ordinal" else ordinal * 100 // most


def upgrade(context: Context, update_urcs: int, name: str = "") -> Steps:
    """From START to the restart, with the package that has been downloaded or stored."""
    yield Pause(ms(fota(context).begin_ms), "it was getting ready to upgrade")
    yield _told(context, "START")
    error = yield from _attempt(context, update_urcs, name)
    yield _told(context, "END", error)
    yield from _restart(context)


def _told(context: Context, step: str, number: int | None = None) -> Announce:
    """A step of the upgrade itself, which is on record also where the device does not tell it."""
    said = announce(step, number)
    return said if fota(context).tells_steps else replace(said, text="")


def drop_package(context: Context) -> Steps:
    """Remove the package; where the flash refuses, the next upgrade does it."""
    with suppress(UfsError):
        yield FlashWork(lambda: firmware.drop_package(context.ufs), "removed the package")


def upgrade_later(context: Context, update_urcs: int, name: str = "") -> Steps:
    """Restart first; `on_boot` goes on."""
    ufs = context.ufs
    try:
        yield FlashWork(lambda: firmware.postpone(ufs, update_urcs, name), "put the upgrade off")
    except UfsError:
        yield from drop_package(context)
        yield _told(context, "END", UpgradeError.FAILED)
    yield from _restart(context)


def _restart(context: Context) -> Steps:
    """Restart once the last message has left."""
    yield Pause(ms(fota(context).reboot_ms), "it was about to restart")
    yield AfterReply(context.control.restart)


def on_boot(context: Context) -> Steps | None:
    """The upgrade that was put off until this start; any other package is a torn one, and goes."""
    pending = firmware.pending(context.ufs)
    if pending is not None:
        return upgrade(context, *pending)
    with suppress(UfsError):
        firmware.forget_upgrade(context.ufs)
    return None


def _attempt(context: Context, update_urcs: int, name: str) -> Generator[Effect, Any, UpgradeError]:
    """Check and upgrade. A package that was downloaded is gone afterwards in every case."""
    ufs = context.ufs
    manifest = yield from checked_package(context, name)
    error = UpgradeError.NONE if manifest is not None else UpgradeError.MD5
    if manifest is not None:
        error = yield from _begin(context, manifest)
    if manifest is None or error:
        yield from drop_package(context)
        return error
    yield from _update(context, update_urcs)
    try:
        yield FlashWork(
            lambda: firmware.end_upgrade(ufs, manifest.target), "put the new firmware in place"
        )
    except UfsError:  # there is neither an old firmware now nor a new one
        return UpgradeError.FAILED
    return UpgradeError.NONE


def checked_package(context: Context, name: str = "") -> Generator[Effect, Any, Manifest | None]:
    """Read the package back from the flash; None where it is damaged, or no package at all."""
    checker = PackageChecker(context.outside.accepted_packages)
    open_package = firmware.open_package
    try:
        file = yield FlashWork(lambda: open_package(context.ufs, name), "opened the package")
    except UfsError:
        return None
    is_legible = yield from _read(file, checker)
    with suppress(UfsError):
        yield FlashWork(file.close, "closed the package")
    return checker.result() if is_legible else None


def _read(file: UfsFile, checker: PackageChecker) -> Generator[Effect, Any, bool]:
    """All of the file to the checker; False where the flash does not give it out."""
    try:
        while data := (yield FlashWork(lambda: file.read(_CHUNK_BYTES), "checked the package")):
            checker.update(data)
    except UfsError:
        return False
    return True


def _begin(context: Context, manifest: Manifest) -> Generator[Effect, Any, UpgradeError]:
    """From here on a power cut leaves no firmware that could start."""
    if manifest.source not in (None, context.revision):
        return UpgradeError.FAILED
    try:
        yield FlashWork(lambda: firmware.begin_upgrade(context.ufs), "marked the old firmware")
    except UfsError:
        return UpgradeError.FAILED
    return UpgradeError.NONE


def _update(context: Context, update_urcs: int) -> Steps:
    """Write the new firmware, and say `update_urcs` times how far it is."""
    settings = fota(context)
    total_ns = ms(settings.update_ms)
    steps = max(update_urcs, 1)
    for ordinal in range(1, steps + 1):
        step_ns = total_ns * ordinal // steps - total_ns * (ordinal - 1) // steps
        yield Pause(step_ns, "it was upgrading its firmware")
        if update_urcs:
            number = progress_number(ordinal, steps, settings.update_number)
            yield _told(context, "UPDATING", number)
