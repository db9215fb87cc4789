"""Which device it is, by what it answers."""

import pytest

from quecsim.profiles.loader import profile_names
from quecsim.tap.identity import Identity

NAMES = ("ec200u", "ec200t", "ec20", "m95", "fcm242d")


def heard(*said: tuple[str, bytes]) -> Identity:
    identity = Identity(NAMES)
    for side, data in said:
        identity.hear(side, data)
    return identity


@pytest.mark.parametrize(
    ("asked", "answered", "found"),
    [
        (
            b"ATI\r",
            b"\r\nQuectel\r\nEC200U\r\nRevision: EC200UCNAAR03A15M08\r\n",
            "ec200u",
        ),
        (b"AT+CGMM\r", b"\r\nEC200U\r\n\r\nOK\r\n", "ec200u"),
        (b"at+gmm\r\n", b"\r\nQuectel_M95\r\n\r\nOK\r\n", "m95"),
        (b"AT+QGMR\r", b"\r\nEC200TCNTCNMAR02A02M16_01.001\r\n", "ec200t"),
        (b"AT+QVERSION\r", b"\r\n+QVERSION: FCM242DAAR01A01\r\n\r\nOK\r\n", "fcm242d"),
        (b"ATI\r", b"\r\nQuectel\r\nEC20F\r\n", "ec20"),
        (b"AT+CGMM\r", b"\r\nFCM242\r\n\r\nOK\r\n", "fcm242d"),
        (b"AT+CGMM\r", b"\r\nEC2\r\n\r\nOK\r\n", ""),
        (b"AT\r", b"\r\nEC200U\r\n", ""),
        (b"ATD123;\r", b"\r\nEC200U\r\n", ""),
    ],
)
def test_it_is_the_answer_that_counts(asked: bytes, answered: bytes, found: str) -> None:
    assert heard(("host", asked), ("device", answered)).found == found


def test_pieces_are_put_together() -> None:
    said = [
        ("host", b"A"),
        ("host", b"TI\r"),
        ("device", b"\r\nEC2"),
        ("device", b"00U\r"),
        ("device", b"\n"),
    ]
    assert heard(*said).found == "ec200u"


def test_a_module_without_a_profile_is_named() -> None:
    identity = heard(
        ("host", b"ATI\r"), ("device", b"\r\nQuectel\r\nSC66E\r\nRevision: SC66ER01\r\n\r\nOK\r\n")
    )
    assert (identity.found, identity.model) == ("", "SC66E")


def test_a_long_line_is_not_kept() -> None:
    identity = heard(("device", b"x" * 100_000))
    assert len(identity._lines["device"]) <= 120


@pytest.mark.parametrize("name", profile_names())
def test_each_device_is_found_by_its_own_answer(name: str) -> None:
    from quecsim.profiles.loader import load_profile

    identity = Identity(profile_names())
    identity.hear("host", b"ATI\r")
    told = load_profile(name).identity
    identity.hear("device", f"\r\n{told.manufacturer}\r\n{told.model}\r\n".encode())
    identity.hear("device", f"Revision: {told.revision}\r\n\r\nOK\r\n".encode())
    assert identity.found == name
