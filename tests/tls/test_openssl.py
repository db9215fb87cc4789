"""Who knows OpenSSL, and when it is loaded."""

import re
import subprocess
import sys
from pathlib import Path

import quecsim


def test_one_file_knows_it() -> None:
    root = Path(quecsim.__file__).parent
    knowing = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"^\s*(from|import) OpenSSL", path.read_text(), re.MULTILINE)
    }
    assert knowing == {"tls/openssl.py"}


def test_it_is_loaded_when_it_is_needed() -> None:
    """All that a device imports, and a wish that no server would get to see."""
    script = (
        "import sys\n"
        "from quecsim.border import TlsWish\n"
        "from quecsim.tls import authority, client, outcome, server\n"
        "server = authority.server_tls()\n"
        "trouble = outcome.outcome(TlsWish(level=1), 'broker.example', server)\n"
        "assert trouble.why == 'tls:ca', trouble\n"
        "print([name for name in ('OpenSSL', 'cryptography') if name in sys.modules])\n"
        "outcome.outcome(TlsWish(), 'broker.example', server)\n"
        "print('OpenSSL' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["[]", "True"]
