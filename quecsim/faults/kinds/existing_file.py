"""`existing_file`: a file is there already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from quecsim.at.grammar import Call
from quecsim.at.storage import check_file_name, name_hint
from quecsim.faults.armed import Armed
from quecsim.faults.fault import DEFAULT_NAME, Fault, Options, Problem, Target
from quecsim.faults.places import Places
from quecsim.faults.places.commands import CallFault, CommandFaults
from quecsim.flash.labels import FLASH, label_of, split_spelling
from quecsim.flash.ufs import Ufs, UfsError, UfsFault

FileBytes = Annotated[int, Meta(ge=0, le=1 << 24)]
_ALL_FILES = ("*", "UFS:*")


class ExistingFile(Fault, frozen=True, kw_only=True, tag="existing_file"):
    """A file is there from the start: `text`, or `bytes_count` bytes of 0xFF.

    It counts as fired when a command meets it as a file that is already there.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("text", "bytes_count")
    NAMES_FILE: ClassVar[bool] = True
    IS_ORDINARY: ClassVar[bool] = True
    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 10
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"name": DEFAULT_NAME, "text": "old"},)
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"name": (DEFAULT_NAME,), "text": ("old",)},
    )

    name: str
    text: str | None = None
    bytes_count: FileBytes | None = None

    def words(self) -> str:
        """As in `UFS:a is there already`."""
        return f"{self.name} is there already"

    def misfits(self, target: Target) -> Iterator[Problem]:
        """Its name must be one of the device's."""
        yield from super().misfits(target)
        files = target.profile.files
        try:
            check_file_name(files, self.plain_name())
        except UfsError:
            yield "name", f"{self.name!r} cannot be a file of {target.title}", name_hint(files)

    def check_room(self, ufs: Ufs) -> None:
        """There must be room beside what littlefs may need for the directory itself: without, it
        would have to begin anew, and open files would lose what is not on the flash yet.
        """
        if not max(1, len(self._data())) <= ufs.free_bytes():
            raise UfsError(UfsFault.NO_SPACE, self.plain_name())

    def prepare(self, ufs: Ufs) -> None:
        """Put it there, in place of one of that name."""
        ufs.write_file(self.plain_name(), self._data())

    def arm(self, armed: Armed, places: Places) -> None:
        """From the next command on."""
        places.commands.watch(_Meeting(self, armed, places.commands))

    def _data(self) -> bytes:
        return (self.text or "").encode() or b"\xff" * (self.bytes_count or 0)

    def plain_name(self) -> str:
        """Its name on the flash."""
        storage, name = split_spelling(self.name)
        return name if storage == FLASH else self.name


@dataclass(slots=True)
class _Meeting(CallFault):
    fault: ExistingFile
    armed: Armed
    commands: CommandFaults

    def before_call(self, call: Call) -> None:
        if self.armed.seen:
            return
        texts = [argument.text for argument in call.arguments if argument and argument.is_quoted]
        wanted = label_of(self.fault.name)
        if any(text in _ALL_FILES or label_of(text) == wanted for text in texts):
            self.armed.seen = 1
            what = f"AT{call.name} named {self.fault.name}"
            self.armed.fire(self.commands.shared.now_ns, what)
