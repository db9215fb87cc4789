"""Commands that became part of the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quecsim.explanation import Certainty, explain
from tests.explanation.damage import FEW, FILES, TEXTS, assert_found, told
from tests.test_checksum import AMAZON

NAMES = st.sampled_from(["ca.pem", "UFS:client.key", "RAM:x"])


@FEW
@given(FILES, NAMES, st.sampled_from([b"\r", b"\r\n"]), st.sampled_from(["", ",5", ",100,1"]))
def test_the_upload_command_is_the_head_of_the_file(
    data: bytes, name: str, end: bytes, more: str
) -> None:
    label = name if ":" in name else f"UFS:{name}"
    command = f'AT+QFUPL="{label}",{len(data)}{more}'.encode() + end

    found = assert_found(data, (command + data)[: len(data)], "command-in-front", name=name)

    assert any(story.kind == "command-in-front" for story in found.stories)


@FEW
@given(FILES)
def test_a_command_that_is_known_is_found_with_certainty(data: bytes) -> None:
    command = f'AT+QSECWRITE="RAM:odd-name",{len(data)},77'.encode()

    found = assert_found(
        data, (command + b"\r" + data)[: len(data)], "command-in-front",
        commands=(b"ATE0", command), declared=len(data),
    )  # fmt: skip

    assert found.certainty is Certainty.CLEAR
    assert found.stories[0].added[0].offset == 0
    assert found.stories[0].added[0].text == command.decode() + "\\r"


@FEW
@given(TEXTS, st.sampled_from([b"\r", b"\r\n"]))
def test_the_next_command_completes_a_file_whose_size_counted_cr_lf(
    data: bytes, end: bytes
) -> None:
    size = len(data) + data.count(b"\n")
    behind = b'AT+QFLST="UFS:ca.pem"' + end

    found = assert_found(data, (data + behind)[:size], "next-command", name="ca.pem", declared=size)

    assert found.stories[0].cause == "the size announced was larger than what was sent"


@FEW
@given(FILES, st.integers(1, 5), st.sampled_from([b"\r", b"\r\n"]))
def test_a_host_that_asks_again_and_again(data: bytes, times: int, end: bytes) -> None:
    behind = (b"AT" + end) * times

    assert_found(data, data + behind, "next-command", "last-newline", declared=len(data + behind))


@FEW
@given(TEXTS, st.integers(4, 20), st.data())
def test_a_hole_that_the_next_command_filled(data: bytes, count: int, draw: st.DataObject) -> None:
    """With the command known, and a hole at a block: as a ring loses it."""
    place = 64 * draw.draw(st.integers(1, (len(data) - count) // 64))
    command = b'AT+QFLST="UFS:cacert.pem"'
    got = data[:place] + data[place + count :] + command[:count]

    found = assert_found(data, got, "hole-filled", commands=(command,), declared=len(data))

    assert "made up for it" in found.sentence


@pytest.mark.parametrize(
    ("got", "kind"),
    [
        (AMAZON + AMAZON, "twice"),
        (b"".join(line * 2 for line in AMAZON.splitlines(keepends=True)), "echo"),
    ],
)
def test_twice(got: bytes, kind: str) -> None:
    assert explain(AMAZON, told(got)).stories[0].kind == kind


def test_what_the_module_took_before_it_was_full_may_end_anywhere_but_else_at_a_line_end() -> None:
    got = AMAZON + b"AT+QFL"

    full = explain(AMAZON, told(got), declared=len(got))
    waited = explain(AMAZON, told(got), declared=len(got) + 10)

    assert full.stories[0].kind == "next-command"
    assert "next-command" not in [story.kind for story in waited.stories]
