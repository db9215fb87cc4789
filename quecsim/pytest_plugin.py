"""The pytest plugin: a device for a test, on a pty or in process, and its story if the test fails.

    def test_upload(quecsim_device):                    # a real serial port, real time
        subprocess.run(["./uploader", quecsim_device.port, "ca.pem"], check=True)

    @pytest.mark.quecsim("ec200u", scenario="worst-flash", seed=3)
    def test_upload(quecsim_virtual):                   # pyserial in virtual time
        upload(serial.serial_for_url(quecsim_virtual.url), ...)

Everything of quecsim's is imported when a test asks for it: the plugin is loaded in every run of
pytest in an environment that has quecsim.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from quecsim.errors import QuecsimError
from quecsim.pytest_time import VirtualTimeHooks

if TYPE_CHECKING:
    from quecsim.api import OpenDevice
    from quecsim.virtual.device import VirtualDevice

FIXTURES = ("quecsim_device", "quecsim_virtual")
_MARKER = (
    "quecsim(device, *, scenario=None, seed=None, **options): the device that the fixtures "
    "quecsim_device and quecsim_virtual make for this test; options are those of quecsim.open"
)
_TRACE = "quecsim.jsonl"
_MOST_BREACHES = 5
_DEVICES = pytest.StashKey[list[tuple[Any, Path]]]()
_HAS_FAILED = pytest.StashKey[bool]()
_PAGES = pytest.StashKey[Any]()  # quecsim.run.pages.Pages
_DUE = pytest.StashKey[dict[Path, tuple[Path, str]]]()  # by record: the page, and the verdict


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; what a test's own marker says goes before device and scenario."""
    group = parser.getgroup("quecsim", "quecsim: a simulated Quectel module")
    group.addoption(
        "--quecsim-device",
        metavar="DEVICE",
        help="The device of tests that do not name one themselves.  [default: ec200u]",
    )
    group.addoption(
        "--quecsim-scenario",
        action="append",
        default=[],
        metavar="SCENARIO",
        help="The scenario of tests that do not name one themselves; given several times, each of "
        "those tests runs with each of them.",
    )
    group.addoption(
        "--quecsim-seed",
        type=int,
        metavar="N",
        help="The seed, also of tests that name one: to repeat a failure.",
    )
    group.addoption(
        "--quecsim-html",
        metavar="DIR",
        type=Path,
        help="Write a page to mail of each failed test's device into this folder.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and keep virtual time to those who use it."""
    config.pluginmanager.register(VirtualTimeHooks(), "quecsim-time")
    config.addinivalue_line("markers", _MARKER)
    folder = config.getoption("quecsim_html")
    if folder is not None:
        from quecsim.run.pages import Pages

        try:
            config.stash[_PAGES] = Pages(folder, "--quecsim-html")
        except QuecsimError as error:
            raise pytest.UsageError(str(error)) from None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Several `--quecsim-scenario`: such a test runs with each."""
    scenarios = metafunc.config.getoption("quecsim_scenario")
    fixture = next((name for name in FIXTURES if name in metafunc.fixturenames), None)
    if fixture and len(scenarios) > 1 and not _names_scenario(metafunc.definition):
        metafunc.parametrize(
            "_quecsim_scenario", scenarios, ids=[Path(name).stem for name in scenarios]
        )


@pytest.fixture
def _quecsim_scenario(request: pytest.FixtureRequest) -> str | None:
    """The scenario of the command line, if there is one for this test."""
    scenarios: list[str] = request.config.getoption("quecsim_scenario")
    return scenarios[0] if scenarios and not _names_scenario(request.node) else None


@pytest.fixture
def quecsim_device(
    request: pytest.FixtureRequest, _quecsim_scenario: str | None, tmp_path: Path
) -> Iterator[OpenDevice]:
    """A device on a pseudo terminal, in real time: `.port` is the path for the host to open."""
    import quecsim

    _need_one_time(request)
    trace = tmp_path / _TRACE
    options = _options(request, _quecsim_scenario)
    with _in_one_message(), quecsim.open(options.pop("device"), trace=trace, **options) as device:
        _remember(request.node, device, trace)
        yield device
    _write_page(request, trace)


@pytest.fixture
def quecsim_virtual(
    request: pytest.FixtureRequest, _quecsim_scenario: str | None, tmp_path: Path
) -> Iterator[VirtualDevice]:
    """A device in process, in virtual time: `.url` is for `serial.serial_for_url`.

    Until the test ends, `time.sleep` and the clocks of the host are the device's.
    """
    import quecsim
    from quecsim.live.trace_file import SparedTraceFile

    _need_one_time(request)
    trace = tmp_path / _TRACE
    options = _options(request, _quecsim_scenario)
    with _in_one_message(), quecsim.open_virtual(options.pop("device"), **options) as device:
        _remember(request.node, device, trace)
        record = SparedTraceFile(trace, warnings.warn)
        device.watch(record.write)
        yield device
    if request.node.stash.get(_HAS_FAILED, False):
        record.keep()
        _write_page(request, trace)
    else:
        record.drop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test tells what its devices saw."""
    report = yield
    if report.failed and report.when == "call":
        item.stash[_HAS_FAILED] = True
        for device, trace in item.stash.get(_DEVICES, []):
            told = [_story(item, device, trace), *_page_due(item, report, trace)]
            report.sections.append(("quecsim", "\n".join(told)))
    return report


@contextmanager
def _in_one_message() -> Iterator[None]:
    """The user's mistake (a device, a scenario, an option) is told without our own frames."""
    try:
        yield
    except QuecsimError as error:
        pytest.fail(f"quecsim: {error}", pytrace=False)


def _options(request: pytest.FixtureRequest, scenario: str | None) -> dict[str, Any]:
    """What to open: the markers' arguments over the command line's, but for the seed."""
    config, options = request.config, _marked(request.node)
    options.setdefault("scenario", scenario)
    if "device" not in options:
        options["device"] = config.getoption("quecsim_device")
    if config.getoption("quecsim_seed") is not None:
        options["seed"] = config.getoption("quecsim_seed")
    return options


def _marked(node: Any) -> dict[str, Any]:
    """What the markers say together: a test's own over its class's, and that over its module's."""
    options: dict[str, Any] = {}
    for marker in node.iter_markers("quecsim"):  # the closest comes first
        said = dict(marker.kwargs)
        if marker.args:
            if len(marker.args) > 1 or "device" in said:
                raise pytest.UsageError(f"@pytest.mark.quecsim takes one device, not {marker.args}")
            said["device"] = marker.args[0]
        options = said | options
    return options


def _need_one_time(request: pytest.FixtureRequest) -> None:
    """A test has one time: waiting for a pseudo terminal in virtual time would never end."""
    if set(FIXTURES) <= set(request.fixturenames):
        raise pytest.UsageError(
            "quecsim_device lives in real time and quecsim_virtual in virtual time: a test can "
            "have one of them"
        )


def _names_scenario(node: Any) -> bool:
    return _marked(node).get("scenario") is not None


def _remember(node: pytest.Item, device: Any, trace: Path) -> None:
    node.stash.setdefault(_DEVICES, []).append((device, trace))


def _page_due(item: pytest.Item, report: pytest.TestReport, trace: Path) -> Iterator[str]:
    """Where the page will be: its record is not whole before the device is closed."""
    pages = item.config.stash.get(_PAGES, None)
    if pages is None:
        return
    try:
        path = pages.reserve(item.nodeid)
    except QuecsimError as error:
        yield f"no page:     {error}"
        return
    crash = getattr(report.longrepr, "reprcrash", None)
    verdict = f"{item.nodeid} failed: {getattr(crash, 'message', '')}"
    item.stash.setdefault(_DUE, {})[trace] = path, verdict
    yield f"the page:    {path}"


def _write_page(request: pytest.FixtureRequest, trace: Path) -> None:
    """The page of a test that failed."""
    path, verdict = request.node.stash.get(_DUE, {}).get(trace, (None, ""))
    if path is None:
        return
    from quecsim.run.recorded import recorded
    from quecsim.trace.jsonl import read_trace

    try:
        _, events = read_trace(trace)
        made = recorded(events, name=str(trace), verdict=verdict, has_passed=False)
        made = replace(made, blame=verdict.splitlines()[0])
        request.config.stash[_PAGES].fill(path, made)
    except QuecsimError as error:
        path.unlink(missing_ok=True)
        warnings.warn(f"quecsim: no page {path}: {error}", stacklevel=1)


def _story(item: pytest.Item, device: Any, trace: Path) -> str:
    """Which bytes, when and why; how to see it again; where the record is."""
    from quecsim.judge.conduct import ConductWatch
    from quecsim.judge.conduct_rules import breach_text
    from quecsim.render.text import render_text

    report, watch = device.report(), ConductWatch()
    watch.feed(device.events())
    watch.until(report.at_ns)
    broken = [f"  {breach_text(breach)}" for breach in watch.breaches()[:_MOST_BREACHES]]
    repeat = f"pytest '{item.nodeid}' --quecsim-seed {report.seed}"
    given = item.config.getoption("quecsim_device")
    repeat += f" --quecsim-device {given}" if given else ""
    for scenario in item.config.getoption("quecsim_scenario"):
        repeat += f" --quecsim-scenario {scenario}"
    return "\n\n".join(
        [
            render_text(report, colour=False),
            *(["\n".join(["rules of conduct that the host broke:", *broken])] if broken else []),
            f"repeat with: {repeat}",
            f"the record:  quecsim report {trace}",
        ]
    )
