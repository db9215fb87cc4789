"""Whatever is done to UFS, in whatever order, it holds what a dict of bytes would hold."""

from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from quecsim.flash.nor import Nor
from quecsim.flash.timing import FlashMode, FlashTiming
from quecsim.flash.ufs import OpenMode, Ufs, UfsError, UfsFault, UfsFile

BLOCK = 4096


def flash(blocks: int = 64) -> Nor:
    return Nor(BLOCK, blocks, FlashTiming(mode=FlashMode.INSTANT))


def fault(operation: Callable[[], object]) -> UfsFault:
    with pytest.raises(UfsError) as caught:
        operation()
    return caught.value.kind


def pattern(size: int, seed: int = 0) -> bytes:
    return bytes((index * 7 + index // 251 + seed) & 0xFF for index in range(size))


NAMES = st.sampled_from(["a", "b.pem", "c" * 80])
DATA = st.builds(pattern, st.integers(0, 9_000) | st.integers(0, 600), st.integers(0, 255))


class UfsMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.nor = flash(128)
        self.ufs = Ufs(self.nor)
        self.model: dict[str, bytearray] = {}
        self.handles: dict[str, UfsFile] = {}

    def at(self, name: str, percent: int) -> tuple[UfsFile, bytearray, int]:
        """An open file at a position, its content in the model, and the position."""
        content = self.model[name]
        position = len(content) * percent // 100
        self.handles[name].seek(position)
        return self.handles[name], content, position

    @rule(name=NAMES, mode=st.sampled_from([0, 1]))
    def open(self, name: str, mode: int) -> None:
        if name in self.handles:
            assert fault(lambda: self.ufs.open(name, mode)) is UfsFault.ALREADY_OPEN
            return
        if mode == OpenMode.CREATE_OR_TRUNCATE:
            self.model[name] = bytearray()
        self.model.setdefault(name, bytearray())
        self.handles[name] = self.ufs.open(name, mode)

    @precondition(lambda self: self.handles)
    @rule(data=st.data(), block=DATA, percent=st.integers(0, 100))
    def write(self, data: st.DataObject, block: bytes, percent: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.handles)))
        file, content, position = self.at(name, percent)
        assert file.write(block) == len(block)
        content[position : position + len(block)] = block

    @precondition(lambda self: self.handles)
    @rule(data=st.data(), percent=st.integers(0, 100), size=st.integers(0, 10_000))
    def read(self, data: st.DataObject, percent: int, size: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.handles)))
        file, content, position = self.at(name, percent)
        assert file.read(size) == content[position : position + size]

    @precondition(lambda self: self.handles)
    @rule(data=st.data(), percent=st.integers(0, 100))
    def truncate(self, data: st.DataObject, percent: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.handles)))
        file, content, position = self.at(name, percent)
        file.truncate()
        del content[position:]

    @precondition(lambda self: self.handles)
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.handles)))
        self.handles.pop(name).close()
        assert self.ufs.read_file(name) == self.model[name]

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        if name in self.handles:
            assert fault(lambda: self.ufs.delete(name)) is UfsFault.ALREADY_OPEN
        elif name in self.model:
            self.ufs.delete(name)
            del self.model[name]
        else:
            assert fault(lambda: self.ufs.delete(name)) is UfsFault.NOT_FOUND

    @rule()
    def restart(self) -> None:
        for file in self.ufs.open_files():
            file.close()
        self.handles.clear()
        self.ufs = Ufs(self.nor)

    @invariant()
    def clears_bits_only(self) -> None:
        assert self.nor.clashes == 0

    @invariant()
    def lists_the_same(self) -> None:
        expected = sorted((name, len(content)) for name, content in self.model.items())
        assert sorted(self.ufs.listing()) == expected


TestUfsMachine = UfsMachine.TestCase
TestUfsMachine.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
