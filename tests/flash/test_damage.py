"""A flash that is damaged: littlefs moves on where it can, and what it cannot is a `UfsError`.

Never anything else, and never an end of the process: the library stops it where it meets a state
that it holds to be impossible.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import Ufs, UfsError, UfsFault, UfsFile
from quecsim.flash.vault import Vault
from quecsim.rng import Stream

BLOCK, BLOCKS = 1024, 40
SEEDS = st.integers(0, 1 << 32)


def timing() -> FlashTiming:
    return FlashTiming(mode=FlashMode.INSTANT)


def fault(operation: Callable[[], object]) -> UfsFault:
    with pytest.raises(UfsError) as caught:
        operation()
    return caught.value.kind


class PoorNor(Nor):
    """One operation in `odds` does not take, or only in part; `dead` blocks take none."""

    def __init__(self, draw: Callable[[int], int]) -> None:
        super().__init__(BLOCK, BLOCKS, timing())
        self.draw = draw
        self.odds = 0
        self.dead: set[int] = set()

    def program(self, address: int, data: bytes) -> None:
        if address // self.block_bytes in self.dead:
            return
        if self.odds and self.draw(self.odds) == 0:
            took = self.draw(len(data))
            data = data[:took] + b"\xff" * (len(data) - took)
        super().program(address, data)

    def erase(self, block: int) -> None:
        if block not in self.dead and not (self.odds and self.draw(self.odds) == 0):
            super().erase(block)


@dataclass
class User:
    """Does this and that at random with files, and remembers what is safe on the flash."""

    ufs: Ufs
    draw: Callable[[int], int]
    closed: dict[str, bytes] = field(default_factory=dict)
    live: dict[str, tuple[UfsFile, bytearray]] = field(default_factory=dict)
    refused: int = 0

    def step(self) -> None:
        name = f"{self.draw(12)}" * (1 + self.draw(30))
        try:
            if self.draw(6) == 0:
                self.look(name)
            elif name in self.live:
                self.use(name)
            elif self.draw(3) == 0:
                self.ufs.delete(name)
                self.closed.pop(name, None)
            else:
                file = self.ufs.open(name)
                # What a close that failed has left of a file is not known before somebody looks.
                content = self.closed.get(name)
                if content is None:
                    content = file.read(file.size())
                self.live[name] = file, bytearray(content)
                self.closed.setdefault(name, content)
        except UfsError:
            self.refused += 1

    def use(self, name: str) -> None:
        file, content = self.live[name]
        what = self.draw(8)
        if what < 4:
            at = self.draw(file.size() + 1)
            block = bytes([self.draw(256)]) * (50, 300, 1500, 4000)[self.draw(4)]
            file.seek(at)
            file.write(block)
            content[at : at + len(block)] = block
        elif what == 4:
            file.seek(self.draw(file.size() + 1))
            file.truncate()
            del content[file.tell() :]
        elif what == 5:
            file.read(3000)
        else:
            del self.live[name]
            self.closed.pop(name)  # if it fails, who knows
            file.close()
            self.closed[name] = bytes(content)

    def look(self, name: str) -> None:
        vault = Vault(self.ufs, 1)
        looks: list[Callable[[], object]] = [
            self.ufs.listing,
            self.ufs.free_bytes,
            lambda: self.ufs.stat(name),
            lambda: [self.ufs.read_file(one) for one, _ in self.ufs.files()],
            lambda: self.ufs.write_system(name[:1], bytes(self.draw(3000))),
            lambda: self.ufs.read_system(name[:1]),
            lambda: self.ufs.delete_system(name[:1]),
            lambda: vault.write("NVRAM:CA0", bytes(self.draw(1500))),
            lambda: vault.check("NVRAM:CA0"),
            self.restart,
        ]
        looks[self.draw(len(looks))]()

    def restart(self) -> None:
        for name, (file, _) in self.live.items():
            self.closed.pop(name, None)
            try:
                file.close()
            except UfsError:
                self.refused += 1
        self.live.clear()
        self.ufs = self.ufs.after_restart()


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from([3, 10, 40, 200]))
def test_programs_and_erases_that_do_not_take_harm_no_closed_file(seed: int, odds: int) -> None:
    draw = Stream(seed, "test").below
    nor = PoorNor(draw)
    user = User(Ufs(nor), draw)
    nor.odds = odds
    for _ in range(80):
        user.step()
    nor.odds = 0
    for name, data in user.closed.items():
        if name not in user.live:
            assert user.ufs.read_file(name) == data


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(1, BLOCKS))
@example(210, 2)  # a close that failed has kept some
def test_bad_blocks_harm_no_closed_file(seed: int, count: int) -> None:
    draw = Stream(seed, "test").below
    nor = PoorNor(draw)
    user = User(Ufs(nor), draw)
    nor.dead = {draw(BLOCKS) for _ in range(count)}
    for _ in range(80):
        user.step()
    for name, data in user.closed.items():
        if name not in user.live:
            assert user.ufs.read_file(name) == data


def damage(image: bytearray, draw: Callable[[int], int]) -> None:
    """Flip bits, put noise or a fill over a stretch, or put a block in another's place."""
    start, size = draw(len(image)), draw(3000)
    here, there = draw(BLOCKS) * BLOCK, draw(BLOCKS) * BLOCK
    kind = draw(6)
    if kind == 0:
        image[start] ^= 1 << draw(8)
    elif kind == 1:
        image[draw(2 * BLOCK)] ^= draw(256)
    elif kind == 2:
        image[start : start + size] = bytes(draw(256) for _ in image[start : start + size])
    elif kind == 3:
        image[start : start + size] = bytes([255 * draw(2)]) * len(image[start : start + size])
    elif kind == 4:
        image[here : here + BLOCK] = image[there : there + BLOCK]
    else:
        first, second = image[here : here + BLOCK], image[there : there + BLOCK]
        image[here : here + BLOCK], image[there : there + BLOCK] = second, first


@settings(max_examples=150, deadline=None)
@given(SEEDS)
@example(78)  # these two leave a directory that leads in a circle
@example(1274)
def test_damage_while_it_runs_is_refused_and_no_more(seed: int) -> None:
    draw = Stream(seed, "test").below
    image = bytearray(b"\xff" * BLOCK * BLOCKS)
    user = User(Ufs(Nor(BLOCK, BLOCKS, timing(), image)), draw)
    for _ in range(80):
        user.step()
        if draw(12) == 0:
            damage(image, draw)


def full_of(nor: Nor) -> Ufs:
    ufs = Ufs(nor)
    for number in range(4):
        ufs.write_file(f"f{number}", bytes([number]) * 4000)
    return ufs


def ruined(image: bytearray) -> Ufs:
    """Mounted, and then its root destroyed."""
    ufs = full_of(Nor(BLOCK, BLOCKS, timing(), image))
    image[: 2 * BLOCK] = bytes(2 * BLOCK)
    return ufs.after_restart()


def test_without_a_file_system_each_operation_fails_as_itself() -> None:
    image = bytearray(b"\xff" * BLOCK * BLOCKS)
    ufs = ruined(image)
    before = bytes(image)
    assert fault(ufs.need_mounted) is UfsFault.CORRUPT
    assert fault(lambda: ufs.open("f0")) is UfsFault.OPEN_FAILED
    assert fault(lambda: ufs.stat("f0")) is UfsFault.OPEN_FAILED
    assert fault(lambda: ufs.delete("f0")) is UfsFault.DELETE_FAILED
    assert fault(ufs.listing) is UfsFault.LIST_FAILED
    assert fault(ufs.files) is UfsFault.LIST_FAILED
    assert fault(ufs.free_bytes) is UfsFault.COUNT_FAILED
    assert fault(lambda: ufs.read_file("f0")) is UfsFault.OPEN_FAILED
    assert ufs.recorded_owner() == ""
    assert ufs.total_bytes > 0
    assert bytes(image) == before


def test_a_file_that_cannot_be_read_is_given_up_and_others_go_on() -> None:
    image = bytearray(b"\xff" * BLOCK * BLOCKS)
    ufs = full_of(Nor(BLOCK, BLOCKS, timing(), image))
    other = ufs.create("other")
    other.write(b"kept")
    for start in range(0, len(image), BLOCK):
        if image[start + 900] == 1:
            image[start : start + 4] = b"\xff" * 4  # where the block before it lies
    file = ufs.open("f1", 2)
    assert fault(lambda: file.read(4000)) is UfsFault.READ_FAILED
    assert fault(lambda: file.read(1)) is UfsFault.READ_FAILED
    again = ufs.open("f1", 2)
    file.close()  # there was nothing to lose
    assert ufs.open_files() == [other, again]
    assert ufs.read_file("f2") == b"\x02" * 4000
    other.close()
    assert ufs.read_file("other") == b"kept"


def test_one_bit_of_an_erased_area_makes_littlefs_move_on() -> None:
    """The area behind a directory's last commit, which the next one is programmed into."""
    image = bytearray(b"\xff" * BLOCK * BLOCKS)
    nor = Nor(BLOCK, BLOCKS, timing(), image)
    ufs = full_of(nor)
    for block in (0, 1):
        image[block * BLOCK + 600] &= 0xFE
    for number in range(40):
        ufs.write_file(f"n{number % 3}", bytes([number]) * 300)
    assert nor.clashes > 0
    assert all(ufs.read_file(f"n{number % 3}") == bytes([number]) * 300 for number in (37, 38, 39))
