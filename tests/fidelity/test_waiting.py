"""The dialogues that wait for a network: counted, so that none is lost, and not yet answered.

`pytest -rA tests/fidelity/test_waiting.py -k list` prints them. When the network that a dialogue
waits for exists, `test_it_still_waits` fails: the dialogue then runs, and the count goes down.
"""

import re
from collections import Counter

import pytest

from quecsim.commands.catalogue import catalogue
from quecsim.profiles.loader import load_profile
from tests.fidelity.dialogue import Dialogue, Document, Need
from tests.fidelity.documents import DOCUMENTS
from tests.fidelity.runner import DifferenceError, play

# Document: how many of its dialogues run, and what the others wait for (some for two things).
COUNTS: dict[str, tuple[int, dict[Need, int]]] = {
    "Quectel forum thread 57329": (4, {}),
    "EC200T&UC200T FOTA User Guide V1.0": (6, {}),
    "EC200x&EG912Y Series FOTA Application Note V1.1": (10, {}),
    "M95 FTPS Application Note V1.0": (19, {}),
    "FCM242D&FGM842D AT Commands Manual": (
        86,
        {Need.BLE: 6},
    ),
    "the log of a provisioning tool for EC21 and EC25": (5, {}),
    "Quectel forum, thread 3562": (1, {}),
    "the published replies of an EG25-G": (2, {}),
    "the log of an MQTT session of a BG95-M3": (2, {}),
    "the notes of a certificate writer for a BG95": (1, {}),
    "Quectel forum, thread 30108": (1, {}),
    "published traces of an FC41D with the firmware FC41DAAR03A09M02": (1, {}),
}

WAITING = [
    pytest.param(document, dialogue, device, id=f"{document.title}: {dialogue.section}, {device}")
    for document in DOCUMENTS
    for dialogue in document.waiting
    for device in document.devices_of(dialogue)
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.title)
def test_none_is_lost(document: Document) -> None:
    needs = Counter(need for dialogue in document.waiting for need in dialogue.needs)
    assert (len(document.running), dict(needs)) == COUNTS[document.title]


def test_list_what_waits() -> None:
    lines = [
        f"{document.title}, {dialogue.section}: {' and '.join(n.value for n in dialogue.needs)}"
        for document in DOCUMENTS
        for dialogue in document.waiting
    ]
    print("\n".join(lines))
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize(("document", "dialogue", "device"), WAITING)
def test_it_still_waits(document: Document, dialogue: Dialogue, device: str) -> None:
    with pytest.raises(DifferenceError):
        play(dialogue, device)


@pytest.mark.parametrize(("document", "dialogue", "device"), WAITING)
def test_the_profile_knows_that_its_commands_wait(
    document: Document, dialogue: Dialogue, device: str
) -> None:
    profile = load_profile(device)
    known = {name for waiting in profile.commands.waiting for name in waiting.names}
    known |= {command.name for command in catalogue(profile)}
    assert {name_of(line) for line in dialogue.commands} <= known | {"+++"}


def name_of(line: str) -> str:
    """The name of the command on a line: `+QIOPEN`, `O`."""
    if line == "+++":
        return line
    found = re.match(r"AT(\+\w+|\w)", line)
    assert found is not None, line
    return found[1]
