"""Options on top of a scenario: what cannot be is said, and not passed over."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quecsim.errors import QuecsimError
from quecsim.peers.mqtt_settings import BrokerSettings, ScriptedMessage
from quecsim.profiles.toml_check import FileError
from quecsim.scenario.network import Service
from quecsim.scenario.options import _PLACES, make_scenario
from quecsim.scenario.text import table_scenario


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("baud", 9600), ("garble", True), ("lag_bytes", 16), ("reopen_ms", 5), ("wires", False),
        ("ifc", (2, 2)), ("ipr", 9600),
    ],
)  # fmt: skip
def test_what_is_about_the_uart_is_refused_on_usb(option: str, value: Any) -> None:
    with pytest.raises(QuecsimError, match=f"{option} has no meaning on a USB port"):
        make_scenario("ec200u", interface="usb", **{option: value})
    make_scenario("ec200u", interface="uart", **{option: value})
    absent: dict[str, Any] = {option: None}
    make_scenario("ec200u", interface="usb", **absent)


@pytest.mark.parametrize("name", ["m95", "fcm242d", "fgm842d"])
def test_a_device_without_usb_says_so(name: str) -> None:
    with pytest.raises(QuecsimError, match=f"{name} has no USB port"):
        make_scenario(name, interface="usb")


def test_a_scenario_cannot_give_it_one_either(tmp_path: Path) -> None:
    file = tmp_path / "usb.toml"
    file.write_text('title = "t"\nshows = "s"\ndevice = "m95"\n[line]\ninterface = "usb"\n')
    with pytest.raises(QuecsimError, match="m95 has no USB port") as caught:
        make_scenario(scenario=file)
    assert caught.value.where.endswith("usb.toml:5")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("ifc", (1, 1), "does not take AT\\+IFC=1,1"),
        ("ipr", 14_400, "does not take AT\\+IPR=14400"),
    ],
)
def test_settings_that_the_device_does_not_take(option: str, value: Any, message: str) -> None:
    with pytest.raises(QuecsimError, match=message):
        make_scenario("ec200u", **{option: value})


# One and the same whichever way it is written: a file, or options.

DEVICES = ("ec200u", "ec200t", "m95", "fcm242d")
AWKWARD: tuple[Any, ...] = (
    -1, 0, 1, 2, 15, 16, 63, 64, 255, 256, 1024, 9600, 115_200, 12_345, 4_000_000, 1 << 20, 1 << 40,
    0.5, 1.0, 1000.5, True, False, "", "uart", "usb", "none", "rtscts", "xonxoff", "auto", "paced",
    "unlimited", "typical", "instant", "fast", (0, 0), (2, 2), (1, 1), (1, 0), (3, 3), (2,), "2,2",
    "lte", "2026-06-01", "2026-02-30", "2026-06-01T12:00:00+02:00",
    datetime(2026, 6, 1, tzinfo=UTC), date(1980, 1, 6), time(12), datetime(2080, 1, 1, tzinfo=UTC),
)  # fmt: skip
SETTINGS = sorted(_PLACES)


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Any]:
    """Some options at once: mostly two, since it is pairs that exclude each other."""
    names = draw(st.lists(st.sampled_from(SETTINGS), min_size=1, max_size=3, unique=True))
    return {name: draw(st.sampled_from(AWKWARD), label=name) for name in names}


@pytest.mark.parametrize("device", DEVICES)
@given(options=settings())
def test_options_and_a_file_agree(device: str, options: dict[str, Any]) -> None:
    agree(device, options, table_of(options))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("option", SETTINGS)
def test_each_option_alone_and_on_each_port_agrees_with_a_file(device: str, option: str) -> None:
    for value in AWKWARD:
        for port in ("uart", "usb"):
            options = {"interface": port, option: value}
            agree(device, options, table_of(options))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    ("argument", "key", "values"),
    [
        ("seed", "seed", (0, 7, -1, 1 << 63, "x", 1.5, True)),
        ("stalls", "stall", (
            [{"stall_ms": 1}], [{"stall_ms": 1, "at_byte": 1}], [{"stall_ms": 0, "at_byte": 1}],
            [{"at_byte": 1}], [{"stall_ms": 1, "at_byte": 1, "every_bytes": 1}], [{"stall_sm": 1}],
            [{"stall_ms": 1, "at_byte": 1}, 5],
        )),
        ("faults", "fault", (
            [{"kind": "ack_lost"}], [{"kind": "ack_lots"}], [{"ack": 1}], [{"kind": "echo_on"}],
            [{"kind": "ack_lost", "ack": 0}], [{"kind": "break", "at_ms": 1}], ["x"],
            [{"kind": "error_reply", "command": "+NO"}], [{"kind": "ack_late", "ack": 1}],
            [{"kind": "power_cut"}],
        )),
    ],
)  # fmt: skip
def test_what_is_no_single_option_agrees_too(
    device: str, argument: str, key: str, values: tuple[Any, ...]
) -> None:
    for value in values:
        agree(device, {argument: value}, {key: value})


@pytest.mark.parametrize("name", ["UFS:a", "a", "RAM:a", "", "UFS:", "a/b", "x" * 81, "../x"])
@pytest.mark.parametrize("device", DEVICES)
def test_names_of_files_agree_too(device: str, name: str) -> None:
    agree(device, {"files": {name: b"\xff"}}, {"files": {name: {"bytes_count": 1}}})


def agree(device: str, options: dict[str, Any], table: dict[str, Any]) -> None:
    """Both make the same scenario; or neither, and what the options are told is told of the file.

    (A file is told of all that is wrong with it, in its own words for the keys.)
    """
    head = {"title": device, "shows": "a device with nothing added", "device": device}
    try:
        read = table_scenario({**head, **table}, device)
    except FileError as error:
        told = {(_in_words_of(options, one.message), one.hint) for one in error.mistakes}
        with pytest.raises(QuecsimError) as caught:
            make_scenario(device, **options)
        assert (caught.value.message, caught.value.hint) in told, (options, told)
    else:
        assert make_scenario(device, **options) == replace(read, files={})


def table_of(options: dict[str, Any]) -> dict[str, Any]:
    """The options as a file has them."""
    table: dict[str, Any] = {}
    for option, value in options.items():
        name, key = _PLACES[option]
        table.setdefault(name, {})[key] = list(value) if isinstance(value, tuple) else value
    return table


def _in_words_of(options: dict[str, Any], message: str) -> str:
    for option in options.keys() & _PLACES.keys():
        message = message.replace(".".join(_PLACES[option]), option)
    return message


# Servers in process.


def test_servers_come_behind_those_of_the_scenario() -> None:
    message = ScriptedMessage(topic="t", base64=b"\xff\0", after_ms=1)
    record = Service(host="b.example", port=1883, mqtt=BrokerSettings(messages=(message,)))
    table = {"host": "b.example", "port": 8883, "tls": {"certificate": "expired"}}
    first = make_scenario("ec200u", services=[record])
    assert first.services == (record,)
    assert first.services[0].mqtt.messages[0].payload == b"\xff\0"
    (_, second) = make_scenario(scenario=first, services=[table]).services
    assert (second.port, second.kind) == (8883, "mqtt")
    assert second.tls is not None
    assert second.tls.certificate == "expired"


@pytest.mark.parametrize(
    ("service", "message"),
    [
        ({"host": "b", "prot": 1}, 'unknown key "prot"'),
        ({"host": "b", "port": 0}, "service[1].port must be a whole number from 1 to 65535"),
        ({"host": "b"}, "port is missing"),
        ({"host": "b c", "port": 1}, "service[1].host must be a name or an address"),
        ({"host": "b", "port": 1, "kind": "x"}, "service[1].kind must be"),
        (Service(host="", port=1), "service[1].host must be a name or an address"),
        ("b:1", "service[1] must be"),
    ],
)
def test_a_server_that_cannot_be(service: Any, message: str) -> None:
    with pytest.raises(QuecsimError) as caught:
        make_scenario("ec200u", services=[service])
    assert message in caught.value.message


def test_two_servers_cannot_be_at_one_place() -> None:
    one = Service(host="b.example", port=1)
    with pytest.raises(QuecsimError, match=r"there is a server at b\.example, port 1 already"):
        make_scenario("ec200u", services=[one, {"host": "B.example.", "port": 1}])
    make_scenario("ec200u", services=[one, {"host": "B.example", "port": 2}])
