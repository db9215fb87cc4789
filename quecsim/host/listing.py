"""Files on the device by name: is there one, how long is it, away with it.

clear_name(upload)          make room for the file, or with `keep` make sure that there is none
compare_listing(upload)     compare the size that AT+QFLST gives
"""

import re

from quecsim.host.base import FLASH_COMMAND_S, UploadWay, off

LISTED = re.compile(r'"([^"]*)",(\d+)')


def clear_name(upload: UploadWay) -> bool:
    """Delete the old file, or with `keep` make sure that there is none."""
    plan = upload.plan
    if plan.keep:
        size = listed_size(upload)[0]
        taken = f"{plan.name} is on the module already ({size} bytes) and was left alone"
        return size is None or upload.problem(taken)
    reply = upload.client.command(f'AT+QFDEL="{plan.name}"', FLASH_COMMAND_S)
    upload.result.replaced = reply.ok  # an error means that there was none
    return bool(reply.final) or upload.problem("no answer to AT+QFDEL")


def compare_listing(upload: UploadWay) -> None:
    """Ask the device for the size of the file, and compare that."""
    result = upload.result
    result.listed_bytes, answer = listed_size(upload)
    if result.listed_bytes is None:
        upload.problem(f"the module does not list {upload.plan.name}: {answer}")
    elif result.listed_bytes not in (result.file_bytes, result.reported_bytes):
        upload.problem(off("lists", result.listed_bytes, result.file_bytes))


def listed_size(upload: UploadWay) -> tuple[int | None, str]:
    """The size of the file as AT+QFLST gives it (None: not listed), and the final result."""
    name = upload.plan.name
    reply = upload.client.command(f'AT+QFLST="{name}"', FLASH_COMMAND_S)
    for entry in map(LISTED.match, reply.info("+QFLST:")):
        if entry and _bare(entry[1]) == _bare(name):
            return int(entry[2]), upload.explain(reply)
    return None, upload.explain(reply)


def _bare(name: str) -> str:
    """`name` without the prefix of the flash storage, which devices list or not, in any case."""
    return name[4:] if name[:4].upper() == "UFS:" else name
