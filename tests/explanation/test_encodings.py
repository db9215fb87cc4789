"""The file in another form."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.explanation import Certainty, explain
from quecsim.explanation.encodings import forms
from tests.explanation.damage import BINARIES, FEW, TEXTS, assert_found, told
from tests.test_checksum import AMAZON

DER = base64.b64decode(b"".join(AMAZON.splitlines()[1:-1]))
NAMES = "name,town\nJosé,Málaga\nZoë,Żary\n" * 9


@FEW
@given(TEXTS, st.data())
def test_every_form_of_a_text_is_found(data: bytes, draw: st.DataObject) -> None:
    kind, _, _, made = draw.draw(st.sampled_from(list(forms(data))))

    found = assert_found(data, made, is_seen=len(made) != len(data))

    assert kind in [each.kind for each in found.tried]


@FEW
@given(BINARIES, st.data())
def test_every_form_of_binary_data_is_found(data: bytes, draw: st.DataObject) -> None:
    kind, _, _, made = draw.draw(st.sampled_from([each for each in forms(data) if each[3]]))

    found = assert_found(data, made, is_seen=len(made) != len(data))

    assert kind in [each.kind for each in found.tried]


@pytest.mark.parametrize(
    ("data", "got", "words"),
    [
        (AMAZON, DER, "sent as DER"),
        (DER, AMAZON, "sent as PEM"),
        (AMAZON, AMAZON.replace(b" ", b""), "without the blank behind BEGIN and END"),
        (AMAZON, AMAZON.upper(), "capitals"),
        (NAMES.encode(), NAMES.encode("utf-8").decode("latin-1").encode(), "(UTF-8)"),
        (NAMES.encode(), NAMES.encode("latin-1", "replace"), "(Latin-1)"),
        (bytes(range(1, 256)) * 3, bytes(range(1, 256)).translate(None, b"\x11\x13") * 3, "XOFF"),
        (b"ab\x81\xff" * 31, b"ab\1\x7f" * 31, "7 bits"),
        (AMAZON, AMAZON.hex().encode(), "hexadecimal digits, small ones"),
        (AMAZON, AMAZON.decode().encode("utf-16-le"), "UTF-16, low byte first"),
    ],
)  # fmt: skip
def test_the_words(data: bytes, got: bytes, words: str) -> None:
    found = explain(data, told(got))

    assert words in found.sentence
    assert found.certainty in (Certainty.CLEAR, Certainty.OPEN)


def test_no_form_is_the_file_itself_or_told_twice() -> None:
    made = [data for *_, data in forms(AMAZON)]

    assert AMAZON not in made
    assert len(made) == len(set(made)) > 10
