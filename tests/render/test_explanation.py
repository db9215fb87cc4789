"""How an explanation reads: the bytes of the file are shown with their lines and offsets."""

import random

from quecsim.explanation import Told, explain
from quecsim.render.explanation import explanation_text
from tests.explanation.damage import told
from tests.test_checksum import AMAZON


def text(got: bytes, data: bytes = AMAZON) -> str:
    return explanation_text(explain(data, told(got), name="ca.pem"), data, "ca.pem")


def test_whole_lines_are_marked_as_such() -> None:
    said = explanation_text(explain(AMAZON, Told(389, 0x41E)), AMAZON, "ca.pem")

    lines = said.splitlines()
    assert lines[0] == "ca.pem has 1188 bytes, checksum 2d13; the module says 389,41e"
    assert lines[2].startswith("only one line in 3 came: 1, 4, 7, 10, 13, 16 and 19; ")
    assert lines[3].startswith("  cause: something between you and the port drops lines")
    assert lines[4].startswith("  cure:  open the port alone")
    missing = [line for line in lines if line.startswith("- line")]
    assert [int(line.split()[2].rstrip(",")) for line in missing] == [
        2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18,
    ]  # fmt: skip
    second = AMAZON.splitlines()[1].decode()
    assert missing[0] == f"- line     2, byte      28  {second}"
    assert "  ... and 1 more" in lines
    assert "(one wrong story in 16384 does); of the " in lines[-1]
    assert lines[-1].endswith(" as likely as the first, less than 0.01")


def test_a_part_of_a_line_is_underlined() -> None:
    lines = text(AMAZON[:512] + AMAZON[536:]).splitlines()

    at = next(at for at, line in enumerate(lines) if line.startswith("  line     9"))
    marks = lines[at + 1]
    shown = lines[at][marks.index("^") : marks.rindex("^") + 1]
    assert shown.encode() == AMAZON[512:536]
    assert marks.strip() == "^" * 24


def test_a_long_line_is_shown_around_the_hole() -> None:
    source = random.Random(5)
    data = b"a\n" + bytes(source.choices(b"bcdefghijklmnop", k=700)) + b"\nz\n"

    lines = text(data[:512] + data[522:], data).splitlines()

    at = next(at for at, line in enumerate(lines) if line.startswith("  line     2"))
    marks = lines[at + 1]
    assert lines[at][marks.index("^") : marks.rindex("^") + 1].encode() == data[512:522]


def test_many_lines_are_told_by_the_first_and_the_last() -> None:
    lines = text(AMAZON[:120] + AMAZON[700:]).splitlines()

    assert any("lines between them are missing" in line for line in lines)


def test_bytes_that_are_no_text_are_shown_in_hexadecimal() -> None:
    data = random.Random(4).randbytes(2000)

    lines = text(data[:1024] + data[1034:], data).splitlines()

    row = f"      1024  {data[1024:1040].hex(' ')}"
    assert row in lines
    assert lines[lines.index(row) + 1].strip() == " ".join(["^^"] * 10)


def test_what_is_not_in_the_file() -> None:
    assert "not in the file, 1 byte:\n  before byte 1188: \\x1a\n" in text(AMAZON + b"\x1a")


def test_places() -> None:
    data = b"0123456789" + b"=" * 40 + b"abcdefghijklmnopqrst"

    said = text(data[:20] + data[25:], data)

    assert "\nmissing, 5 of 70 bytes (at the first of the places):\n" in said
    assert "\n36 places: byte 10-45\n" in said


def test_a_size_alone() -> None:
    said = explanation_text(explain(AMAZON, Told(1208)), AMAZON, "ca.pem")

    assert said.splitlines()[0].endswith("the module says 1208")
    assert said.splitlines()[-1].endswith("a size alone proves little")


def test_several_attempts() -> None:
    attempts = [told(AMAZON + b"\x1a"), told(AMAZON[:-1])]

    said = explanation_text(explain(AMAZON, attempts), AMAZON, "ca.pem")

    assert "the module says 1189,3713, then 1187,2d19" in said
    assert "  attempt 2: all of the file came, with the last line end left out" in said


def test_nothing_fits() -> None:
    said = explanation_text(explain(AMAZON, Told(1188, 0x8081)), AMAZON, "ca.pem")

    assert "no story fits" in said
    assert "cause:" not in said
