"""A page in a real browser: Debian's Chromium, driven by Playwright."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.examples.hosts import need

_MOST_FRAMES = 300


@contextmanager
def chromium() -> Iterator[Browser]:
    path = need("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page that is open, and what it asked for and complained about meanwhile."""

    def __init__(
        self, browser: Browser, file: Path, *, scripts: bool = True, **options: Any
    ) -> None:
        self._context = browser.new_context(java_script_enabled=scripts, **options)
        self.page: Page = self._context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("console", self._said)
        self.page.goto(file.as_uri())
        if scripts:
            self.page.wait_for_selector("html[data-ready]", state="attached")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def close(self) -> None:
        self._context.close()

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def number(self, expression: str) -> float:
        """Of the page's own objects: `timeline` and `dialogue`."""
        return float(self.page.evaluate(f"() => window.quecsim.{expression}"))

    def press(self, *keys: str) -> None:
        """Each key, and what the page does about it in its next frame."""
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def until(self, holds: Callable[[], bool]) -> None:
        """The browser hands mouse events on in its own time: so many frames are long enough."""
        for _ in range(_MOST_FRAMES):
            if holds():
                return
            self.settle()
        raise AssertionError("it never came about")

    def settle(self) -> None:
        """Two frames: one in which the page draws, and one behind it."""
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
