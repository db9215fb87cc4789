"""Files by handle: +QFOPEN, +QFREAD, +QFWRITE, +QFSEEK, +QFPOSITION, +QFTUCAT, +QFCLOSE."""

from functools import partial

from quecsim.at.asking import file_by_handle, handle_to_host
from quecsim.at.context import Context, OpenFile
from quecsim.at.effects import CloseData, Connect, FileChange, FlashWork, Info, Raw, Steps, Unstore
from quecsim.at.receive import TIMEOUT, Transfer, default_size, finish, receive, refused
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Command, Integer, Text
from quecsim.at.storage import SOURCE, file_source, listed_name, place_of
from quecsim.flash.disk import DiskFile
from quecsim.flash.ufs import OpenMode, UfsError

_CHUNK_BYTES = 1024
_HANDLE = Integer("filehandle", high=(1 << 32) - 1)
_LENGTH = Integer("length", low=1, high=(1 << 31) - 1, optional=True)


def _write_max(context: Context) -> int:
    return context.profile.files.write_max_bytes


QFOPEN = Command(
    "+QFOPEN",
    "Open a file",
    source=file_source(),
    params=(
        Text("filename"),
        Integer("mode", allowed=(0, 1, 2), default=0, optional=True),
    ),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFOPEN: <filename>[,(0-2)]",
    role="writing",
)


@QFOPEN.write
def _open(context: Context, filename: str, mode: int) -> Steps:
    place = place_of(context, filename)
    name = place.label
    if context.handles.is_open(name):
        raise AtError(Cme.ALREADY_OPEN)
    if context.handles.is_full:
        raise AtError(Cme.MAX_OPEN_FILES)
    file = yield FlashWork(lambda: place.disk.open(place.name, mode), f"opened {name}")
    handle = context.handles.add(OpenFile(name, mode, file))
    yield FileChange("opened", name, handle)
    yield Info(f"+QFOPEN: {handle}")


@QFOPEN.read
def _opened(context: Context) -> list[str]:
    return [
        f'+QFOPEN: "{listed_name(context, opened.name)}",{number},{opened.mode}'
        for number, opened in sorted(context.handles.files.items())
    ]


QFREAD = Command(
    "+QFREAD",
    "Read from an open file",
    source=file_source(),
    params=(_HANDLE, _LENGTH),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFREAD: <filehandle>[,<length>]",
    role="storage",
    asking=handle_to_host,
)


@QFREAD.write
def _read(context: Context, filehandle: int, length: int | None) -> Steps:
    opened = context.handles.get(filehandle)
    left = yield FlashWork(lambda: _left(opened.file), f"looked at {opened.name}")
    count = left if length is None else min(left, length)
    if not count and context.profile.files.read_eof == "cme402":
        raise AtError(Cme.READ_ZERO_BYTE)
    yield Connect(str(count))
    while count > 0:
        wanted = min(count, _CHUNK_BYTES)
        data = yield FlashWork(partial(opened.file.read, wanted), f"read {opened.name}")
        yield Raw(data)
        count -= len(data)


def _left(file: DiskFile) -> int:
    return max(0, file.size() - file.tell())


QFWRITE = Command(
    "+QFWRITE",
    "Write to an open file",
    source=file_source(),
    params=(
        _HANDLE,
        Integer("length", low=1, high=_write_max, default=default_size, optional=True),
        TIMEOUT,
    ),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFWRITE: <filehandle>[,<length>[,<timeout>]]",
    role="writing",
    asking=file_by_handle,
)


@QFWRITE.write
def _write(context: Context, filehandle: int, length: int, timeout: int) -> Steps:
    files, opened = context.profile.files, context.handles.get(filehandle)
    if opened.mode == OpenMode.READ_ONLY:
        raise AtError(Cme.FILE_READ_ONLY)
    transfer = Transfer("+QFWRITE", opened.name, length, timeout)
    try:
        received = yield from receive(context, transfer, opened.file)
    except UfsError as error:
        yield from refused(transfer, error)
    try:
        yield FlashWork(opened.file.sync, f"wrote {opened.name}")
    except UfsError as error:
        yield Unstore()
        yield from refused(transfer, error)
    total = yield FlashWork(opened.file.size, f"looked at {opened.name}")
    summary = f"+QFWRITE: {received.count},{total}"
    says = None if files.write_blank_line else _without_blank_line(context, summary)
    end = CloseData(received.why, summary, file_bytes=total)
    yield from finish(end, files.write_timeout, says)


def _without_blank_line(context: Context, text: str) -> Raw:
    """Information text without the CR LF before it, which after CONNECT is an empty line."""
    return Raw(text.encode() + bytes((context.settings.s3, context.settings.s4)))


QFSEEK = Command(
    "+QFSEEK",
    "Move the position in an open file",
    source=SOURCE,
    params=(
        _HANDLE,
        Integer("offset", high=(1 << 31) - 1),
        Integer("position", allowed=(0, 1, 2), default=0, optional=True),
    ),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFSEEK: <filehandle>,<offset>[,<position>]",
    role="storage",
)


@QFSEEK.write
def _seek(context: Context, filehandle: int, offset: int, position: int) -> Steps:
    opened = context.handles.get(filehandle)
    yield FlashWork(lambda: _move(opened.file, offset, position), f"moved in {opened.name}")


def _move(file: DiskFile, offset: int, position: int) -> None:
    """0 from the start, 1 from here, 2 from the end towards the start."""
    size = file.size()
    target = (offset, file.tell() + offset, size - offset)[position]
    if not 0 <= target <= size:
        raise AtError(Cme.SIZE_EXCEEDED)
    file.seek(target)


QFPOSITION = Command(
    "+QFPOSITION",
    "Tell the position in an open file",
    source=SOURCE,
    params=(_HANDLE,),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFPOSITION: <filehandle>",
    role="storage",
)


@QFPOSITION.write
def _position(context: Context, filehandle: int) -> Steps:
    opened = context.handles.get(filehandle)
    position = yield FlashWork(opened.file.tell, f"looked at {opened.name}")
    yield Info(f"+QFPOSITION: {position}")


QFTUCAT = Command(
    "+QFTUCAT",
    "Cut an open file off at its position",
    source=SOURCE,
    params=(_HANDLE,),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFTUCAT: <filehandle>",
    role="storage",
)


@QFTUCAT.write
def _truncate(context: Context, filehandle: int) -> Steps:
    opened = context.handles.get(filehandle)
    yield FlashWork(opened.file.truncate, f"cut {opened.name}")


QFCLOSE = Command(
    "+QFCLOSE",
    "Close a file",
    source=file_source(),
    params=(_HANDLE,),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFCLOSE: <filehandle>",
    role="writing",
)


@QFCLOSE.write
def _close(context: Context, filehandle: int) -> Steps:
    opened = context.handles.get(filehandle)
    del context.handles.files[filehandle]  # it is closed, even where its changes are lost over it
    yield FlashWork(opened.file.close, f"closed {opened.name}")
    yield FileChange("closed", opened.name, filehandle)


QFFLUSH = Command(
    "+QFFLUSH",
    "Bring what was written to an open file to the storage",
    source="GSM FILE AT Commands Manual V1.5, table of contents; Quectel user-friendly-project",
    params=(_HANDLE,),
    bad_parameter=Cme.INVALID_INPUT,
    test_text="+QFFLUSH: <filehandle>",
    role="storage",
)


@QFFLUSH.write
def _flush(context: Context, filehandle: int) -> Steps:
    opened = context.handles.get(filehandle)
    yield FlashWork(opened.file.sync, f"wrote {opened.name}")


HANDLES = (QFOPEN, QFREAD, QFWRITE, QFCLOSE)
POSITIONS = (QFSEEK, QFPOSITION, QFTUCAT)
FLUSH = (QFFLUSH,)
