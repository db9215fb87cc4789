"""What a device has under a name, looked at from outside and without device time."""

from quecsim.checksum import checksum
from quecsim.flash.labels import FLASH, MEMORY, split_spelling
from quecsim.flash.ufs import UfsError
from quecsim.report.model import Report
from quecsim.rig import Rig
from quecsim.trace.kinds import FILE_UPLOADS


def stored_file(rig: Rig, name: str) -> bytes | None:
    """The file's bytes: b"" where there is none, None where the device gives nothing out.

    `name` is spelled as a host may: `x`, `UFS:x`, `RAM:x`. It is not for certificates of
    AT+QSECWRITE and not for firmware, which have no way out of a device.
    """
    storage, plain = split_spelling(name)
    disks = rig.device.context.disks
    if storage not in (FLASH, MEMORY) or storage not in disks:
        return None
    try:
        size = disks[storage].stat(plain)
        return b"" if size is None else _content(rig, storage, plain, size)
    except UfsError:
        return None


def uploaded_content(rig: Rig, report: Report, name: str = "") -> bytes | None:
    """What the device has of the last upload, or under `name`, as `judge` wants it."""
    last = report.uploads[-1] if report.uploads else None
    if last is not None and last.command not in FILE_UPLOADS:
        return None
    name = name or (last.name if last is not None else "")
    return stored_file(rig, name) if name else None


def looks_whole(content: bytes | None, payload: bytes) -> bool:
    """Whether the device's bytes have the size and checksum of the payload.

    They may be others all the same: an exclusive or of words does not see what the line altered
    twice. Then no host can know.
    """
    return (
        content is not None
        and len(content) == len(payload)
        and checksum(content) == checksum(payload)
    )


def _content(rig: Rig, storage: str, name: str, size: int) -> bytes:
    if storage == FLASH:
        data: bytes = rig.device.context.ufs.read_file(name)
        return data
    file = rig.device.context.disks[storage].open(name, 2)
    content = file.read(size)
    file.close()
    return content
