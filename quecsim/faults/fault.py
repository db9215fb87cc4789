"""What every kind of fault is: a record of what is asked for, and all that belongs to the kind.

A kind is one file in `quecsim.faults.kinds`, with one subclass of `Fault`:

| part | what it says |
| --- | --- |
| fields, `tag` | the `[[fault]]` table of a scenario, and what `Rig.inject` takes |
| `words` | what it is to do, for people |
| `ONE_OF`, `problems` | which keys exclude or need each other |
| `NEEDS_UART`, `NEEDS_COMMAND`, `misfits` | which devices cannot have it |
| `check_room`, `prepare`, `arm` | what it does beforehand; where in `faults.places` it strikes |
| `AIMS`, `AIMED_WITH` | the points that a search can aim it at |
| `ORDER`, `FIRST`, `DRAWN`, `NAMES_FILE` | how it is tried: deliberately, and drawn |
| `CAN_RECUR`, `NEEDS_FLOW_CONTROL` | what a search must know to try it |
| `NEEDS_SERVER`, `NEEDS_KIND`, `NEEDS_PEER` | what has to be behind the device |
| `IS_ORDINARY`, `EXPLAINS`, `MISLEADS` | what it means for a verdict |

Times are milliseconds (`_ms`) of model time from the start of the run; bytes, acknowledgements,
calls and operations are numbered from 1. A fault that is injected into a run counts both from that
moment: `at_ms = 0` is at once, `at_byte = 1` the next byte. Every fault fires once, unless its text
says otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias

import msgspec
from msgspec import Meta

from quecsim.at.grammar import Form
from quecsim.at.spec import Catalogue
from quecsim.faults.points import Aim
from quecsim.flash.ufs import Ufs
from quecsim.profiles.schema import Profile
from quecsim.uart.port_kind import PortKind

if TYPE_CHECKING:
    from quecsim.faults.armed import Armed
    from quecsim.faults.places import Places

Number = Annotated[int, Meta(ge=1, le=1 << 30)]
AtMs = Annotated[int, Meta(ge=0, le=86_400_000)]
LastsMs = Annotated[int, Meta(ge=1, le=600_000)]
Count = Annotated[int, Meta(ge=1, le=65_536)]

Problem: TypeAlias = tuple[str, str, str]
"""(key or "", message, hint) for something that is wrong."""

Options: TypeAlias = Sequence[Any]
"""How a value is drawn: single values and `range`s, the simplest first."""

DEFAULT_NAME = "UFS:ca.pem"
"""The file that faults about a file mean where they are tried."""

DELAYS_MS = (10, 100, 500, 1000, 2000)
TIMES_MS = (0, 100, 1000, range(3001))
DATA_BYTES = (1, 100, 1000, 1024, 1025, 2048, range(1, 2501))  # the ends of blocks first
ORDINALS = (1, range(1, 5))


@dataclass(frozen=True, slots=True)
class Target:
    """The device that is to have a fault: what it is called, what it can do, and its port."""

    title: str
    profile: Profile
    catalogue: Catalogue
    port: PortKind

    def has_command(self, spelled: str) -> bool:
        """Whether it knows `+QFUPL`; of `+QFUPL?` and `+QFUPL=?`, whether it has that form."""
        suffix = next((suffix for suffix in _FORMS if spelled.endswith(suffix)), "")
        command = self.catalogue.get(spelled.removesuffix(suffix))
        return command is not None and (not suffix or _FORMS[suffix] in command.forms)


_FORMS = {"=?": Form.TEST, "?": Form.READ}


class Fault(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="",
):
    """One fault. Its kind is its `tag`."""

    ONE_OF: ClassVar[tuple[str, ...]] = ()
    """Of these keys it has exactly one."""
    NEEDS_UART: ClassVar[bool] = False
    NEEDS_COMMAND: ClassVar[str] = ""
    """The command without which it means nothing, as in `+QFUPL`."""
    NEEDS_FLOW_CONTROL: ClassVar[bool] = False
    """It cannot fire unless both ends have RTS/CTS."""
    NEEDS_SERVER: ClassVar[bool] = False
    """It means nothing to a scenario that has nothing behind the device."""
    NEEDS_PEER: ClassVar[bool] = False
    """It means nothing to a scenario that has nobody on the air (Bluetooth LE)."""
    NEEDS_KIND: ClassVar[str] = ""
    """The kind of server in process without which it means nothing, as in `mqtt`."""
    FILLS_STORAGE: ClassVar[bool] = False
    """Its `prepare` comes after that of all others."""
    NAMES_FILE: ClassVar[bool] = False
    """Its `name` is that of a file."""
    CAN_RECUR: ClassVar[bool] = True
    """It is over when it has struck, so that others like it may strike the same device again."""
    IS_ORDINARY: ClassVar[bool] = False
    """A host must be able to live with it: it is no excuse for failing."""
    MISLEADS: ClassVar[bool] = False
    """Host and device may see other bytes than the other has sent."""
    EXPLAINS: ClassVar[frozenset[str]] = frozenset()
    """Causes of losses that follow from it, and are not told beside it."""
    AIMS: ClassVar[Mapping[str, Aim]] = {}
    """Point -> how it is aimed at one; the first is meant where none is named."""
    AIMED_WITH: ClassVar[Mapping[str, Any]] = {}
    """Values that it needs beside its aim."""
    ORDER: ClassVar[int] = 1000
    """Its place among the kinds, the simplest first."""
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    """Values of the deliberate cases that a search begins with."""
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = ({},)
    """How it is drawn: one of these, each with the options of its keys."""

    @classmethod
    def suits(cls, profile: Profile) -> bool:  # noqa: ARG003
        """Whether a device has a radio that it can strike, whatever its values are."""
        return True

    @property
    def kind(self) -> str:
        """The word that tells it from the others."""
        return str(self.__struct_config__.tag)

    def words(self) -> str:
        """What it is to do, in a few words and without a full stop."""
        raise NotImplementedError

    def problems(self) -> Iterator[Problem]:
        """What is wrong with it by itself."""
        keys = self.ONE_OF
        given = [key for key in keys if getattr(self, key) is not None]
        if keys and len(given) != 1:
            listed = f"{', '.join(keys[:-1])} or {keys[-1]}"
            has = f"has {' and '.join(given)}" if given else "has none"
            message = f"{self.kind} needs {listed}: one of them"
            yield given[-1] if given else "", message, f"It {has}."

    def misfits(self, target: Target) -> Iterator[Problem]:
        """Why `target` cannot have it."""
        if self.NEEDS_UART and not target.port.is_serial:
            hint = 'Take it out, or set line.interface = "uart".'
            yield "kind", f"{self.kind} has no meaning on a {target.port.title} port", hint
        if self.NEEDS_COMMAND and not target.has_command(self.NEEDS_COMMAND):
            message = f"{self.kind} needs AT{self.NEEDS_COMMAND}, and {target.title} has none"
            yield "kind", message, "Take it out."

    def check_room(self, ufs: Ufs) -> None:
        """Raises UfsError where `prepare` could cost a device that runs something of its own."""

    def prepare(self, ufs: Ufs) -> None:
        """Put on the flash what it wants there. Raises UfsError where that cannot be."""

    def arm(self, armed: "Armed", places: "Places") -> None:
        """From `armed.from_ns` on it can fire: ask its place for it, and `armed.fire` then."""
        raise NotImplementedError


def for_file(fault: Fault, name: str) -> Fault:
    """The same fault about the file `name`, where it is about one."""
    return msgspec.structs.replace(fault, name=name) if fault.NAMES_FILE else fault


def which(number: int | None, every: int | None) -> str:
    """Number `number`, or each `every`-th, in words."""
    return f"number {number}" if every is None else f"(each {every}.)" if every > 1 else "(each)"


def place_text(at_byte: int | None, at_ms: int | None) -> str:
    """Where or when, in words."""
    return f"at {at_ms} ms" if at_byte is None else f"at byte {at_byte} of the data"
