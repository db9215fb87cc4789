"""What cannot be sent, or does not go together, is refused before anything is sent."""

from typing import Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.host.connect_plan import ConnectPlan, ConnectResult, Publication


def plan(**fields: Any) -> ConnectPlan:
    return ConnectPlan(**{"host": "broker.example", "port": 8883, "cacert": "UFS:ca.pem", **fields})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"host": ""}, "--then-connect"),
        ({"host": 'a"b'}, "--then-connect"),
        ({"host": "a" * 101}, "no broker"),
        ({"port": 0}, "no broker broker.example:0"),
        ({"port": 65_536}, "no broker"),
        ({"cacert": "UFS:\n"}, "--name"),
        ({"client_cert": "me.pem"}, "need each other"),
        ({"client_key": "me.key"}, "need each other"),
        ({"cacert": None, "client_cert": "a", "client_key": "b"}, "--client-cert makes no sense"),
        ({"cacert": None, "checks_time": True}, "--check-time makes no sense"),
        ({"client_id": ""}, "--client-id"),
        ({"user": "a\r"}, "--user"),
        ({"user": "u", "password": 'p"'}, "--password"),
        ({"password": "p"}, "--password makes no sense without --user"),
        ({"apn_user": "u"}, "need --apn"),
        ({"apn_password": "p"}, "need --apn"),
        ({"subscribe": "a/#/b"}, "is no topic to subscribe to"),
        ({"subscribe": ""}, "is no topic to subscribe to"),
        ({"subscribe": 'a"b'}, "is no topic to subscribe to"),
        ({"publish": Publication("a/+", "x")}, "is no topic to publish to"),
        ({"publish": Publication("", "x")}, "is no topic to publish to"),
        ({"publish": Publication('"', "x")}, "is no topic to publish to"),
        ({"publish": Publication("a", "")}, "a message of 0 bytes"),
        ({"publish": Publication("a", "x" * 4097)}, "a message of 4097 bytes"),
        ({"publish": Publication("a", "\N{EURO SIGN}" * 1366)}, "a message of 4098 bytes"),
    ],
)
def test_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(QuecsimError) as error:
        plan(**fields)
    assert said in str(error.value)
    assert error.value.hint


def test_a_password_is_not_in_the_message() -> None:
    with pytest.raises(QuecsimError) as error:
        plan(user="u", password='secret"')
    assert "secret" not in str(error.value)


def test_what_fits() -> None:
    made = plan(
        host="a" * 100,
        port=65_535,
        user="Käthe",
        password="p,;'",
        subscribe="+/ü/#",
        publish=Publication("a=b", "\N{EURO SIGN}" * 1365),
    )
    assert made.tls
    assert not plan(cacert=None).tls


def test_a_result_begins_with_nothing_reached() -> None:
    result = ConnectResult.of(plan())
    assert result.ok
    assert (result.host, result.port, result.tls) == ("broker.example", 8883, True)
    assert not result.connected
