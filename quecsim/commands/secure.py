"""Certificates and keys: +QSECWRITE, +QSECREAD, +QSECDEL.

They lie encrypted in RAM: or in the slots of NVRAM:, and nothing gives them out again: the FILE
commands do not know them, and QSECREAD tells the checksum only. The data is gathered in memory,
then encrypted and stored in one go; what the power takes before that was never stored.
"""

import re
from dataclasses import dataclass

from quecsim.at.asking import number_at, text_at
from quecsim.at.context import Context, secure, vault
from quecsim.at.effects import (
    CloseData,
    Connect,
    DataEndWhy,
    FileChange,
    FlashWork,
    Info,
    OpenData,
    Steps,
    Store,
    Take,
)
from quecsim.at.grammar import Call
from quecsim.at.receive import finish, printed
from quecsim.at.results import AtError, Cme
from quecsim.at.spec import Ask, Command, Integer, Text
from quecsim.checksum import checksum
from quecsim.flash.labels import MEMORY, SLOTS, joined, split_spelling
from quecsim.flash.labels import label_of as canonical_label
from quecsim.flash.names import check_name
from quecsim.flash.ufs import UfsError, UfsFault
from quecsim.flash.vault import Vault
from quecsim.units import s

_FREE_NAME = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,63}")  # as it is kept, in capitals
_SOURCE = "M95 FTPS Application Note V1.0"


def _timeout_min(context: Context) -> int:
    return secure(context).timeout_min_s


def _timeout_max(context: Context) -> int:
    return secure(context).timeout_max_s


def _default_timeout(context: Context) -> int:
    return secure(context).default_timeout_s


def label_of(context: Context, text: str) -> str:
    """The one spelling of a certificate's name. Raises AtError 4013 for one that cannot be.

    That is `RAM:` and the name of a file, or `NVRAM:` and one of the profile's slots.
    """
    storage, name = split_spelling(text)
    try:
        if storage == MEMORY:
            check_name(name, context.profile.files.name_bytes)
        elif storage != SLOTS or not _is_slot(context, name):
            raise AtError(Cme.INVALID_PARAMETER)
    except UfsError:
        raise AtError(Cme.INVALID_PARAMETER) from None
    return joined(storage, name)


def _is_slot(context: Context, name: str) -> bool:
    store = secure(context)
    is_free = store.slot_names == "any" and _FREE_NAME.fullmatch(name) is not None
    return is_free or name in store.slots


def _places(context: Context) -> str:
    store = secure(context)
    listed = ", ".join(store.slots)
    names = "a name" if store.slot_names == "any" else f"one of {listed}"
    return f"RAM:<name>, or NVRAM: and {names}"


def _limits(context: Context) -> str:
    limits = secure(context)
    return f"at most {limits.ram_max_bytes} for RAM:, {limits.slot_max_bytes} for NVRAM:, or 4011"


_FILENAME = Text("filename", note=_places)


def _test_text(context: Context) -> str:
    return f"+QSECWRITE: <filename>,<filesize>[,({_timeout_min(context)}-{_timeout_max(context)})]"


def _asking(context: Context, call: Call) -> Ask:
    name = text_at(call, 0)
    timeout_s = number_at(call, 2, _default_timeout(context))
    return Ask(canonical_label(name) if name else "", number_at(call, 1, 0), s(timeout_s))


QSECWRITE = Command(
    "+QSECWRITE",
    "Upload a certificate or key",
    source=f"{_SOURCE}, 2.4",
    params=(
        _FILENAME,
        Integer("filesize", low=1, high=(1 << 31) - 1, note=_limits),
        Integer(
            "timeout", low=_timeout_min, high=_timeout_max, default=_default_timeout, optional=True
        ),
    ),
    bad_parameter=Cme.INVALID_PARAMETER,
    test_text=_test_text,
    role="writing",
    asking=_asking,
)


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a certificate goes, as something that is written to once."""

    vault: Vault
    label: str

    def write(self, data: bytes) -> int:
        """All of the certificate. Raises `UfsError` where there is no room: then none of it."""
        self.vault.write(self.label, data)
        return len(data)


@QSECWRITE.read
def _read_form(context: Context) -> None:  # noqa: ARG001 - a bare OK, as the note has it
    return


@QSECWRITE.write
def _write(context: Context, filename: str, filesize: int, timeout: int) -> Steps:
    label = label_of(context, filename)
    yield FlashWork(lambda: _need_place(context, label, filesize), f"looked for {label}")
    yield Connect()
    yield OpenData(
        "+QSECWRITE",
        label,
        filesize,
        ack=False,
        timeout_ns=s(timeout),
        is_idle_timer=True,
        can_escape=context.profile.escape.ends_file_data,
    )
    taken = yield Take(filesize)
    if taken.data:  # a certificate has one byte at least
        try:
            yield Store(_Slot(vault(context), label), label, taken.data)
        except UfsError as error:
            yield CloseData(DataEndWhy.ERROR, "")
            raise AtError(_full_or_failed(error)) from None
    count, found = len(taken.data), checksum(taken.data)
    summary = f"+QSECWRITE: {count},{printed(context, found)}"
    end = CloseData(taken.end or DataEndWhy.SIZE, summary, checksum=found, file_bytes=count)
    yield from finish(end, secure(context).write_timeout)


def _full_or_failed(error: UfsError) -> Cme:
    return Cme.NO_SPACE if error.kind is UfsFault.NO_SPACE else Cme.WRITE_FAILED


def _need_place(context: Context, label: str, size: int) -> None:
    """Refuse what cannot be stored, before CONNECT: first what the note's 2.4 says of names."""
    store, kept = secure(context), vault(context)
    if kept.size(label) is not None:
        raise AtError(Cme.FILE_EXISTS)
    is_ram = label.startswith(f"{MEMORY}:")
    if size > (store.ram_max_bytes if is_ram else store.slot_max_bytes):
        raise AtError(Cme.FILE_TOO_LARGE)
    free = store.ram_bytes - kept.used_ram_bytes if is_ram else context.ufs.free_bytes()
    if size > free:
        raise AtError(Cme.NO_SPACE)


QSECREAD = Command(
    "+QSECREAD",
    "Check a certificate or key, and tell its checksum",
    source=f"{_SOURCE}, 2.5",
    params=(_FILENAME,),
    bad_parameter=Cme.INVALID_PARAMETER,
    test_text="+QSECREAD: <filename>",
    role="storage",
)
QSECREAD.read(_read_form)


@QSECREAD.write
def _check(context: Context, filename: str) -> Steps:
    label = label_of(context, filename)
    is_good, found = yield FlashWork(lambda: vault(context).check(label), f"checked {label}")
    yield Info(f"+QSECREAD: {int(is_good)},{printed(context, found)}")


QSECDEL = Command(
    "+QSECDEL",
    "Delete a certificate or key",
    source=f"{_SOURCE}, 2.6",
    params=(_FILENAME,),
    bad_parameter=Cme.INVALID_PARAMETER,
    test_text="+QSECDEL: <filename>",
    role="storage",
)
QSECDEL.read(_read_form)


@QSECDEL.write
def _delete(context: Context, filename: str) -> Steps:
    label = label_of(context, filename)
    yield FlashWork(lambda: vault(context).delete(label), f"deleted {label}")
    yield FileChange("deleted", label)


COMMANDS = (QSECWRITE, QSECREAD, QSECDEL)
