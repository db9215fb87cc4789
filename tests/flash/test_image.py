import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quecsim.errors import QuecsimError
from quecsim.flash.image import Image, open_image
from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashTiming
from quecsim.flash.ufs import Ufs, UfsError
from quecsim.rng import Stream
from tests.flash.test_damage import damage

BLOCK = 4096
BLOCKS = 64
SIZE = BLOCK * BLOCKS
DATA = bytes(range(256)) * 50


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "ufs.img"


def mounted(image: Image) -> Ufs:
    return Ufs(Nor(BLOCK, BLOCKS, FlashTiming(), image.storage))


def refused(path: Path, size_bytes: int = SIZE, block_bytes: int = BLOCK) -> QuecsimError:
    with pytest.raises(QuecsimError) as caught:
        open_image(path, size_bytes, block_bytes)
    assert caught.value.where == str(path)
    assert caught.value.hint
    return caught.value


def test_a_new_image_is_an_empty_littlefs(place: Path) -> None:
    with open_image(place, SIZE) as image:
        assert mounted(image).listing() == []
    assert place.stat().st_size == SIZE
    assert place.stat().st_blocks * 512 >= SIZE  # no holes
    assert list(place.parent.iterdir()) == [place]


def test_files_are_there_again(place: Path) -> None:
    with open_image(place, SIZE) as image:
        mounted(image).write_file("a.pem", DATA)
    with open_image(place, SIZE) as image:
        assert mounted(image).read_file("a.pem") == DATA


def test_a_copy_with_holes_is_filled(place: Path) -> None:
    with open_image(place, SIZE) as image:
        content = image.storage[:]
    sparse = place.with_name("copy.img")
    with sparse.open("wb") as file:
        file.truncate(SIZE)
        file.write(content[: 2 * BLOCK])
    assert sparse.stat().st_blocks * 512 < SIZE
    open_image(sparse, SIZE).close()
    assert sparse.stat().st_blocks * 512 >= SIZE


def test_two_simulators_cannot_share(place: Path) -> None:
    with open_image(place, SIZE):
        error = refused(place)
        assert "another simulator" in error.message
    open_image(place, SIZE).close()


def test_two_simulators_that_create_it_at_once_get_the_same(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_image(place, SIZE) as image:
        mounted(image).write_file("a", DATA)
    monkeypatch.setattr(Path, "exists", lambda self: False)  # looked just before the other's
    with open_image(place, SIZE) as image:
        assert mounted(image).read_file("a") == DATA
    assert list(place.parent.iterdir()) == [place]


def test_close_twice(place: Path) -> None:
    image = open_image(place, SIZE)
    image.close()
    image.close()


# a simulator that is killed

KILLED = f"""
import sys, time
from quecsim.flash.image import open_image
from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashTiming
from quecsim.flash.ufs import Ufs
image = open_image(sys.argv[1], {SIZE})
ufs = Ufs(Nor({BLOCK}, {BLOCKS}, FlashTiming(), image.storage))
file = ufs.create("closed")
file.write(bytes(range(256)) * 50)
file.close()
ufs.create("open").write(bytes(20000))
print("written", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def killed(place: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield process
        process.kill()


def test_kill_loses_no_closed_file(place: Path, killed: subprocess.Popen[bytes]) -> None:
    assert killed.stdout is not None
    assert killed.stdout.readline() == b"written\n"
    assert "another simulator" in refused(place).message  # the lock holds between processes
    killed.kill()
    assert killed.wait() == -signal.SIGKILL
    with open_image(place, SIZE) as image:  # and dies with its holder
        ufs = mounted(image)
        assert ufs.read_file("closed") == DATA
        assert ufs.read_file("open") == b""


# files that are something else


@pytest.mark.parametrize(
    "content",
    [b"\xff" * SIZE, bytes(SIZE), b"precious" * (SIZE // 8)],
    ids=["erased", "zeros", "text"],
)
def test_a_foreign_file_is_refused_and_untouched(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    assert "not a littlefs" in refused(place).message
    assert place.read_bytes() == content


def test_a_corrupt_image_is_refused_and_untouched(place: Path) -> None:
    with open_image(place, SIZE) as image:
        mounted(image).write_file("a", DATA)
    content = bytearray(place.read_bytes())
    for block in (0, BLOCK):
        content[block : block + 64] = bytes(64)  # both superblocks
    place.write_bytes(content)
    assert "damaged" in refused(place).message
    assert place.read_bytes() == content


def test_wrong_size(place: Path) -> None:
    open_image(place, SIZE).close()
    error = refused(place, 2 * SIZE)
    assert f"{SIZE} bytes" in error.message
    assert f"{2 * SIZE}" in error.message
    assert place.stat().st_size == SIZE


def test_an_empty_file_is_not_ours(place: Path) -> None:
    place.touch()
    assert "0 bytes" in refused(place).message


def test_other_block_size(place: Path) -> None:
    open_image(place, SIZE).close()
    assert "8192" in refused(place, block_bytes=8192).message


def test_directory_missing_directory_and_fifo(place: Path, tmp_path: Path) -> None:
    assert "directory" in refused(tmp_path).message
    assert "directory" in refused(tmp_path / "no" / "ufs.img").hint
    os.mkfifo(place)
    assert "not a regular file" in refused(place).message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable(place: Path) -> None:
    open_image(place, SIZE).close()
    place.chmod(0)
    assert "permission" in refused(place).message


def test_a_disk_without_room_is_told_and_left_clean(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, offset: int, size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    error = refused(place)
    assert "no space left" in error.message
    assert str(SIZE) in error.hint
    assert list(place.parent.iterdir()) == []


LIMITED = f"""
import sys
from quecsim.errors import QuecsimError
from quecsim.flash.image import open_image
try:
    open_image(sys.argv[1], {SIZE})
except QuecsimError as error:
    print(error)
"""


def test_a_file_size_limit_is_told_and_left_clean(place: Path) -> None:
    limit = (SIZE // 2, SIZE // 2)
    answer = subprocess.run(
        [sys.executable, "-c", LIMITED, str(place)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "ulimit" in answer.stdout
    assert list(place.parent.iterdir()) == []


# littlefs's own tools


def tool(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "littlefs", *arguments], capture_output=True, text=True, check=True
    ).stdout


def test_littlefs_tools_list_and_extract_our_image(place: Path, tmp_path: Path) -> None:
    with open_image(place, SIZE) as image:
        ufs = mounted(image)
        ufs.write_file("a.pem", DATA)
        ufs.write_file("small", b"x")
    assert tool("list", str(place), "--block-size", str(BLOCK)).split() == ["/a.pem", "/small"]
    tool("extract", str(place), str(tmp_path / "out"), "--block-size", str(BLOCK))
    assert (tmp_path / "out" / "a.pem").read_bytes() == DATA
    assert (tmp_path / "out" / "small").read_bytes() == b"x"


def test_we_open_an_image_of_littlefs_tools(place: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "directory").mkdir(parents=True)
    (source / "ca.pem").write_bytes(DATA)
    (source / "na\u00efve").write_bytes(b"another encoding")
    (source / "directory" / "inner").write_bytes(b"not flat")
    tool("create", str(source), str(place), "--block-size", str(BLOCK), "--fs-size", str(SIZE))
    with open_image(place, SIZE) as image:
        ufs = mounted(image)
        assert ufs.read_file("ca.pem") == DATA
        assert [size for _, size in ufs.listing()] == [len(DATA), len(b"another encoding")]
        with pytest.raises(UfsError):
            ufs.stat("directory")
        ufs.write_file("new", DATA)
        assert ufs.read_file("new") == DATA


def test_an_image_with_system_files_belongs_to_its_device(place: Path) -> None:
    with open_image(place, SIZE, owner="ONE") as image:
        ufs = mounted(image)
        ufs.owner = "ONE"
        ufs.write_file("a.pem", DATA)
    open_image(place, SIZE, owner="OTHER").close()  # a host's files mean the same to any device
    with open_image(place, SIZE, owner="ONE") as image:
        ufs = mounted(image)
        ufs.owner = "ONE"
        ufs.write_system("firmware-revision", b"ONE01")
    before = place.read_bytes()
    with pytest.raises(
        QuecsimError, match="the image belongs to ONE, this device is OTHER"
    ) as told:
        open_image(place, SIZE, owner="OTHER")
    assert told.value.where == str(place)
    assert "Name another file" in told.value.hint
    assert place.read_bytes() == before
    open_image(place, SIZE, owner="ONE").close()
    open_image(place, SIZE).close()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_an_image_damaged_anywhere_opens_or_is_refused_in_one_message(seed: int) -> None:
    content = bytearray(b"\xff" * 1024 * 40)
    nor = Nor(1024, 40, FlashTiming(), content)
    ufs = Ufs(nor)
    ufs.owner = "EC200U"
    ufs.write_file("a.pem", DATA[:5000])
    ufs.write_system("nvram-ca0", DATA[:2000])
    draw = Stream(seed, "test").below
    for _ in range(1 + draw(5)):
        damage(content, draw)
    with TemporaryDirectory() as folder:
        place = Path(folder, "ufs.img")
        place.write_bytes(content)
        with suppress(QuecsimError):
            open_image(place, len(content), 1024, "EC200U").close()
        assert place.read_bytes() == content


def test_a_file_that_is_cut_short_underneath_kills_nobody_and_is_whole_again(place: Path) -> None:
    with open_image(place, SIZE) as image:
        ufs = mounted(image)
        ufs.write_file("a.pem", DATA)
        os.truncate(place, 0)
        assert ufs.read_file("a.pem") == DATA
        ufs.write_file("b.pem", DATA[:500])
    with open_image(place, SIZE) as image:
        assert mounted(image).listing() == [("a.pem", len(DATA)), ("b.pem", 500)]


def test_it_is_its_owners_alone(place: Path) -> None:
    open_image(place, SIZE).close()
    assert place.stat().st_mode & 0o777 == 0o600
    place.chmod(0o640)
    open_image(place, SIZE).close()
    assert place.stat().st_mode & 0o777 == 0o640
