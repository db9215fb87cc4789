"""Names with directories, and names that nobody can say: all FILE commands agree about them."""

import pytest

from tests.device.bench import OK, Bench, cme, info, profile
from tests.device.m95 import m95
from tests.flash.test_tree import HOSTILE, put
from tests.test_checksum import AMAZON


@pytest.fixture
def bench() -> Bench:
    return Bench()


def reading(data: bytes) -> bytes:
    return b"\r\nCONNECT %d\r\n" % len(data) + data + OK


def test_one_host_uploads_every_certificate_so(bench: Bench) -> None:
    """As an SDK for these modules does, without making the directory first."""
    assert bench.upload('AT+QFUPL="/security/ca.pem",1188', AMAZON) == info("+QFUPL: 1188,2d13")
    listed = info('+QFLST: "UFS:security/ca.pem",1188')
    for pattern in ("*", "/security/ca.pem", "UFS:security/*", "ufs:/security/*", "*/ca.pem"):
        assert bench.ask(f'AT+QFLST="{pattern}"') == listed, pattern
    assert bench.ask('AT+QFLST="ufs:/other/*"') == OK
    assert bench.ask("AT+QFLDS") == info("+QFLDS: 1188,1")
    expected = b"\r\nCONNECT\r\n" + AMAZON + info("+QFDWL: 1188,2d13")
    assert bench.ask('AT+QFDWL="UFS:/security/ca.pem"') == expected
    assert bench.ask('AT+QFUPL="security/ca.pem",5') == cme(407)
    assert bench.ask('AT+QFDEL="security/ca.pem"') == OK
    assert bench.names() == []


def test_by_handle(bench: Bench) -> None:
    first = bench.rig.profile.files.first_handle
    assert bench.ask('AT+QFOPEN="d/e/a",1') == info(f"+QFOPEN: {first}")
    assert bench.upload(f"AT+QFWRITE={first},3", b"abc") == info("+QFWRITE: 3,3")
    assert bench.ask("AT+QFOPEN?") == info(f'+QFOPEN: "UFS:d/e/a",{first},1')
    assert bench.ask('AT+QFOPEN="UFS:/d/e/a"') == cme(426)
    assert bench.ask('AT+QFDEL="d/e/a"') == cme(418)
    assert bench.ask(f"AT+QFSEEK={first},1") == OK
    assert bench.ask(f"AT+QFREAD={first}") == reading(b"bc")
    assert bench.ask(f"AT+QFCLOSE={first}") == OK
    assert bench.file("d/e/a") == b"abc"
    assert bench.ask('AT+QFDEL="*"') == OK
    assert bench.names() == []


@pytest.mark.parametrize(
    "name",
    ["../a", "d/../a", "d/..", "./a", "d//a", "//a", "d/", "/", "UFS:d//a", "d/" + "n" * 79, "d/a*",
     "RAM:d/a", "SD:d/a", "d:/a", "d\\a"],
)  # fmt: skip
@pytest.mark.parametrize("command", ["QFUPL", "QFDWL", "QFOPEN", "QFDEL"])
def test_nothing_escapes(bench: Bench, command: str, name: str) -> None:
    before = bench.image()
    assert bench.ask(f'AT+{command}="{name}"') == cme(406)
    assert bench.image() == before


@pytest.mark.parametrize("pattern", ["../*", "d/../*", "d//*", "*/", "*/..", "d/", "..", "S:*"])
def test_nothing_escapes_by_a_pattern(bench: Bench, pattern: str) -> None:
    assert bench.ask(f'AT+QFLST="{pattern}"') == cme(406)


@pytest.mark.parametrize("command", ["QFUPL", "QFDWL", "QFOPEN", "QFDEL"])
def test_a_directory_is_no_file_and_a_file_no_directory(bench: Bench, command: str) -> None:
    bench.upload('AT+QFUPL="d/a",1', b"a")
    bench.upload('AT+QFUPL="f",1', b"f")
    before = bench.image()
    assert bench.ask(f'AT+{command}="d"') == cme(406)
    assert bench.ask(f'AT+{command}="f/a"') == cme(406)
    assert bench.image() == before


def test_a_refused_upload_makes_no_directory(bench: Bench) -> None:
    free = bench.ask('AT+QFLDS="UFS"')
    assert bench.ask('AT+QFUPL="d/a",999999999') == cme(423)
    assert bench.ask('AT+QFDWL="d/a"') != OK
    assert bench.ask('AT+QFLDS="UFS"') == free


def test_deleting_all_of_a_directory(bench: Bench) -> None:
    for name in ("d/a", "d/e/b", "dx", "x/d/a"):
        bench.upload(f'AT+QFUPL="{name}",1', b"a")
    for pattern in ("d/*/*", "d?/*", "../*", "d//*", "RAM:d/*"):
        assert bench.ask(f'AT+QFDEL="{pattern}"') == cme(406), pattern
    assert bench.ask('AT+QFDEL="ufs:/d/*"') == OK
    assert bench.names() == ["dx", "x/d/a"]
    assert bench.ask('AT+QFDEL="none/*"') == OK
    assert bench.ask('AT+QFDEL="*"') == OK
    assert bench.names() == []


def test_a_device_whose_directories_must_exist(bench: Bench) -> None:
    bench.upload('AT+QFUPL="d/a",1', b"a")
    device = profile(files={"directories": "must_exist"})
    strict = Bench(device, image=bench.image())
    assert strict.upload('AT+QFUPL="d/b",1', b"b") == info("+QFUPL: 1,6200")
    assert strict.ask('AT+QFUPL="other/b",1') == cme(405)


def test_a_device_without_any() -> None:
    bench = m95()
    for command in ("QFUPL", "QFDWL", "QFOPEN", "QFDEL", "QFLST"):
        assert bench.ask(f'AT+{command}="d/a"') == cme(4013)
    assert bench.ask('AT+QFLST="d/*"') == cme(4013)


def test_an_image_keeps_them(bench: Bench) -> None:
    bench.upload('AT+QFUPL="d/a",1', b"a")
    later = Bench(image=bench.image())
    assert later.ask('AT+QFLST="d/*"') == info('+QFLST: "UFS:d/a",1')


def test_overwriting_where_there_is_no_room_leaves_the_old_file() -> None:
    bench = Bench(profile(files={"existing_file": "overwrite", "block_count": 16}))
    bench.upload('AT+QFUPL="a",3', b"old")
    assert bench.ask('AT+QFUPL="a",999999') == cme(423)
    assert bench.file("a") == b"old"


def test_overwriting_a_file_that_fills_the_storage() -> None:
    bench = Bench(profile(files={"existing_file": "overwrite", "block_count": 16}))
    size = bench.rig.device.ufs.free_bytes()
    for fill in (b"a", b"b"):
        bench.upload(f'AT+QFUPL="d",{size}', fill * size)
        assert bench.file("d") == fill * size


# names that no command can say, in an image of another maker


@pytest.fixture
def hostile() -> Bench:
    bench = Bench()
    for name in HOSTILE:
        put(bench.rig.device.context.ufs._nor, name)
    return Bench(image=bench.image())


def test_they_are_listed_as_what_a_line_can_hold(hostile: Bench) -> None:
    reply = hostile.ask("AT+QFLST")
    assert reply.count(b"\r\n") == len(HOSTILE) + 3, "each is one line"
    assert b'+QFLST: "UFS:a?b",1' in reply
    assert hostile.ask('AT+QFLST="tab?"') == info('+QFLST: "UFS:tab?",1')


def test_deleting_all_leaves_none_of_them(hostile: Bench) -> None:
    hostile.upload('AT+QFUPL="plain",1', b"x")
    assert hostile.ask('AT+QFDEL="*"') == OK
    assert hostile.names() == []
    assert hostile.ask("AT+QFLDS") == info("+QFLDS: 0,0")
