"""The registration with a cellular network, as a table: which event leads where (27.007 7.2)."""

from enum import StrEnum


class Standing(StrEnum):
    """How a device stands with its network."""

    OFF = "off"  # neither registered nor looking: the radio is off, or AT+COPS=2
    LOOKING = "looking"
    HOME = "home"
    ROAMING = "roaming"
    REFUSED = "refused"  # found, and none that takes it; or it is told to find none
    LOST = "lost"  # it looks, and there is none


class Change(StrEnum):
    """What changes that."""

    SEARCH = "search"
    STOP = "stop"
    HOME = "found home"
    ROAMING = "found another"
    REFUSED = "found none that takes it"
    LOSE = "network gone"
    FIND = "network back"


TRANSITIONS: dict[tuple[Standing, Change], Standing] = {
    (Standing.OFF, Change.SEARCH): Standing.LOOKING,
    (Standing.LOOKING, Change.HOME): Standing.HOME,
    (Standing.LOOKING, Change.ROAMING): Standing.ROAMING,
    (Standing.LOOKING, Change.REFUSED): Standing.REFUSED,
    (Standing.LOOKING, Change.LOSE): Standing.LOST,
    (Standing.HOME, Change.LOSE): Standing.LOST,
    (Standing.ROAMING, Change.LOSE): Standing.LOST,
    (Standing.REFUSED, Change.LOSE): Standing.LOST,
    (Standing.LOST, Change.FIND): Standing.LOOKING,
    (Standing.LOOKING, Change.STOP): Standing.OFF,
    (Standing.HOME, Change.STOP): Standing.OFF,
    (Standing.ROAMING, Change.STOP): Standing.OFF,
    (Standing.REFUSED, Change.STOP): Standing.OFF,
    (Standing.LOST, Change.STOP): Standing.OFF,
}

REGISTERED = frozenset((Standing.HOME, Standing.ROAMING))

_FOUND = {1: Change.HOME, 5: Change.ROAMING}
_NUMBERS = {
    Standing.OFF: 0,
    Standing.LOOKING: 2,
    Standing.HOME: 1,
    Standing.ROAMING: 5,
    Standing.LOST: 2,
}


def found(number: int) -> Change:
    """What happens when a device finds a network whose answer has that number of 27.007."""
    return _FOUND.get(number, Change.REFUSED)


def number_of(standing: Standing, refusal: int) -> int:
    """27.007's number; `refusal` is that of a device that is not taken."""
    return _NUMBERS.get(standing, refusal)
