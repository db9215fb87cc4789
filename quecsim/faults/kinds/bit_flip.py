"""`bit_flip`: a bit of the flash turns over by itself."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from quecsim.faults.armed import Armed
from quecsim.faults.fault import AtMs, Fault, Number, Options, Problem, Target
from quecsim.faults.places import Places
from quecsim.flash.labels import FLASH, split_spelling
from quecsim.flash.ufs import UfsError
from quecsim.units import format_ns, ms

Address = Annotated[int, Meta(ge=0, le=(1 << 28) - 1)]
Bit = Annotated[int, Meta(ge=0, le=7)]


class BitFlip(Fault, frozen=True, kw_only=True, tag="bit_flip"):
    """At `at_ms` bit `bit` (0 the lowest) turns over: in the byte at `address` of the flash, or in
    byte `at_byte` of the file `name`, as it is on the flash then.

    It does not fire where there is no such file, or no such byte in it. The device does not notice
    that its file has changed; its directory is guarded by checksums, and goes back to an older one.
    """

    ONE_OF: ClassVar[tuple[str, ...]] = ("address", "name")
    CAN_RECUR: ClassVar[bool] = False
    ORDER: ClassVar[int] = 135
    FIRST: ClassVar[tuple[Mapping[str, Any], ...]] = ({"address": 0}, {"address": 4096})
    # Only the directory, and before anything is stored: later no host could notice.
    DRAWN: ClassVar[tuple[Mapping[str, Options], ...]] = (
        {"address": (0, 4096, range(8192)), "bit": (0, range(8))},
    )

    address: Address | None = None
    name: str | None = None
    at_byte: Number = 1
    bit: Bit = 0
    at_ms: AtMs = 0

    def words(self) -> str:
        """As in `bit 0 of the flash at 0x1000 turned over at 5 ms`."""
        return f"bit {self.bit} {self._where()} turned over at {self.at_ms} ms"

    def problems(self) -> Iterator[Problem]:
        """`at_byte` is of a file."""
        yield from super().problems()
        if self.name is None and self.at_byte != 1:
            yield "at_byte", "at_byte counts the bytes of a file", "Leave it out, or set name."

    def misfits(self, target: Target) -> Iterator[Problem]:
        """The flash must be so large, and the file on it."""
        yield from super().misfits(target)
        if self.name is not None and split_spelling(self.name)[0] != FLASH:
            yield "name", f"{self.name} is not on the flash", "Name a file on UFS:."
        size_bytes = target.profile.files.block_bytes * target.profile.files.block_count
        if self.address is not None and self.address >= size_bytes:
            message = f"the flash of {target.title} has {size_bytes} bytes"
            yield "address", message, f"Addresses are 0 to {size_bytes - 1}."

    def arm(self, armed: Armed, places: Places) -> None:
        """At a time."""
        at_ns = armed.from_ns + ms(self.at_ms)
        places.agenda.add(at_ns, partial(self._turn_over, armed, places))

    def _turn_over(self, armed: Armed, places: Places, now_ns: int) -> None:
        address = self.address if self.address is not None else self._address(places)
        if address is not None:
            places.flash.nor.flip(address, self.bit)
            what = f"bit {self.bit} {self._where()} turned over at {format_ns(now_ns)}"
            armed.fire(now_ns, what)

    def _where(self) -> str:
        if self.name is None:
            return f"of the flash at {self.address:#x}"
        return f"in byte {self.at_byte} of {self.name}"

    def _address(self, places: Places) -> int | None:
        storage, name = split_spelling(self.name or "")
        try:
            return (
                places.device.ufs.address_of(name, self.at_byte - 1) if storage == FLASH else None
            )
        except UfsError:
            return None
