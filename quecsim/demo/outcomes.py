"""What came of the uploads that were played so far."""

from dataclasses import dataclass, field

from quecsim.demo.play import DemoOutcome
from quecsim.demo.ways import Cargo


@dataclass(slots=True)
class Outcomes:
    """`all` of them, in order; `of` finds one."""

    all: list[DemoOutcome] = field(default_factory=list)

    def of(self, key: str, cargo: Cargo) -> DemoOutcome:
        """The one of that way and that file. Raises KeyError."""
        by_name = {(each.way.key, each.cargo.payload): each for each in self.all}
        return by_name[key, cargo.payload]

    def has(self, cargo: Cargo) -> bool:
        """That file was played."""
        return any(each.cargo is cargo for each in self.all)

    @property
    def wrong(self) -> list[DemoOutcome]:
        """Those that came out otherwise than told."""
        return [each for each in self.all if not each.is_as_told]
