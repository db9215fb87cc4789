"""Every dialogue of the documents and the published logs, on each of its devices."""

import pytest

from quecsim.profiles.loader import load_profile
from tests.fidelity import fcm242d
from tests.fidelity.dialogue import Dialogue, Document
from tests.fidelity.documents import DOCUMENTS
from tests.fidelity.fcm242d_examples import MQTT_SSL_AS_PRINTED
from tests.fidelity.runner import DifferenceError, Stage, play

CASES = [
    pytest.param(dialogue, device, id=f"{document.title}: {dialogue.section}, {device}")
    for document in DOCUMENTS
    for dialogue in document.dialogues
    for device in document.devices_of(dialogue)
]


@pytest.mark.parametrize(("dialogue", "device"), CASES)
def test_the_device_answers_as_printed(dialogue: Dialogue, device: str) -> None:
    stage = play(dialogue, device)
    if dialogue.ends_with_revision:
        assert dialogue.ends_with_revision != load_profile(device).identity.revision
        assert f"Revision: {dialogue.ends_with_revision}\r\n".encode() in stage.ask("ATI")


@pytest.mark.parametrize("device", fcm242d.DOCUMENT.devices)
def test_a_client_whose_context_has_no_certificates_opens_nothing(device: str) -> None:
    play(MQTT_SSL_AS_PRINTED, device)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.title)
def test_no_two_dialogues_of_a_document_share_a_name(document: Document) -> None:
    names = [dialogue.section for dialogue in document.dialogues]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("AT\nERROR", "ec200u"),  # another result
        ("AT", "ec200u"),  # something where nothing is printed
        ("AT\nOK\n+QIND: SMS DONE", "ec200u"),  # nothing where something is printed
        ("AT\n+CSQ: 1,99\nOK", "ec200u"),  # information too much
    ],
)
def test_a_difference_is_noticed(text: str, device: str) -> None:
    with pytest.raises(DifferenceError):
        play(Dialogue("made up", text), device)


def test_the_stage_has_no_echo() -> None:
    assert Stage("ec200u").ask("AT") == b"\r\nOK\r\n"
