"""What damage to a file of authorities does: the reason for all of this.

Of each kind of damage every case is tried. The figures are those of the authority's certificate
(1188 bytes, RSA with 2048 bits), and are in the report of what is simulated.
"""

import re
from collections import Counter

import pytest

from quecsim.tls.pem import read_certificates
from tests.tls.ends import ROOT, with_ca

BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
LINES = ROOT.splitlines(keepends=True)
TRUNCATED = ROOT[:1035]


def trouble(data: bytes) -> str:
    """What is wrong with the only certificate of a file, with numbers as N; empty: nothing."""
    found = read_certificates(data)
    assert bool(found.certificates) != bool(found.troubles)
    return re.sub(r"\d+", "N", found.troubles[0]) if found.troubles else ""


def test_the_certificate_is_as_long_as_the_one_that_people_lost() -> None:
    assert len(ROOT) == 1188
    assert len(LINES) == 20
    assert with_ca(ROOT) == "works"


def test_no_prefix_works_but_for_the_last_line_end() -> None:
    found = [trouble(ROOT[:length]) for length in range(len(ROOT) + 1)]
    assert [length for length, seen in enumerate(found) if not seen] == [1187, 1188]
    kinds = Counter(found)
    assert kinds["no END line: the file ends after N bytes in the middle of a certificate"] == 1155


def test_no_file_with_a_hole_works() -> None:
    lost = 153
    holes = [ROOT[:at] + ROOT[at + lost :] for at in range(len(ROOT) - lost + 1)]
    assert "" not in {trouble(hole) for hole in holes}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_file_that_lacks_lines_works(count: int) -> None:
    files = [b"".join(LINES[:at] + LINES[at + count :]) for at in range(len(LINES) - count + 1)]
    assert "" not in {trouble(file) for file in files}


def test_what_a_wrong_character_does() -> None:
    """Each of the characters is made another one. More than a third of them work all the same: a
    root's own signature is not looked at, and its serial number, its dates' seconds, its names in
    the issuer's place neither.
    """
    kinds: Counter[str] = Counter()
    body = range(len(LINES[0]), len(ROOT) - len(LINES[-1]))
    for at in (at for at in body if ROOT[at] in BASE64):
        other = BASE64[(BASE64.index(ROOT[at]) + 1) % 64]
        kinds[_kind(with_ca(ROOT[:at] + bytes((other,)) + ROOT[at + 1 :]))] += 1
    total = sum(kinds.values())
    assert total == 1115
    # Exact with the libraries of today (439, 346, 227, 96, 7); other releases read otherwise.
    expected = {"works": 439, "signature": 346, "unreadable": 227, "issuer": 96, "extension": 7}
    assert set(kinds) == set(expected)
    assert {kind for kind, count in expected.items() if abs(kinds[kind] - count) > 15} == set()


def _kind(said: str) -> str:
    for kind, start in {
        "works": "works",
        "unreadable": "tls:ca ",
        "signature": "tls:verify UFS:ca.pem | the server's certificate: its signature does not",
        "issuer": "tls:verify UFS:ca.pem | the server's certificate: issuer not found",
        "extension": "tls:verify UFS:ca.pem | the certificate 1 above the server's certificate: it",
    }.items():
        if said.startswith(start):
            return kind
    return said


@pytest.mark.parametrize(
    "data",
    [
        ROOT.replace(b"\n", b"\r\n"),
        ROOT.replace(b"\n", b"\r\n")[:-1],
        ROOT.rstrip(),
        b"My root:\n\n" + ROOT,
        b"\xef\xbb\xbf" + ROOT,
        ROOT + b"\0\0\0",
        ROOT + ROOT,
        ROOT[200:] + ROOT,  # the rest of another one is a text before BEGIN
    ],
    ids=["crlf", "cr at the end", "no final newline", "text", "bom", "behind", "twice", "rest"],
)
def test_what_does_no_harm(data: bytes) -> None:
    assert with_ca(data) == "works"


CAUSES = {
    "empty": (b"", "the file is empty"),
    "truncated": (
        TRUNCATED,
        "no END line: the file ends after 1035 bytes in the middle of a certificate",
    ),
    "println": (
        ROOT.replace(b"\n", b"\n\n"),
        "line 2 is empty, within a certificate: it is unreadable",
    ),
    "lone CR": (
        ROOT.replace(b"\n", b"\r"),
        "a line ends in CR alone, at byte 27: it is unreadable",
    ),
    "CR CR LF": (
        ROOT.replace(b"\n", b"\r\r\n"),
        "a line ends in CR alone, at byte 27: it is unreadable",
    ),
    "no base64": (
        ROOT.replace(LINES[11], LINES[11][:7] + b"\0" + LINES[11][8:]),
        "line 12 has 0x00 at place 8: no base64",
    ),
    "a line lost": (
        ROOT.replace(LINES[11], b""),
        "the CERTIFICATE in line 1 lacks 48 of the 836 bytes that it announces itself"
        " (one line of 64 characters)",
    ),
    "a hole": (
        ROOT[:512] + ROOT[665:],
        "the CERTIFICATE in line 1 has 965 characters of base64, no multiple of 4: line 9 has 41,"
        " the others have 64",
    ),
    "the beginning lost": (ROOT[60:], "line 19 ends CERTIFICATE, and no BEGIN stands before it"),
    "BEGIN misspelled": (
        ROOT[1:],
        "line 1, ----BEGIN CERTIFICATE----- has 4 hyphens before and 5 behind the words",
    ),
    "another kind of file": (b"hello\n" * 20, "no certificate in it: it has no BEGIN line"),
    "DER": (
        read_certificates(ROOT).certificates[0],
        "no certificate in it as PEM has it: it begins as DER does",
    ),
    "UTF-16": (
        ROOT.decode().encode("utf-16"),
        "the file is UTF-16: every second byte of it is 0x00",
    ),
    "escaped": (
        ROOT.replace(b"\n", b"\\n"),
        "the line ends are written out, as a backslash and a letter (\\n)",
    ),
    "good and truncated": (
        ROOT + TRUNCATED,
        "no END line: the file ends after 2223 bytes in the middle of a certificate; the other"
        " certificate in it counts for nothing then",
    ),
    "truncated and good": (
        TRUNCATED + ROOT,
        "CERTIFICATE begins in line 1, and its END line is missing",
    ),
}


@pytest.mark.parametrize(("data", "seen"), CAUSES.values(), ids=CAUSES.keys())
def test_the_words_name_the_cause(data: bytes, seen: str) -> None:
    assert with_ca(data) == f"tls:ca UFS:ca.pem | {seen}"


DAMAGED = ROOT.replace(LINES[11], b"")


@pytest.mark.parametrize(
    ("data", "works"),
    [
        (ROOT + TRUNCATED, True),
        (ROOT + DAMAGED, True),
        (DAMAGED + ROOT, True),
        (TRUNCATED + ROOT, False),  # the END of the second one is taken for that of the first
        (TRUNCATED + b"\n" + ROOT + ROOT, True),
        (TRUNCATED, False),
    ],
    ids=["cut last", "bad last", "bad first", "cut first", "cut first of three", "none good"],
)
def test_some_stacks_keep_what_is_good_of_a_bundle(data: bytes, works: bool) -> None:
    assert with_ca(data) != "works"
    assert (with_ca(data, keeps_good_blocks=True) == "works") == works
