"""The settings as a table of a file: what is wrong is said, what is right is read."""

import msgspec
import pytest

from quecsim.peers.mqtt_settings import BrokerSettings, ScriptedMessage

TABLE = """
users = { meter = "secret" }
refuse = 5
refuse_first = 2
levels = [4]
most_qos = 1
deny = ["private/#"]

[[messages]]
topic = "cmd/reboot"
text = "jetzt: ö"
after_ms = 2000
every_ms = 500
times = 3

[[messages]]
topic = "cmd/blob"
base64 = "AP8="
at_ms = 0
retain = true
"""


def test_a_table_is_read() -> None:
    settings = msgspec.toml.decode(TABLE, type=BrokerSettings)
    assert settings.users == {"meter": "secret"}
    first, second = settings.messages
    assert first.payload == "jetzt: ö".encode()
    assert first.every_ns == 500_000_000
    assert second.payload == b"\x00\xff"
    assert msgspec.json.decode(msgspec.json.encode(settings), type=BrokerSettings) == settings


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("refuse = 6", "<= 5 - at `$.refuse`"),
        ("most_qos = 3", "<= 2"),
        ("levels = [5]", "Invalid enum value 5"),
        ("sesions = 3", "unknown field `sesions`"),
        ('deny = ["a#"]', "'a#' in deny is no filter"),
        ("messages = [{ topic = 'a' }]", "one of at_ms and after_ms"),
        ("messages = [{ topic = 'a', at_ms = 0, after_ms = 0 }]", "one of at_ms and after_ms"),
        ("messages = [{ topic = 'a/+', at_ms = 0 }]", "'a/+' is no topic"),
        ("messages = [{ topic = 'a', at_ms = 0, times = 2 }]", "needs every_ms"),
        ("messages = [{ topic = 'a', at_ms = 0, text = 'x', base64 = 'eA==' }]", "not both"),
        ("messages = [{ topic = 'a', at_ms = 0, every_ms = 0 }]", ">= 1"),
    ],
)
def test_what_is_wrong_is_said(table: str, why: str) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.toml.decode(table, type=BrokerSettings)
    assert why in str(raised.value)


def test_in_python_too() -> None:
    with pytest.raises(ValueError, match="no topic"):
        ScriptedMessage(topic="", at_ms=0)
