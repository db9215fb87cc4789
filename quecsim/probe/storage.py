"""The storages of the module and their directory: sizes, lists, names, files that are not there."""

import re
from collections.abc import Iterator

from quecsim.probe.bench import FILE_COMMAND_S, Bench
from quecsim.probe.causes import KEYS as ERROR_KEYS
from quecsim.probe.causes import by_text, provoke, tell
from quecsim.probe.choices import by_number
from quecsim.probe.finding import Finding, NotMeasuredError, not_measured
from quecsim.probe.model import Model
from quecsim.probe.sending import OPEN, close, handle_in, open_own
from quecsim.probe.step import Needs, Step

_STORAGES = ("UFS", "RAM")
_MISSING = 9  # a name of ours that no file has
_SHORTEST_NAME, _LONGEST_NAME = 16, 255
_MADE_IN = (2, 0, 1)


def _sizes(bench: Bench) -> Iterator[Finding]:
    sizes = {storage: space(bench, storage) for storage in _STORAGES}
    has = [storage for storage in _STORAGES if sizes[storage] or _lists(bench, storage)]
    if "UFS" not in has:
        has.insert(0, "UFS")  # names without a storage are there
    yield Finding("files.storages", tuple(has), "AT+QFLDS and AT+QFLST of each")
    yield from _ufs(bench, sizes["UFS"])
    ram = sizes["RAM"]
    if ram:
        yield Finding("files.ram_bytes", ram[1], 'AT+QFLDS="RAM"')
        yield Finding("files.ram_details", len(ram) > 2, 'values of AT+QFLDS="RAM"')
    elif "RAM" not in has:
        yield Finding("files.ram_bytes", 0, "there is no RAM: storage")
        yield Finding("files.ram_details", False, "there is no RAM: storage")


def space(bench: Bench, storage: str) -> list[int]:
    """The numbers that AT+QFLDS tells of a storage: free, total, and what there is besides."""
    for info in bench.command(f'AT+QFLDS="{storage}"', FILE_COMMAND_S).info("+QFLDS:"):
        if re.fullmatch(r"\d+(,\d+)+", info):
            return [int(number) for number in info.split(",")]
    return []


def _lists(bench: Bench, storage: str) -> bool:
    return bench.command(f'AT+QFLST="{storage}:*"', FILE_COMMAND_S).ok


def _ufs(bench: Bench, told: list[int]) -> Iterator[Finding]:
    """The size of UFS: that of the nearest profile's flash, a part of it, or a larger flash."""
    if not told:
        for key in ("files.ufs_bytes", "files.block_count"):
            yield not_measured(key, "the module does not tell the size of UFS (AT+QFLDS)")
        return
    total, usual, method = told[1], Model(bench.base).ufs_bytes, 'AT+QFLDS="UFS"'
    files = bench.base.files
    if total == usual:
        yield Finding("files.ufs_bytes", files.ufs_bytes, f"{method}: {total} bytes")
        yield Finding("files.block_count", files.block_count, f"{method}: {total} bytes")
        return
    blocks = -(-total // files.block_bytes) + max(0, files.block_count - usual // files.block_bytes)
    if total > usual:
        yield Finding("files.block_count", blocks, f"{method}: room for {total} bytes")
    yield Finding("files.ufs_bytes", total - total % files.block_bytes, f"{method}: {total} bytes")


SIZES = Step(
    name="sizes",
    title="asks for the size of the storages",
    seconds=1,
    keys=(
        "files.storages",
        "files.ufs_bytes",
        "files.block_count",
        "files.ram_bytes",
        "files.ram_details",
    ),
    run=_sizes,
)


def _directory(bench: Bench) -> Iterator[Finding]:
    """Three files are made, in an order that is not that of their names."""
    names = [bench.own_name(number) for number in range(len(_MADE_IN))]
    for number in _MADE_IN:
        close(bench, open_own(bench, number, 0))
    lines = bench.command("AT+QFLST", FILE_COMMAND_S).info("+QFLST:")
    ours = [name for line in lines for name in names if name in line]
    if sorted(ours) != names:
        raise NotMeasuredError("AT+QFLST does not list the files that were made")
    listed = next(line for line in lines if names[0] in line)
    yield Finding("files.list_prefix", "UFS:" in listed, f"AT+QFLST: {listed}")
    yield _order(ours, names)


def _order(ours: list[str], names: list[str]) -> Finding:
    key, method = "files.list_order", "AT+QFLST of three files, made as 3, 1, 2"
    orders = {"name": names, "created": [names[number] for number in _MADE_IN]}
    for order, expected in orders.items():
        if ours == expected:
            return Finding(key, order, method)
    return not_measured(key, "the list is neither by name nor by the order in which they were made")


DIRECTORY = Step(
    name="directory",
    title="makes three empty files, and lists them",
    seconds=2,
    keys=("files.list_prefix", "files.list_order"),
    run=_directory,
    needs=Needs(storage_bytes=3 * 4096, written_bytes=3 * 4096),
)


def _missing(bench: Bench) -> Iterator[Finding]:
    missing = bench.own_name(_MISSING)
    if bench.has(OPEN):
        provoke(bench, "file_not_found", by_text(bench, f'AT+QFOPEN="{missing}",2'))
        provoke(bench, "invalid_file_name", by_text(bench, f'AT+QFOPEN="{missing}*?",2'))
        provoke(bench, "invalid_input", by_text(bench, f'AT+QFOPEN="{missing}",9'))
        _open_file(bench)
    yield _missing_list(bench)
    yield _missing_delete(bench)
    yield from tell(bench)


def _open_file(bench: Bench) -> None:
    """What is an error with a file that is open. Some modules allow it."""
    handle = open_own(bench, 0, 0)
    name = bench.own_name(0)
    again = bench.command(f'AT+QFOPEN="{name}",0', FILE_COMMAND_S)
    other = handle_in(again)
    if other is not None:
        close(bench, other)
    else:
        provoke(bench, "already_open", by_text(bench, f'AT+QFOPEN="{name}",0'))
    deleting = bench.command(f'AT+QFDEL="{name}"', FILE_COMMAND_S)
    if deleting.final and not deleting.ok:
        provoke(bench, "delete_failed", by_text(bench, f'AT+QFDEL="{name}"'))
    close(bench, handle)


def _missing_list(bench: Bench) -> Finding:
    key, text = "files.missing_list", f'AT+QFLST="{bench.own_name(_MISSING)}"'
    reply = bench.command(text, FILE_COMMAND_S)
    if reply.ok:
        return Finding(key, "ok", text)
    finding = by_number(bench, key, reply, ("list_failed", "file_not_found"), text)
    if finding.value == "list_failed":
        provoke(bench, "list_failed", by_text(bench, text))
    return finding


def _missing_delete(bench: Bench) -> Finding:
    text = f'AT+QFDEL="{bench.own_name(_MISSING)}"'
    reply = bench.command(text, FILE_COMMAND_S)
    causes = ("delete_failed", "file_not_found")
    finding = by_number(bench, "files.missing_delete", reply, causes, text)
    if finding.value == "delete_failed":
        provoke(bench, "delete_failed", by_text(bench, text))
    return finding


MISSING = Step(
    name="missing",
    title="opens, lists and deletes a file that is not there, and one that is open",
    seconds=2,
    keys=("files.missing_list", "files.missing_delete", *ERROR_KEYS),
    run=_missing,
    needs=Needs(storage_bytes=4096, written_bytes=4096, settings=("AT+CMEE",)),
)


def _names(bench: Bench) -> Iterator[Finding]:
    """Files with longer and longer names are made, and deleted."""
    key, method = "files.name_bytes", "AT+QFOPEN of new files with longer and shorter names"
    short, long, runs = _SHORTEST_NAME, _LONGEST_NAME + 1, 0
    while long - short > 1:
        middle, runs = (short + long) // 2, runs + 1
        short, long = (middle, long) if _is_taken(bench, middle, runs) else (short, middle)
    if short == _SHORTEST_NAME:
        yield not_measured(key, f"no name of more than {_SHORTEST_NAME} bytes is taken")
    elif short == _LONGEST_NAME:
        yield not_measured(key, f"names of {_LONGEST_NAME} bytes are taken, and no more was tried")
    else:
        yield Finding(key, short, method, runs, short, short)


def _is_taken(bench: Bench, length: int, number: int) -> bool:
    """Whether a file can have a name of that length."""
    usual = len("QSIMPROBE000.TMP")
    name = bench.own_name(number, "X" * (length - usual))
    handle = handle_in(bench.command(f'AT+QFOPEN="{name}",0', FILE_COMMAND_S))
    if handle is None:
        return False
    is_whole = any(name in line for line in bench.command("AT+QFLST", FILE_COMMAND_S).lines)
    close(bench, handle)
    bench.delete_own(number)
    return is_whole


NAMES = Step(
    name="names",
    title="makes files with long names, one after the other, and deletes them",
    seconds=6,
    keys=("files.name_bytes",),
    run=_names,
    needs=Needs(storage_bytes=4096, written_bytes=8 * 4096),
)
