from html.parser import HTMLParser
from io import BytesIO

import pytest

from quecsim.render.page.write import write_page
from quecsim.run.recorded import recorded
from tests.cli.test_report import record


def page(scenario: str) -> str:
    file = BytesIO()
    write_page(recorded(record(scenario), name="run.jsonl"), file)
    return file.getvalue().decode()


@pytest.fixture(scope="module")
def lossy() -> str:
    return page("thread-57329")


class Texts(HTMLParser):
    """What a reader sees, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.seen.append(data)


def texts(html: str) -> str:
    parser = Texts()
    parser.feed(html)
    parser.close()
    return " ".join(" ".join(parser.seen).split())


def test_without_a_script_the_story_is_told(lossy: str) -> None:
    seen = texts(lossy)
    assert "ca.pem : 153 bytes lost; 1035 of 1188 stored" in seen
    assert "Use ACK mode, or RTS/CTS on both ends" in seen
    assert "the receive ring, which holds 512 bytes here" in seen
    assert "bytes 1024\N{EN DASH}1176" in seen
    assert "quecsim replay run.jsonl" in seen


def test_the_same_record_gives_the_same_bytes(lossy: str) -> None:
    assert page("thread-57329") == lossy


def test_a_run_that_went_well_has_no_losses_to_show() -> None:
    seen = texts(page("typical-flash"))
    assert "all 1188 bytes are stored" in seen
    assert "What was lost" not in seen
