from hypothesis import given
from hypothesis import strategies as st

from quecsim.render.page.difference import DiffLine, TextFile, joint

TEXT = b"one\ntwo two\nthree\nfour\nfive\n"


def shape(lines: list[DiffLine]) -> list[tuple[str, int, str]]:
    return [
        (
            line.mark,
            line.number,
            line.gap or "".join(f"[{r.text}]" if r.is_lost else r.text for r in line.runs),
        )
        for line in lines
    ]


def test_within_one_line() -> None:
    assert shape(TextFile(TEXT, [(5, 9)]).around(5, 9)) == [
        (" ", 1, "one"),
        ("-", 2, "t[wo t]wo"),
        ("+", 2, "two"),
        (" ", 3, "three"),
    ]


def test_lines_whose_end_is_lost_become_one() -> None:
    assert shape(TextFile(TEXT, [(6, 14)]).around(6, 14)) == [
        (" ", 1, "one"),
        ("-", 2, "tw[o two↵]"),
        ("-", 3, "[th]ree"),
        ("+", 2, "twree"),
        (" ", 4, "four"),
    ]


def test_another_loss_beside_it_is_seen_as_well() -> None:
    lost = [(2, 5), (6, 7)]
    assert shape(TextFile(TEXT, lost).around(6, 7))[:3] == [
        ("-", 1, "on[e↵]"),
        ("-", 2, "[t]w[o] two"),
        ("+", 1, "onw two"),
    ]


def test_of_a_line_that_is_gone_nothing_is_left() -> None:
    assert shape(TextFile(b"only\n", [(0, 5)]).around(0, 5)) == [
        ("-", 1, "[only↵]"),
        ("+", 0, "nothing is left of it"),
    ]


def test_what_is_no_text_is_not_read_by_lines() -> None:
    assert TextFile(TEXT, []).is_readable
    assert not TextFile(b"\x00\x01", []).is_readable
    assert not TextFile(b"\xff\xfe", []).is_readable
    assert not TextFile(b"x" * 1000, []).is_readable
    assert not TextFile(b"", []).is_readable


def test_neighbours_that_had_others_between_them() -> None:
    assert joint(b"abcdef", [(2, 4)], 2, 4) == ("61 62", "65 66")


@given(st.text(st.sampled_from("ab\n"), min_size=1, max_size=60), st.data())
def test_what_is_left_is_what_was_not_lost(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin + 1, len(text)))
    lines = TextFile(text.encode(), [(begin, end)]).around(begin, end)
    sent = "".join(run.text for line in lines if line.mark == "-" for run in line.runs)
    lost = "".join(run.text for line in lines for run in line.runs if run.is_lost)
    (stored,) = [line for line in lines if line.mark == "+"]
    kept = "".join(run.text for run in stored.runs)
    is_short = all("more lines" not in line.gap for line in lines)
    if is_short:
        assert lost.replace("↵", "\n").replace("\n", "") == text[begin:end].replace("\n", "")
        assert len(sent.replace("↵", "")) == len(kept) + len(lost.replace("↵", ""))
