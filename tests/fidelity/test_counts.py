"""The dialogues of each document and published log, counted, so that none is lost."""

import pytest

from tests.fidelity.dialogue import Document
from tests.fidelity.documents import DOCUMENTS

COUNTS: dict[str, int] = {
    "Quectel forum thread 57329": 4,
    "EC200T&UC200T FOTA User Guide V1.0": 6,
    "EC200x&EG912Y Series FOTA Application Note V1.1": 10,
    "M95 FTPS Application Note V1.0": 19,
    "FCM242D&FGM842D AT Commands Manual": 90,
    "the log of a provisioning tool for EC21 and EC25": 5,
    "Quectel forum, thread 3562": 1,
    "the published replies of an EG25-G": 2,
    "the log of an MQTT session of a BG95-M3": 2,
    "the notes of a certificate writer for a BG95": 1,
    "Quectel forum, thread 30108": 1,
    "published traces of an FC41D with the firmware FC41DAAR03A09M02": 1,
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.title)
def test_none_is_lost(document: Document) -> None:
    assert len(document.dialogues) == COUNTS[document.title]
