"""Which steps a probe has: chosen by the user, in their order, with what they need in all."""

from collections.abc import Iterable
from dataclasses import dataclass

from quecsim.errors import QuecsimError
from quecsim.probe import identity, long, quick
from quecsim.probe.step import Needs, Step
from quecsim.profiles.toml_check import did_you_mean

ALL_STEPS: tuple[Step, ...] = (*quick.STEPS, *long.STEPS)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, in the order in which they run."""

    steps: tuple[Step, ...]

    @property
    def seconds(self) -> int:
        """How long it will take, about."""
        return sum(step.seconds for step in self.steps)

    @property
    def needs(self) -> Needs:
        """What it needs of the module in all."""
        needs = [step.needs for step in self.steps]
        settings = dict.fromkeys(name for each in needs for name in each.settings)
        return Needs(
            storage_bytes=max((each.storage_bytes for each in needs), default=0),
            written_bytes=sum(each.written_bytes for each in needs),
            settings=tuple(settings),
            restarts=any(each.restarts for each in needs),
        )


def make_plan(
    *,
    with_long: bool = False,
    with_restart: bool = False,
    only: Iterable[str] = (),
    skip: Iterable[str] = (),
) -> Plan:
    """The quick steps, or the long ones too; `only` those named (of either part), without `skip`.

    Those that restart the module are left out unless `with_restart`. What the module is, is asked
    in any case. Raises QuecsimError for a name that no step has.
    """
    only, skip = tuple(only), tuple(skip)
    for name in (*only, *skip):
        _check(name)
    return Plan(
        tuple(
            step
            for step in ALL_STEPS
            if step is identity.STEP
            or (
                step.name not in skip
                and (with_restart or not step.needs.restarts)
                and (step.name in only if only else with_long or not step.is_long)
            )
        )
    )


def _check(name: str) -> None:
    names = [step.name for step in ALL_STEPS]
    if name not in names:
        hint = did_you_mean(name, names) or f"The steps: {', '.join(names)}."
        raise QuecsimError(f'no step is called "{name}"', hint=hint)
