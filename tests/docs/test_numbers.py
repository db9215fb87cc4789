"""The numbers that the README shows for its story, against the story in virtual time."""

from quecsim.scenario.loader import load_scenario
from quecsim.testing.claims import run_claim
from tests.docs.markdown import ROOT


def test_the_loss_shown_is_the_loss_of_the_model() -> None:
    report = run_claim(load_scenario("thread-57329")).report
    (upload,) = report.uploads
    (loss,) = upload.losses
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    last = (loss.at_byte or 0) + loss.count - 1
    assert f"{upload.lost} bytes lost; {upload.stored} of {upload.size} stored" in readme
    assert f"bytes {loss.at_byte}..{last} ({loss.count} bytes, stream" in readme
