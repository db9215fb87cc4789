"""The shape of the package: imports point down, the core has no clock, nothing grows too long.

Read from the source with `ast`, so that imports inside functions and under TYPE_CHECKING count.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import quecsim
from quecsim.profiles.loader import profile_names

ROOT = Path(quecsim.__file__).parent
SOURCES = sorted(ROOT.rglob("*.py"))

# From the ground up. A package may import from a floor below its own, and from itself.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("units", "errors", "rng", "checksum", "certificates", "quantity", "files", "date"),
    ("border", "mqtt", "explanation"),
    ("profiles",),
    ("trace",),
    ("flash", "firmware", "uart", "link", "tls", "gatt"),
    ("at", "peers"),
    ("clients", "packets"),
    ("faults",),
    ("commands",),
    ("device",),
    ("rig",),
    ("observed",),
    ("captures",),
    ("report",),
    ("scenario",),
    ("judge", "render"),
    ("run",),
    ("live",),
    ("virtual",),
    ("host", "api", "pyserial"),
    ("probe",),
    ("likeness",),
    ("testing", "demo", "pytest_time", "tap"),
    ("check",),
    ("sweep", "fuzz", "tui"),
    ("cli", "pytest_plugin"),
    ("__init__", "__main__"),
)
RANK = {part: rank for rank, parts in enumerate(FLOORS) for part in parts}

# Part of the package itself, which loads everything else lazily: anyone may ask for them.
OF_THE_PACKAGE = ("__init__", "__version__")

# (importer, imported): why it may.
ALLOWED_UP: dict[tuple[str, str], str] = {}

# fmt: off
OUTSIDE_WORLD = frozenset((
    "asyncio", "concurrent", "datetime", "fcntl", "logging", "multiprocessing", "os", "pty",
    "random", "secrets", "select", "selectors", "signal", "socket", "subprocess", "termios",
    "threading", "time", "tty", "uuid",
))
# fmt: on
# These touch the operating system, and say so in their first paragraph.
NOT_CORE = (
    "tls",
    "gatt",
    "live",
    "virtual",
    "check",
    "cli",
    "host",
    "probe",
    "likeness",
    "tap",
    "demo",
    "testing",
    "sweep",
    "fuzz",
    "tui",
    "pytest_plugin",
    "pytest_time",
    "api",
    "__init__",
)
READS_FILES = {"flash.image", "files"}

LONGEST_FUNCTION_LINES = 60
LONGEST_FILE_LINES = 400
# Files that hold declarations and next to no logic may be longer.
DECLARATION_TABLES: frozenset[str] = frozenset(("trace.event", "profiles.schema"))

# The device a person gets who names none.
MAY_NAME_A_DEVICE = ("cli", "demo", "api", "scenario", "__init__")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def module_name(path: Path) -> str:
    """`quecsim/at/spec.py` -> `at.spec`; the package itself is `__init__`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """(module, line) of every import, wherever it stands; relative ones made absolute."""
    package = ("quecsim", *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            if module == "quecsim":
                yield from ((f"quecsim.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield module, node.lineno


def own_imports(path: Path) -> Iterator[tuple[str, int]]:
    """The imports of quecsim's own parts: (part, line)."""
    for module, line in imported(path):
        head, _, rest = module.partition(".")
        if head == "quecsim":
            yield rest.split(".")[0] or "__init__", line


def part_of(path: Path) -> str:
    return module_name(path).split(".")[0]


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 30
    assert "at.spec" in {module_name(path) for path in SOURCES}


def test_every_part_has_a_floor() -> None:
    assert {part_of(path) for path in SOURCES} <= set(RANK), "give it a floor in the table above"


def test_imports_point_down() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {other}"
        for path in SOURCES
        for other, line in own_imports(path)
        if other not in (part_of(path), *OF_THE_PACKAGE)
        and RANK.get(other, len(FLOORS)) >= RANK.get(part_of(path), 0)
        and (module_name(path), other) not in ALLOWED_UP
    ]
    assert wrong == []


def test_the_exceptions_are_still_needed() -> None:
    used = {(module_name(path), other) for path in SOURCES for other, _ in own_imports(path)}
    assert set(ALLOWED_UP) <= used


def test_the_core_knows_no_clock_and_no_operating_system() -> None:
    core = [path for path in SOURCES if part_of(path) not in NOT_CORE]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in core
        for module, line in imported(path)
        if module.split(".")[0] in OUTSIDE_WORLD and module_name(path) not in READS_FILES
    ]
    assert len(core) > 30
    assert wrong == []


def test_no_function_is_too_long() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION_LINES
    ]
    assert wrong == []


def test_no_file_is_too_long() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in SOURCES
        if (lines := len(path.read_text().splitlines())) > LONGEST_FILE_LINES
        and module_name(path) not in DECLARATION_TABLES
    ]
    assert wrong == []


def test_every_module_says_what_it_owns() -> None:
    mute = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if tree(path).body and not ast.get_docstring(tree(path))
    ]
    assert mute == []


def test_code_asks_for_no_device_by_name() -> None:
    """What a device does is in its profile: no `if name == ...`, no subclass for a part."""
    named = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in SOURCES
        if part_of(path) not in MAY_NAME_A_DEVICE
        for word in code_words(path)
        if any(device in word.lower() for device in profile_names())
    ]
    assert named == []


def code_words(path: Path) -> Iterator[str]:
    """Identifiers, and constants of one word (a sentence may tell of a device)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name


# Tests of what several files of a room do together.
THEMES = {
    "check": {"fairness"},
    "clients": {"ftp_real"},
    "commands": {
        "directories",
        "fota_path",
        "full_background",
        "mqtt_lte",
        "ram_files",
        "refusals",
        "robustness",
        "socket_data",
        "socket_hosts",
        "socket_life",
    },
    "faults": {"real_broker"},
    "flash": {"damage", "full_disk", "power_cut", "system_files", "ufs_machine"},
    "fuzz": {"ble", "network"},
    "host": {"connect_simulated", "simulated"},
    "judge": {"services", "transfers"},
    "live": {"late_turn"},
    "live/network": {
        "broken_off",
        "counted",
        "listening_device",
        "many_links",
        "secure",
        "tls",
    },
    "mqtt": {"oracles"},
    "peers": {
        "alike",
        "ftp_alike",
        "ftp_clients",
        "ftp_served",
        "http_alike",
        "http_clients",
        "http_laws",
        "real_clients",
    },
    "profiles": {"extremes", "fc41d", "fcm242d", "m95"},
    "render/page": {"browser", "hostile"},
    "report": {"package_uploads"},
    "scenario": {"firmware", "wifi"},
    "testing": {"ble_journeys"},
    "tls": {"damage"},
    "virtual": {"threaded"},
}


def test_tests_stand_where_what_they_test_stands() -> None:
    tests = Path(__file__).parent
    rooms = {path.parent.relative_to(ROOT) for path in SOURCES if path.parent != ROOT}
    found = {room: [path.stem[5:] for path in (tests / room).glob("test_*.py")] for room in rooms}
    strangers = [
        f"{room}/test_{name}.py"
        for room, names in sorted(found.items())
        for name in sorted(names)
        if name not in THEMES.get(room.as_posix(), ())
        and not (ROOT / room / f"{name}.py").exists()
        and not (ROOT / room / name).is_dir()
    ]
    assert strangers == []
    assert [str(room) for room, names in sorted(found.items()) if not names] == []


def test_every_theme_has_its_test() -> None:
    tests = Path(__file__).parent
    places = [tests / room / f"test_{name}.py" for room, names in THEMES.items() for name in names]
    assert [str(place) for place in places if not place.exists()] == []
