"""The storage as a whole: +QFLDS, +QFLST, +QFDEL."""

from fnmatch import fnmatchcase
from functools import partial

from quecsim.at.context import Context
from quecsim.at.effects import FileChange, FlashWork, Info, Steps
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Text
from quecsim.at.storage import SOURCE, Place, file_source, listed_name, place_of, split_name
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
    largest = f",{free}" if isinstance(disk, RamDisk) else ""
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
    storage, wanted = split_name(context, pattern)
    wanted = wanted or "*"
    is_exact = "*" not in wanted and "?" not in wanted
    if is_exact or ":" in wanted:  # no other storage is here
        place_of(context, pattern if is_exact else wanted)
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
        room = f",{disk.room_bytes(name)}" if isinstance(disk, RamDisk) else ""
        yield Info(f'+QFLST: "{listed_name(context, label)}",{size}{room}')


def _matches(name: str, pattern: str, is_exact: bool) -> bool:
    return name == pattern if is_exact else fnmatchcase(name, pattern.replace("[", "[[]"))


QFDEL = Command(
    "+QFDEL",
    "Delete a file, or all of them",
    source=file_source("test reply: capture of a BG770A"),
    params=(Text("filename"),),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFDEL: <filename>",
    role="storage",
)


@QFDEL.write
def _delete(context: Context, filename: str) -> Steps:
    storage, wanted = split_name(context, filename)
    if wanted == "*":
        yield from _delete_all(context, storage)
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


def _delete_all(context: Context, storage: str) -> Steps:
    disk = context.disks[storage]
    listing = yield FlashWork(disk.listing, "read the directory")
    places = [Place(disk, storage, name) for name, _ in listing]
    if any(context.handles.is_open(place.label) for place in places):
        raise AtError(Cme.DELETE_FAILED)
    for place in places:
        yield FlashWork(partial(disk.delete, place.name), f"deleted {place.label}")
        yield FileChange("deleted", place.label)


FILES = (QFLST, QFDEL)
STORAGES = (QFLDS,)
