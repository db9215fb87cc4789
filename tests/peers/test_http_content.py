"""Content of any length, piece by piece."""

from hypothesis import given
from hypothesis import strategies as st

from quecsim.peers.drawn import drawn_bytes
from quecsim.peers.http_content import Content, content_of
from quecsim.peers.http_settings import HttpFile

FILES = st.sampled_from(
    [
        HttpFile(),
        HttpFile(text="hello"),
        HttpFile(drawn_bytes=9000),
        HttpFile(text="abc", endless=True),
        HttpFile(endless=True),
        HttpFile(drawn_bytes=5, endless=True),
    ]
)


def whole(content: Content) -> bytes:
    """All of it, or enough of it."""
    return content.piece(0, 20_000)


@given(FILES, st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_piece_is_a_piece_of_it(file: HttpFile, start: int, count: int) -> None:
    content = content_of(file, "/a", 1)
    assert content.piece(start, count) == whole(content)[start : start + count]


def test_how_much_there_is() -> None:
    assert whole(content_of(HttpFile(text="ö"), "/a", 1)) == "ö".encode()
    assert content_of(HttpFile(), "/a", 1).size_bytes == 0
    assert content_of(HttpFile(text="abc", endless=True), "/a", 1).size_bytes is None
    assert whole(content_of(HttpFile(drawn_bytes=300), "/a", 1)) == drawn_bytes(1, "/a", 0, 300)
    # so much that it cannot be in memory
    far = content_of(HttpFile(drawn_bytes=1 << 40), "/a", 1)
    assert far.piece((1 << 40) - 10, 100) == drawn_bytes(1, "/a", (1 << 40) - 10, 10)
