"""How the commands of two devices differ: which only one has, and which both have but not alike."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from quecsim.at.reference import Entry
from quecsim.cli.commands import form_lines, reference_of
from quecsim.profiles.schema import Profile

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CommandDiff:
    """Lists by the label of the device, the first one's before the other's.

    `only`: names of commands that the other has not; `unlike`: by name, what is said of a command
    and not said of the other's; `waiting`: names that only this device's documents have, and that
    quecsim has not.
    """

    only: dict[str, list[str]]
    unlike: dict[str, dict[str, list[str]]]
    waiting: dict[str, list[str]]

    def lines(self) -> Iterator[str]:
        """For people."""
        for name, said in self.unlike.items():
            yield f"AT{name}"
            for label, lines in said.items():
                for at, line in enumerate(lines or ["not there"]):
                    yield f"    {'' if at else label:12} {line}"
        for label, names in self.only.items():
            yield f"commands only of {label}: {' '.join(names) or 'none'}"
        for label, names in self.waiting.items():
            if names:
                yield f"not supported, only of {label}: {' '.join(names)}"


def compare(one: Profile, other: Profile, labels: Pair) -> CommandDiff:
    """The difference, with the devices called by their labels."""
    first, second = ({entry.name: entry for entry in reference_of(p)} for p in (one, other))
    return CommandDiff(
        _only(labels, first, second),
        {
            name: dict(zip(labels, _unlike(first[name], second[name]), strict=True))
            for name in first
            if name in second and any(_unlike(first[name], second[name]))
        },
        _only(labels, _waiting(one), _waiting(other)),
    )


def _only(labels: Pair, one: Collection[str], other: Collection[str]) -> dict[str, list[str]]:
    return {
        labels[0]: [name for name in one if name not in other],
        labels[1]: [name for name in other if name not in one],
    }


def _waiting(profile: Profile) -> list[str]:
    return [name for waiting in profile.commands.waiting for name in waiting.names]


def _unlike(one: Entry, other: Entry) -> tuple[list[str], list[str]]:
    return _said(one, other), _said(other, one)


def _said(one: Entry, other: Entry) -> list[str]:
    """The forms, with their parameters, and the test reply that the other does not have so."""
    forms = [form for form in one.forms if form not in other.forms]
    reply = one.test_reply if one.test_reply != other.test_reply else ()
    return [
        *(line for form in forms for line in form_lines(form)),
        *(f"=? says {line}" for line in reply),
    ]
