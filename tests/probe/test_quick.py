"""Blind tests of the quick part: devices with drawn values, which the probe must find out."""

from pathlib import Path
from typing import Any

import pytest

from quecsim.profiles.loader import load_profile
from quecsim.profiles.quirks import QUIRKS
from quecsim.profiles.starting import toml_value
from quecsim.rng import Stream
from tests.probe.test_probe import probe, wrong, wrong_errors

BASES = ("ec200u", "ec200t", "m95", "fcm242d")
CHOICES: dict[str, tuple[Any, ...]] = {
    "at.cmee": (0, 1, 2),
    "at.echo": (True, False),
    "at.echo_lf": (True, False),
    "at.spaces": ("ignored", "kept"),
    "commands.unknown": ("error", "error", "error", "ok", "silent"),
    "files.list_prefix": (True, False),
    "files.upload_timeout": ("cme421", "summary_then_421", "summary_ok"),
    "files.write_timeout": ("cme421", "summary_then_421", "summary_ok"),
    "files.upload_timer": ("idle", "total"),
    "files.ack_framing": ("bare", "crlf"),
    "files.ack_when": ("stored", "received"),
    "files.ack_final_full_block": (True, False),
    "files.existing_file": ("refuse", "overwrite"),
    "files.no_room": ("refuse", "at_end"),
    "files.no_room_error": ("file_too_large", "drive_full", "no_space"),
    "files.missing_list": ("list_failed", "file_not_found", "ok"),
    "files.missing_delete": ("delete_failed", "file_not_found"),
    "files.list_order": ("name", "created"),
    "files.checksum_padded": (True, False),
    "files.early_bytes": ("data", "discard"),
    "files.surplus": ("command", "discard"),
    "files.read_eof": ("cme402", "connect0"),
    "files.write_blank_line": (True, False),
    "files.directories": ("none", "made"),
    "secure.write_timeout": ("cme421", "summary_then_421", "summary_ok"),
    "secure.slot_names": ("listed", "any"),
    "escape.ends_file_data": (True, True, True, False),
    "files.ack_block_bytes": (256, 512, 1000, 1024, 2048, 4096),
    "files.first_handle": (0, 1, 1027, 3000),
    "files.max_open_files": (3, 6, 10, 16),
    "files.name_bytes": (32, 63, 64, 80, 128),
    "files.default_size_bytes": (2048, 10_240, 16_384),
    "files.default_timeout_s": (3, 5, 10),
    "files.timeout_max_s": (120, 179, 65_535),
    "files.write_max_bytes": (2048, 65_535, (1 << 31) - 1),
    "at.line_bytes": (256, 556, 1000, 1024, 2048),
    "escape.before_ms": (1000, 500, 300),
    "escape.within_ms": (1000, 500, 700),
    "escape.after_ms": (1000, 500, 800),
    "files.surplus_discard_ms": (20, 50, 200),
}
NOT_ALWAYS = {
    "at.cmee": "without AT+CMEE",
    "at.echo_lf": "where AT is taken by a module that knows no AT",
    "files.ack_when": "where the flash is too fast",
    "files.directories": "never: a directory might be left behind",
    "files.missing_delete": "where both errors are plain",
    "files.missing_list": "where both errors are plain",
    "files.no_room_error": "where what does not fit is taken, or two errors have one number",
    "files.surplus_discard_ms": "where surplus bytes are commands",
    "escape.before_ms": "where +++ ends nothing",
    "escape.within_ms": "where +++ ends nothing",
    "escape.after_ms": "where +++ ends nothing",
}
LOOSE = ("escape.before_ms", "escape.within_ms", "escape.after_ms", "files.surplus_discard_ms")
"""Times: what is claimed is an interval."""


def drawn(stream: Stream, base: str) -> dict[str, Any]:
    """One value for each key that the base has."""
    known = load_profile(base).provenance
    keys = [key for key in CHOICES if key in known]
    if not load_profile(base).at.lf_wait_ms:
        keys.remove("at.echo_lf")  # an LF is not part of the line, and so it makes no difference
    return {key: CHOICES[key][stream.below(len(CHOICES[key]))] for key in keys}


def written(values: dict[str, Any], base: str, path: Path) -> Path:
    lines = [f'extends = "{base}"']
    for part in dict.fromkeys(key.partition(".")[0] for key in values):
        lines.append(f"[{part}]")
        for key, value in values.items():
            if key.startswith(f"{part}."):
                known = {"value": value, "how": "assumed", "source": "drawn"}
                lines.append(f"{key.partition('.')[2]} = {toml_value(known)}")
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("base", BASES)
def test_drawn_values_are_found_out(base: str, seed: int, tmp_path: Path) -> None:
    values = drawn(Stream(seed, f"probe {base}"), base)
    path = written(values, base, tmp_path / "hidden.toml")
    hidden = load_profile(path)
    probed, bench = probe(str(path), load_profile(base))
    loose = {key: probed.findings.pop(key) for key in LOOSE if key in probed.findings}
    for key in ("errors.numbers", "errors.words", "errors.numeric"):
        probed.findings.pop(key, None)
    assert probed.stopped == ""
    assert wrong_errors(bench, hidden) == []
    assert wrong(probed, hidden) == {}
    for key, finding in loose.items():
        if finding.is_measured:
            assert finding.low <= values[key] <= finding.high, key
    found = {finding.key for finding in (*probed.measured, *loose.values())}
    if "upload" in hidden.commands.families:
        assert set(values) - found - set(NOT_ALWAYS) == set()
    assert len(probed.measured) > 15


def test_every_quirk_of_files_and_commands_is_drawn() -> None:
    network = ("mqtt.", "sockets.", "ftp.", "fota.", "certificates.")
    undrawn = {
        quirk.place
        for quirk in QUIRKS.values()
        if not quirk.place.startswith(network) and quirk.place not in CHOICES
    }
    assert undrawn == {"files.sync_every_bytes", "at.prompt_blank"}
