"""The settings as a table of a file: what is wrong is said, what is right is read."""

from typing import Any

import msgspec
import pytest

from quecsim.peers.http_settings import HttpFile, HttpSettings

TABLE = """
users = { meter = "secret" }
put = "refuse"
refuse = 503
refuse_first = 2

[files]
"/hello" = { text = "hällo", headers = { "X-Ä" = "no" } }
"""


def test_a_table_is_read() -> None:
    table = TABLE.replace("X-Ä", "X-A")
    settings = msgspec.toml.decode(table, type=HttpSettings)
    assert settings.files["/hello"].content == "hällo".encode()
    assert settings.missing.status == 404
    assert msgspec.json.decode(msgspec.json.encode(settings), type=HttpSettings) == settings
    with pytest.raises(msgspec.ValidationError, match="is no name of a header"):
        msgspec.toml.decode(TABLE, type=HttpSettings)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"files": {"a": {}}}, "'a' in files is no path"),
        ({"refuse_first": 1}, "refuse_first needs a status"),
        ({"refuse": 200}, ">= 400"),
        ({"users": {"a:b": "c"}}, "a name has no colon"),
        ({"server": "a\nb"}, "cannot be the value of a header"),
    ],
)
def test_what_is_wrong_is_said(table: dict[str, Any], why: str) -> None:
    with pytest.raises(msgspec.ValidationError) as told:
        msgspec.convert(table, HttpSettings)
    assert why in str(told.value)


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ({"text": "a", "drawn_bytes": 1}, "its content is one of text, base64"),
        ({"says_bytes": 1, "framing": "close"}, "says_bytes is a length"),
        ({"endless": True, "framing": "length"}, "what is endless has no length"),
        ({"bare": True, "status": 201}, "what is bare has no status"),
        ({"redirect": "/a b"}, "is no location"),
        ({"headers": {"Location": "/b"}}, "Location is not set by headers"),
        ({"headers": {"X": "a\tb\x7f"}}, "cannot be the value"),
        ({"headers": {"X:": "a"}}, "no name of a header"),
        ({"content_type": " a"}, "cannot be the value of a header"),
        ({"status": 100}, ">= 200"),
    ],
)
def test_a_file_that_cannot_be(table: dict[str, Any], why: str) -> None:
    with pytest.raises(msgspec.ValidationError) as told:
        msgspec.convert(table, HttpFile)
    assert why in str(told.value)
