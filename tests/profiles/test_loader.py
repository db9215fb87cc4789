from pathlib import Path

import msgspec
import pytest

from quecsim.errors import QuecsimError
from quecsim.profiles import Profile, load_profile, profile_names
from quecsim.profiles.rules import _NEEDED_VALUES
from quecsim.profiles.schema import Provenance
from quecsim.profiles.toml_check import FileError

EC200U = Path(__file__).parents[2] / "quecsim/profiles/data/ec200u.toml"


def leaves(profile: Profile) -> set[str]:
    """The dotted name of every value of a profile's parts."""
    parts = set(profile.__struct_fields__) - {"name", "title", "provenance", "replies"}
    there = {part: getattr(profile, part) for part in parts}
    return {
        f"{part}.{leaf}"
        for part, values in there.items()
        if values is not None
        for leaf in values.__struct_fields__
    }


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_the_ec200u_is_shipped() -> None:
    profile = load_profile("EC200U")
    assert profile.name == "ec200u" in profile_names()
    assert profile.uart.rx_ring_bytes == 4096
    assert profile.provenance["uart.rx_ring_bytes"].how == "documented"
    assert profile.boot.urcs[0].text == "RDY"
    assert profile.boot.urcs[0].at_ms == 0


@pytest.mark.parametrize("name", profile_names())
def test_every_value_says_how_it_is_known_and_nothing_else_does(name: str) -> None:
    profile = load_profile(name)
    left_out = leaves(profile) - set(profile.provenance)
    assert set(profile.provenance) <= leaves(profile)
    assert left_out <= {name for names in _NEEDED_VALUES.values() for name in names}
    assert all(known.source.strip() for known in profile.provenance.values())


def test_a_profile_goes_through_msgspec_and_back() -> None:
    profile = load_profile("ec200u")
    assert msgspec.json.decode(msgspec.json.encode(profile), type=Profile) == profile


# (what of ec200u.toml is replaced, by what, the message, a part of the hint)
MISTAKES = [
    ("rx_ring_bytes =", "rx_ring_byte =", "is missing", "It is a whole number from 16"),
    ("rx_ring_bytes =", "rx_ring_byte =", 'unknown key "rx_ring_byte" in uart', "rx_ring_bytes"),
    ("value = 115200,", 'value = "115200",', 'uart.baud.value must be a whole number from 50', ""),
    ("value = 115200,", "value = 10,", "from 50 to 4000000, not 10", ""),
    ("value = 115200,", "value = 14400,", "baud must be one of uart.bauds", "uart.baud is 14400"),
    ("value = 115200,", "", "uart.baud.value is missing", ""),
    ('value = "8N1", how = "documented"', 'value = "8N1"', "uart.frame.how is missing", "It is"),
    ('value = "8N1", how = "documented"', 'value = "8N1", how = "guessed"',
     'uart.frame.how must be "assumed" or "documented" or "measured", not "guessed"', ""),
    ('value = "8N1", how =', 'value = "8N1", hwo =', 'unknown key "hwo" in uart.frame', '"how"'),
    ("value = [0, 2],", "value = [0, 3],", "uart.ifc_values.value must be a list", ""),
    ("value = [0, 2],", "value = [2],", "ifc_default must be made of uart.ifc_values", ""),
    ('text = "RDY", at_ms = 0', 'text = "RDY", at = 0', "boot.urcs.value[1].at_ms is missing", ""),
    ("860000000000009", "860000000000008", "Luhn", "860000000000008"),
    ("[escape]", "[escpae]", 'unknown key "escpae"', '"escape"'),
    ("[escape]", "[escpae]", "escape is missing", ""),
    ('name = "ec200u"', "name = 5", "name must be one line of plain text", ""),
    ('"idle"', '"idel"', 'must be "idle" or "total", not "idel"', ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message", "hint"), MISTAKES)
def test_a_mistake_is_told_with_line_and_hint(
    tmp_path: Path, old: str, new: str, message: str, hint: str
) -> None:
    text = EC200U.read_text()
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(FileError) as caught:
        load_profile(file)
    (told,) = (one for one in caught.value.mistakes if message in one.message)
    assert hint in told.hint
    if "is missing" not in message:
        # A default of AT+IFC is what breaks when its values change: the rule points there.
        place = "ifc_default =" if "ifc_default" in message else old
        assert told.where == f"{file}:{line_of(text, place)}"


def test_a_bare_value_is_refused_with_the_way_to_write_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "ec200u"\n[uart]\nrx_ring_bytes = 512\n')
    with pytest.raises(FileError) as caught:
        load_profile(file)
    assert str(caught.value) == (
        f"{file}:3: uart.rx_ring_bytes does not say how it is known\n"
        '  Write: rx_ring_bytes = { value = 512, how = "assumed", source = "why" }'
    )


def test_an_empty_source_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('extends = "ec200u"\nat.cmee = { value = 2, how = "measured", source = " " }\n')
    with pytest.raises(FileError, match=r"at\.cmee has an empty source"):
        load_profile(file)


def test_what_is_taken_over_may_be_assumed(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    own = 'how = "measured", source = "a log"'
    begin = 'extends = "fcm242d"\ninherits = "assumed"\n'
    file.write_text(f"{begin}[boot]\nready_ms = {{ value = 7, {own} }}\n")
    profile, base = load_profile(file), load_profile("fcm242d")
    assert profile.provenance["boot.ready_ms"] == Provenance("measured", "a log")
    known, before = profile.provenance["files.name_bytes"], base.provenance["files.name_bytes"]
    assert before.how == "documented"
    assert known == Provenance("assumed", f"as an FCM242D: {before.source}", before.note)
    assert profile.files == base.files
    file.write_text('extends = "ec200u"\ninherits = "measured"\n')
    with pytest.raises(QuecsimError, match="inherits"):
        load_profile(file)


def test_a_file_that_extends_changes_single_values(tmp_path: Path) -> None:
    file = tmp_path / "my-board.toml"
    source = 'how = "measured", source = "our bench"'
    file.write_text(f'extends = "ec200u"\n[uart]\nrx_ring_bytes = {{ value = 8192, {source} }}\n')
    mine, shipped = load_profile(str(file)), load_profile("ec200u")
    assert (mine.name, mine.title) == ("my-board", shipped.title)
    ring = {"rx_ring_bytes": 8192, "rts_off_bytes": 6144, "rts_on_bytes": 2048}
    assert mine.uart == msgspec.structs.replace(shipped.uart, **ring)
    assert mine.files == shipped.files
    assert mine.provenance["uart.rx_ring_bytes"].source == "our bench"
    assert set(mine.provenance) == set(shipped.provenance)


def test_a_base_may_lie_beside_the_file_and_extend_in_turn(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(EC200U.read_text())
    child = tmp_path / "child.toml"
    child.write_text('extends = "base.toml"\n')
    assert load_profile(child).uart == load_profile("ec200u").uart
    grandchild = tmp_path / "grandchild.toml"
    grandchild.write_text('extends = "child.toml"\n')
    assert load_profile(grandchild).uart == load_profile("ec200u").uart
    assert load_profile(grandchild).name == "grandchild"


@pytest.mark.parametrize("name", profile_names())
def test_every_shipped_device_can_be_extended_and_that_again(tmp_path: Path, name: str) -> None:
    line = '[at]\ncmee = { value = 2, how = "measured", source = "our bench" }\n'
    (tmp_path / "board.toml").write_text(f'extends = "{name}"\n{line}')
    (tmp_path / "second.toml").write_text('extends = "board.toml"\ntitle = "our second board"\n')
    shipped, mine = load_profile(name), load_profile(tmp_path / "second.toml")
    assert mine.at == msgspec.structs.replace(shipped.at, cmee=2)
    assert (mine.name, mine.title) == ("second", "our second board")
    assert (mine.files, mine.commands, mine.identity) == (
        shipped.files,
        shipped.commands,
        shipped.identity,
    )
    assert mine.provenance["at.cmee"].source == "our bench"
    assert set(mine.provenance) == set(shipped.provenance)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_circle_is_told_at_the_line_that_closes_it(tmp_path: Path, length: int) -> None:
    for at in range(length):
        text = f'# {at}\nextends = "{(at + 1) % length}.toml"\n'
        (tmp_path / f"{at}.toml").write_text(text)
    (tmp_path / "start.toml").write_text('extends = "./0.toml"\n')
    for start in ("start.toml", "0.toml"):
        with pytest.raises(FileError, match=r'extends "0\.toml" closes a circle') as caught:
            load_profile(tmp_path / start)
        assert caught.value.where == f"{tmp_path / f'{length - 1}.toml'}:2"
        circle = " -> ".join(f"{at % length}.toml" for at in range(length + 1))
        assert circle in caught.value.hint


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('extends = "ec20u"', 'no device is called "ec20u"'),
        ("extends = 7", "extends must be text, not 7"),
        ('extends = "ec200u"\nprovenance = {}', 'unknown key "provenance"'),
    ],
)
def test_a_wrong_base_is_told(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(line + "\n")
    with pytest.raises(FileError, match=message):
        load_profile(file)


def test_an_unknown_device_names_a_near_one() -> None:
    with pytest.raises(QuecsimError, match='no device is called "ec20u"') as caught:
        load_profile("ec20u")
    assert caught.value.hint.startswith('Did you mean "ec200u"?')
    assert ".toml" in caught.value.hint


def test_a_missing_file_is_named() -> None:
    with pytest.raises(QuecsimError, match="cannot read it: No such file"):
        load_profile("nowhere/at-all.toml")


@pytest.mark.parametrize("slot", ["CA/0", "C A", 'CA"0', "ca0", "", "CA0\n", "A" * 17])
def test_a_slot_for_a_certificate_is_of_capitals_and_digits(tmp_path: Path, slot: str) -> None:
    file = tmp_path / "mine.toml"
    slots = msgspec.json.encode(["CC0", slot]).decode()
    known = f'{{ value = {slots}, how = "measured", source = "our bench" }}'
    file.write_text(f'extends = "m95"\n[secure]\nslots = {known}\n')
    with pytest.raises(FileError, match="each 1 to 16 characters, A to Z in capitals") as caught:
        load_profile(file)
    assert caught.value.where == f"{file}:3"


def test_a_shipped_profile_is_read_once() -> None:
    assert load_profile("ec200u") is load_profile("EC200U")


def test_a_file_of_ones_own_is_read_each_time(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "ec200u"\ntitle = "one"\n')
    assert load_profile(path).title == "one"
    path.write_text('extends = "ec200u"\ntitle = "two"\n')
    assert load_profile(path).title == "two"


def test_a_scenario_in_place_of_a_device_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "t"\nshows = "s"\ndevice = "ec200u"\n')
    with pytest.raises(QuecsimError, match="this is a scenario, and no device") as caught:
        load_profile(path)
    assert "quecsim run FILE" in caught.value.hint
    assert caught.value.where == str(path)


def test_a_long_chain_is_refused_and_not_followed(tmp_path: Path) -> None:
    for number in range(1200):
        (tmp_path / f"p{number}.toml").write_text(f'extends = "p{number + 1}.toml"\n')
    (tmp_path / "p1200.toml").write_text('extends = "ec200u"\n')
    with pytest.raises(QuecsimError, match="more than 32 profiles"):
        load_profile(tmp_path / "p0.toml")
    assert load_profile(tmp_path / "p1170.toml").identity == load_profile("ec200u").identity


def test_a_shared_part_is_assumed_where_its_documents_do_not_cover_the_device() -> None:
    covered, sister = load_profile("ec200u"), load_profile("ec25")
    assert sister.sockets == covered.sockets
    hows = {key: known.how for key, known in covered.provenance.items() if key[:7] == "sockets"}
    assert "documented" in hows.values()
    for key in hows:
        assert sister.provenance[key].how == "assumed"
        assert sister.provenance[key].source == covered.provenance[key].source
