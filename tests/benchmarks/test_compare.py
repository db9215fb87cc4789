"""Two trees are measured in turn by the same benchmarks; a wrong one is refused in words."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def compare(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", "compare", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_tree_against_itself() -> None:
    done = compare("--against", str(ROOT), "--tiny", "--rounds", "2", "--json", "sessions")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert rows
    for row in rows:
        assert row["this"] > 0
        assert row["other"] > 0
        assert row["ratio"] > 0


def test_the_table_says_which_way_is_better() -> None:
    done = compare("--against", str(ROOT), "--tiny", "--rounds", "1", "sessions")
    assert "this / other" in done.stdout
    assert "more" in done.stdout


def test_what_is_no_tree_is_said() -> None:
    done = compare("--against", "no-such-thing", "--tiny", "sessions")
    assert done.returncode == 2
    assert "no-such-thing is neither a tree of quecsim nor a commit" in done.stderr


def test_a_name_that_is_none_is_said() -> None:
    done = compare("--against", str(ROOT), "--tiny", "speed")
    assert done.returncode == 2
    assert "no benchmark 'speed'" in done.stderr
