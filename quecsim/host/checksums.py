"""The summary that three commands of the devices end with: `<size>,<checksum>`.

compare_summary(upload, reply)      read it, and compare it with the file
"""

import re

from quecsim.host.at_client import Reply
from quecsim.host.base import UploadWay, off

SUMMARY = re.compile(r"(\d+),([0-9A-Fa-f]+)")


def compare_summary(upload: UploadWay, reply: Reply) -> None:
    """Compare size and checksum of `+<command>: <size>,<checksum>` with the file's."""
    result, name = upload.result, upload.plan.via.carrier
    summary = SUMMARY.fullmatch("".join(reply.info(f"+{name}:")[:1]))
    if summary is None:
        if reply.ok:
            upload.problem(f"the module said OK without `+{name}: <size>,<checksum>`")
        return
    result.reported_bytes = int(summary[1])
    result.reported_checksum = plain_hex(summary[2])
    if result.reported_bytes != result.file_bytes:
        upload.problem(off("reports", result.reported_bytes, result.file_bytes))
    elif result.reported_checksum != result.file_checksum:
        upload.problem(
            f"module reports checksum {result.reported_checksum}, the file has "
            f"{result.file_checksum}: the size is right, the bytes are not"
        )


def plain_hex(text: str) -> str:
    """A checksum as the devices print it: lower case, without leading zeros."""
    return text.lower().lstrip("0") or "0"
