"""The storage as a whole: +QFLDS, +QFLST, +QFDEL."""

from fnmatch import fnmatchcase
from functools import partial

from quecsim.at.context import Context
from quecsim.at.effects import FileChange, FlashWork, Info, Steps
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Text
from quecsim.at.storage import (
    SOURCE,
    Place,
    file_source,
    listed_name,
    pattern_of,
    place_of,
    split_name,
)
from quecsim.flash.disk import Disk
from quecsim.flash.names import sayable
from quecsim.flash.ramdisk import RamDisk
from quecsim.flash.ufs import UfsError, UfsFault

QFLDS = Command(
    "+QFLDS",
    "Space on the storage",
    source=SOURCE,
    params=(Text("name_pattern"),),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="",
    role="storage",
)


@QFLDS.write
def _space(context: Context, storage: str) -> Steps:
    disk = context.disks.get(storage.upper().rstrip(":"))
    if disk is None:
        raise AtError(Cme.INVALID_INPUT)
    free = yield FlashWork(disk.free_bytes, "counted the free blocks")
    has_details = isinstance(disk, RamDisk) and context.profile.files.ram_details
    largest = f",{free}" if has_details else ""
    yield Info(f"+QFLDS: {free},{disk.total_bytes}{largest}")


@QFLDS.execute
def _usage(context: Context) -> Steps:
    listing = yield FlashWork(context.ufs.listing, "read the directory")
    yield Info(f"+QFLDS: {sum(size for _, size in listing)},{len(listing)}")


QFLST = Command(
    "+QFLST",
    "Files on the storage",
    source=file_source("name with storage: log of an EG800K"),
    params=(Text("name_pattern"),),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="",
    role="storage",
)


@QFLST.write
@QFLST.execute
def _list(context: Context, pattern: str = "*") -> Steps:
    storage, wanted = pattern_of(context, pattern)
    is_exact = "*" not in wanted and "?" not in wanted
    listing = yield FlashWork(context.disks[storage].listing, "read the directory")
    found = [(name, size) for name, size in listing if _matches(name, wanted, is_exact)]
    files = context.profile.files
    if is_exact and not found and files.missing_list != "ok":
        raise AtError(Cme(files.missing_list))
    if files.list_order == "name":
        found.sort()
    disk = context.disks[storage]
    for name, size in found:
        label = Place(disk, storage, name).label
        yield Info(f'+QFLST: "{listed_name(context, label)}",{size}{_room(context, disk, name)}')


def _room(context: Context, disk: Disk, name: str) -> str:
    """The third value: what a file in memory has set aside."""
    if not isinstance(disk, RamDisk) or not context.profile.files.ram_details:
        return ""
    return f",{disk.room_bytes(name)}"


def _matches(name: str, pattern: str, is_exact: bool) -> bool:
    """A name that cannot be said is listed with `?` in place of that, and matches as listed."""
    if is_exact:
        return name == pattern
    return fnmatchcase(sayable(name), pattern.replace("[", "[[]"))


QFDEL = Command(
    "+QFDEL",
    "Delete a file, or all of them, or of a directory",
    source=file_source("test reply: capture of a BG770A"),
    params=(Text("filename"),),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFDEL: <filename>",
    role="storage",
)


@QFDEL.write
def _delete(context: Context, filename: str) -> Steps:
    _, wanted = split_name(context, filename)
    if wanted == "*" or (wanted.endswith("/*") and not {"*", "?"} & set(wanted[:-1])):
        yield from _delete_all(context, filename)
        return
    place = place_of(context, filename)
    if context.handles.is_open(place.label):
        raise AtError(Cme.DELETE_FAILED)
    yield FlashWork(partial(_remove, context, place), f"deleted {place.label}")
    yield FileChange("deleted", place.label)


def _remove(context: Context, place: Place) -> None:
    """Delete the file. Raises AtError where there is none: not all devices call that the same."""
    try:
        place.disk.delete(place.name)
    except UfsError as error:
        if error.kind is not UfsFault.NOT_FOUND:
            raise
        raise AtError(Cme(context.profile.files.missing_delete)) from None


def _delete_all(context: Context, pattern: str) -> Steps:
    """All of a storage, or of one directory (`UFS:dir/*`)."""
    storage, wanted = pattern_of(context, pattern)
    disk = context.disks[storage]
    listing = yield FlashWork(disk.listing, "read the directory")
    places = [Place(disk, storage, name) for name, _ in listing if name.startswith(wanted[:-1])]
    if any(context.handles.is_open(place.label) for place in places):
        raise AtError(Cme.DELETE_FAILED)
    failed: UfsError | None = None
    for place in places:  # one that does not go, on a damaged flash, holds up no other
        try:
            yield FlashWork(partial(disk.delete_listed, place.name), f"deleted {place.label}")
        except UfsError as error:
            failed = failed or error
        else:
            yield FileChange("deleted", place.label)
    if failed is not None:
        raise AtError(Cme.DELETE_FAILED) if failed.kind is UfsFault.NOT_FOUND else failed


FILES = (QFLST, QFDEL)
STORAGES = (QFLDS,)
