"""The storage as a whole: +QFLDS, +QFLST, +QFDEL."""

from fnmatch import fnmatchcase
from functools import partial

from quecsim.at.effects import FlashWork, Info, Steps
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Text
from quecsim.commands.context import Context
from quecsim.commands.storage import SOURCE, file_name, listed_name, plain_name

QFLDS = Command(
    "+QFLDS",
    "Space on the storage",
    source=SOURCE,
    params=(Text("name_pattern"),),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="",
)


@QFLDS.write
def _space(context: Context, storage: str) -> Steps:
    if storage.upper().rstrip(":") != "UFS":
        raise AtError(Cme.INVALID_INPUT)
    free = yield FlashWork(context.ufs.free_bytes, "counted the free blocks")
    yield Info(f"+QFLDS: {free},{context.ufs.total_bytes}")


@QFLDS.execute
def _usage(context: Context) -> Steps:
    listing = yield FlashWork(context.ufs.listing, "read the directory")
    yield Info(f"+QFLDS: {sum(size for _, size in listing)},{len(listing)}")


QFLST = Command(
    "+QFLST",
    "Files on the storage",
    source=f"{SOURCE}; name with storage: log of an EG800K",
    params=(Text("name_pattern"),),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="",
)


@QFLST.write
@QFLST.execute
def _list(context: Context, pattern: str = "*") -> Steps:
    wanted = plain_name(pattern) or "*"
    is_exact = "*" not in wanted and "?" not in wanted
    if is_exact or ":" in wanted:  # no other storage is here
        file_name(context, wanted)
    listing = yield FlashWork(context.ufs.listing, "read the directory")
    found = [(name, size) for name, size in listing if _matches(name, wanted, is_exact)]
    if is_exact and not found and context.profile.files.missing_list == "cme405":
        raise AtError(Cme.FILE_NOT_FOUND)
    for name, size in found:
        yield Info(f'+QFLST: "{listed_name(context, name)}",{size}')


def _matches(name: str, pattern: str, is_exact: bool) -> bool:
    return name == pattern if is_exact else fnmatchcase(name, pattern.replace("[", "[[]"))


QFDEL = Command(
    "+QFDEL",
    "Delete a file, or all of them",
    source=f"{SOURCE}; test reply: capture of a BG770A",
    params=(Text("filename"),),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFDEL: <filename>",
)


@QFDEL.write
def _delete(context: Context, filename: str) -> Steps:
    if plain_name(filename) == "*":
        yield from _delete_all(context)
        return
    name = file_name(context, filename)
    if context.handles.is_open(name):
        raise AtError(Cme.DELETE_FAILED)
    yield FlashWork(lambda: context.ufs.delete(name), f"deleted {name}")


def _delete_all(context: Context) -> Steps:
    listing = yield FlashWork(context.ufs.listing, "read the directory")
    if any(context.handles.is_open(name) for name, _ in listing):
        raise AtError(Cme.DELETE_FAILED)
    for name, _ in listing:
        yield FlashWork(partial(context.ufs.delete, name), f"deleted {name}")


COMMANDS = (QFLDS, QFLST, QFDEL)
