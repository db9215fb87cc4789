from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from quecsim.profiles import Profile, load_profile
from quecsim.profiles.rules import RULES, broken_rules, luhn_valid, missing_values
from quecsim.profiles.schema import Family
from quecsim.profiles.toml_check import FileError

# One change that breaks each rule: (part, changed values); of the EC200U, unless it lacks the part.
BREAKING: dict[str, tuple[str, dict[str, Any]]] = {
    "errors.numbers": ("errors", {"numbers": {"file_not_found": 405, "http_dns": 714}}),
    "errors.tcpip": ("errors", {"tcpip": {"none": 0}}),
    "radio.imei": ("radio", {"imei": "860000000000001"}),
    "radio.network_time": ("radio", {"network_time": "26/02/29,00:00:00+00"}),
    "uart.baud": ("uart", {"baud": 14_400}),
    "uart.frame": ("uart", {"frames": ("8E1",)}),
    "uart.ifc_default": ("uart", {"ifc_default": (1, 0)}),
    "uart.rts_off_bytes": ("uart", {"rts_off_bytes": 4097}),
    "uart.rts_on_bytes": ("uart", {"rts_on_bytes": 3072}),
    "usb.rx_ring_bytes": ("usb", {"rx_ring_bytes": 511}),
    "files.default_timeout_s": ("files", {"timeout_max_s": 4}),
    "files.storages": ("files", {"storages": ("RAM", "UFS"), "ram_bytes": 1024}),
    "files.ram_bytes": ("files", {"ram_bytes": 0}),
    "secure.slots": ("secure", {"slots": ("CA0", "CC0", "CA0")}),
    "secure.default_timeout_s": ("secure", {"timeout_min_s": 101}),
    "secure.ram_bytes": ("secure", {"ram_bytes": 32_767}),
    "files.ufs_bytes": ("files", {"ufs_bytes": 1000}),
    "files.cache_bytes": ("files", {"cache_bytes": 384}),
    "files.block_count": ("files", {"block_count": 65_537}),
    "flash.program_page_max_us": ("flash", {"program_page_max_us": 799}),
    "flash.erase_block_max_ms": ("flash", {"erase_block_max_ms": 44}),
}


def changed(profile: Profile, part: str, values: dict[str, Any]) -> Profile:
    return replace(profile, **{part: replace(getattr(profile, part), **values)})


@pytest.mark.parametrize(
    "name",
    sorted({names.split()[0] for names, _, _ in RULES} - {"commands.families", "flash.page_bytes"}),
)
def test_each_rule_can_be_broken_alone(name: str) -> None:
    part, values = BREAKING[name]
    device = load_profile("m95" if part == "secure" else "ec200u")
    broken = list(broken_rules(changed(device, part, values)))
    assert [keys[0] for keys, _, _ in broken] == [tuple(name.split("."))]


@pytest.mark.parametrize(
    "family", ["fota_v1_0", "fota_v1_1", "fota_unisoc", "secure", "subscriber", "network"]
)
def test_a_family_needs_its_part(family: Family) -> None:
    families = replace(load_profile("ec200u").commands, families=(family,))
    profile = replace(load_profile("ec200u"), commands=families, radio=None, fota=None)
    assert [keys[0] for keys, _, _ in broken_rules(profile)] == [("commands", "families")]


def test_a_page_is_a_power_of_two() -> None:
    """Then no cache of whole pages goes into a block evenly either, unless that is odd too."""
    profile = changed(load_profile("ec200u"), "flash", {"page_bytes": 96})
    files = {"cache_bytes": 96, "block_bytes": 960}
    broken = broken_rules(changed(profile, "files", files))
    assert [keys[0] for keys, _, _ in broken] == [("flash", "page_bytes")]


def test_a_cache_of_whole_pages_must_divide_the_block() -> None:
    profile = changed(load_profile("ec200u"), "files", {"cache_bytes": 768})
    assert [keys[0] for keys, _, _ in broken_rules(profile)] == [("files", "cache_bytes")]


@pytest.mark.parametrize("digits", ["79927398713", "860000000000009", "490154203237518"])
def test_luhn(digits: str) -> None:
    assert luhn_valid(digits)
    wrong = [digits[:-1] + str(last) for last in range(10) if str(last) != digits[-1]]
    assert not any(map(luhn_valid, wrong))


def test_every_value_of_a_rule_is_told() -> None:
    (broken,) = broken_rules(changed(load_profile("ec200u"), "flash", {"page_bytes": 4096}))
    keys, _, hint = broken
    assert len(keys) == 3
    told = "files.cache_bytes is 1024, flash.page_bytes is 4096, files.block_bytes is 4096."
    assert hint == told


def test_a_value_that_no_command_uses_may_be_left_out(tmp_path: Path) -> None:
    """The FCM242D has no AT+QFUPL; with it, it needs to be known what that does."""
    fcm242d = load_profile("fcm242d")
    assert "files.ack_block_bytes" not in fcm242d.provenance
    assert list(missing_values(fcm242d)) == []
    families = (*fcm242d.commands.families, "upload")
    known = f'{{ value = {list(families)}, how = "assumed", source = "a test" }}'.replace("'", '"')
    path = tmp_path / "mine.toml"
    path.write_text(f'extends = "fcm242d"\ncommands.families = {known}\n')
    with pytest.raises(FileError) as caught:
        load_profile(path)
    messages = [each.message for each in caught.value.mistakes]
    assert "files.ack_block_bytes is missing" in messages
    assert len(messages) == 9
    assert {each.hint for each in caught.value.mistakes} == {
        "The commands of the family upload need it."
    }
