"""A probe of a simulated device, in virtual time: what it measures is what the profile says."""

from typing import Any

import pytest
import serial

import quecsim
from quecsim.probe.bench import Bench
from quecsim.probe.plan import make_plan
from quecsim.probe.probe import Probed, run_probe
from quecsim.profiles.loader import load_profile, profile_names
from quecsim.profiles.schema import Profile
from tests.probe.fakes import Chatty

SECURE = {
    "secure.timeout_min_s",
    "secure.timeout_max_s",
    "secure.write_timeout",
    "secure.slot_names",
    "secure.ram_max_bytes",
}
BEYOND = {"files.surplus_discard_ms"}
"""What no shipped device shows: all of them read surplus bytes as commands."""


_FAST_FLASH_MS = 5


def beyond(profile: Profile) -> set[str]:
    """What this device does not show: a flash that is faster than one can see, and no setting."""
    is_fast = profile.flash.erase_block_typ_ms < _FAST_FLASH_MS
    has_usb = "usbifc" in profile.commands.keys.get("+QCFG", ("usbifc",))
    hidden = {"files.ack_when": is_fast, "usb.usbifc_default": not has_usb}
    return {key for key, is_hidden in hidden.items() if is_hidden}


def probe(device: str, base: Profile, **options: Any) -> tuple[Probed, Bench]:
    with quecsim.open_virtual(device) as simulated:
        port = serial.serial_for_url(simulated.url, 115200, timeout=0.05)
        bench = Bench(port, base=base)
        probed = run_probe(bench, make_plan(**options))
        assert simulated.files() == {}
    return probed, bench


def wrong(probed: Probed, profile: Profile) -> dict[str, tuple[Any, Any]]:
    """What was measured, and what is so, where that differs."""
    return {
        finding.key: (finding.value, value_of(profile, finding.key))
        for finding in probed.measured
        if finding.value != value_of(profile, finding.key)
    }


TABLES = {"errors.numbers", "errors.words", "errors.numeric"}
"""Seen in part: what was seen is as the profile has it."""


def value_of(profile: Profile, key: str) -> Any:
    part, _, name = key.partition(".")
    return getattr(getattr(profile, part), name)


@pytest.mark.parametrize("name", profile_names())
def test_it_reproduces_the_profile_of_a_shipped_device(name: str) -> None:
    profile = load_profile(name)
    probed, _ = probe(name, profile)
    assert probed.stopped == ""
    assert probed.not_restored == []
    assert wrong(probed, profile) == {}
    missed = {key for key, finding in probed.findings.items() if not finding.is_measured}
    if "upload" in profile.commands.families and profile.secure is None:
        assert missed - TABLES == SECURE | BEYOND | beyond(profile)
    has_files = not {"upload", "handles"}.isdisjoint(profile.commands.families)
    assert len(probed.measured) >= (25 if has_files else 12)


def wrong_errors(bench: Bench, profile: Profile) -> list[tuple[Any, ...]]:
    """The same for each error that was provoked: its cause, its number, its words."""
    errors = profile.errors
    numbers = [
        (cause, number)
        for cause, number in bench.numbers.items()
        if errors.numbers.get(cause) != number  # type: ignore[call-overload]
    ]
    words = [
        (number, told)
        for number, told in bench.words.items()
        if told != (str(number) if number in errors.numeric else errors.words.get(str(number)))
    ]
    return [*numbers, *words]


def test_the_profile_it_starts_from_does_not_decide() -> None:
    """An EC200T, taken for an EC200U at first."""
    profile = load_profile("ec200t")
    probed, bench = probe("ec200t", load_profile("ec200u"), skip=["commands"])
    assert wrong_errors(bench, profile) == []
    assert len(bench.numbers) > 12
    for key in ("errors.numbers", "errors.words", "errors.numeric"):
        del probed.findings[key]  # as the profile has it, where nothing was provoked
    assert wrong(probed, profile) == {}
    assert len(probed.measured) > 40


CHATTER = (b'\r\n+CREG: 1,"1A2B","0A"\r\n', b"\r\nAAA\r\n", b"\r\nRING\r\n", b"\xfe")


@pytest.mark.parametrize(
    ("name", "said"), [("fcm242d", CHATTER[0]), *(("ec200u", said) for said in CHATTER)]
)
def test_what_comes_unasked_makes_no_value_wrong(name: str, said: bytes) -> None:
    profile = load_profile(name)
    with quecsim.open_virtual(name) as simulated:
        port = serial.serial_for_url(simulated.url, 115200, timeout=0.05)
        chatty = Chatty(port, said, 7)
        bench = Bench(chatty, base=profile)
        probed = run_probe(bench, make_plan(skip=["commands", "lines"]))
        assert simulated.files() == {}
    assert chatty.told > 20
    assert probed.stopped == ""
    assert wrong(probed, profile) == {}
    assert len(probed.measured) > 15
