"""The rules of good conduct for a host, by name: what each one means, and what to do instead.

A rule is about what the host did, whatever came of it: an upload may be intact by luck. What counts
as a breach is told in each rule's `means`; `quecsim.judge.conduct` and its parts find them in the
events.
"""

from dataclasses import dataclass

import msgspec

from quecsim.units import S


class Breach(msgspec.Struct, frozen=True):
    """A rule that the host broke, where and how.

    `at_ns` is the model time of it; `at_byte` counts the bytes of the upload's payload and `offset`
    those of the host's whole stream, both from 0, and are None where no byte is meant. `text` says
    what was seen, `advice` what to do instead.
    """

    rule: str
    at_ns: int
    at_byte: int | None
    offset: int | None
    text: str
    advice: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`means` is the exact definition of a breach, `advice` what to do instead."""

    means: str
    advice: str


_BLOCK = "block (1024 bytes on most devices)"

RULES: dict[str, Rule] = {
    "line-mismatch": Rule(
        "The host wrote at a baud rate or frame that was not the device's, or had one while the "
        "device answered a command. (No breach, where the scenario says that any will do: "
        "`any_rate = true` of its `[line]`.)",
        "set the port to the device's rate and frame before the first byte (AT+IPR? and AT+ICF? "
        "tell them); after an AT+IPR read its OK first, and only then change the port",
    ),
    "flow-without-wires": Rule(
        "The host switched RTS/CTS on (AT+IFC=2,...) on a board on which RTS and CTS are not "
        "connected: the device waits for its CTS, and says nothing any more. What the host did "
        "not hear from then on is not held against it.",
        "connect RTS and CTS, or leave AT+IFC=0,0 and take ACK mode or pauses",
    ),
    "data-before-connect": Rule(
        "The host wrote file data after the upload command and before the device had said CONNECT "
        "(FILESTART for firmware), or an error.",
        "send the command, read until CONNECT (FILESTART for firmware) or an error has come, and "
        "only then write data",
    ),
    "no-wait-for-ack": Rule(
        "In ACK mode the host wrote a byte of the next block before the device had said the `A` "
        "for the block before it. (A note and no breach on a port that loses nothing: USB.)",
        f"after every {_BLOCK} read until the `A` has come, then write on",
    ),
    "ignored-error": Rule(
        "The device refused an upload and the host sent the data after all; or the last upload "
        "ended with an error, and the host said that all went well.",
        "look at the final result: everything but OK means that the file is not there",
    ),
    "trusted-short-upload": Rule(
        "The device did not have the whole file, had not said an error, and the host said that all "
        "went well.",
        "compare the size and the checksum in the device's summary with those of the file",
    ),
    "never-read": Rule(
        "The host ended and had read nothing of what the device said (on a port of a platform that "
        "tells, and where the device said anything).",
        "read what the device says: CONNECT, the `A`s, the final result; a pause does not tell how "
        "it went",
    ),
    "unread-answer": Rule(
        "The host had read nothing of CONNECT when it wrote file data, nothing of an `A` when it "
        "wrote on, or nothing of the upload's answer when it sent the next command, or left. (What "
        "a host throws away, tcflush, counts as read: on a pty nobody could tell.)",
        "read CONNECT, the `A`s and the final result before you go on: that they have come, a "
        "pause cannot know",
    ),
    "command-in-data-mode": Rule(
        "A line like a command, after a pause of 20 ms or more, was taken as file data; not at the "
        "file's beginning, nor right behind an `A` (unless as much did not fit at the end), nor "
        "where the file itself has that line.",
        "send nothing but the data between CONNECT and the final result; +++ ends data mode",
    ),
    "gave-up-early": Rule(
        "The host left, sent +++ with all data written, or sent the next command while the device "
        "was still at work on a file command, within the time that the command may take: the "
        "time-out given in it, counted from the last byte of data, or that of the manual (5 s); "
        "with firmware, until END.",
        "read until the final result has come, for as long as the command may take",
    ),
    "left-in-data-mode": Rule(
        "The host ended while the device was in data mode and waited for bytes that the host had "
        "not sent.",
        "send all the bytes that were announced, or leave with +++ (a pause of 1 s before and "
        "after it)",
    ),
    "existing-file": Rule(
        "The device refused an upload because the file exists already, and the host neither "
        "deleted it nor had the file accepted later. (No breach, where the upload may fail and "
        "the host says that it did.)",
        "delete the old file first: AT+QFDEL (AT+QSECDEL for certificates), whose error for a "
        "file that is not there may be passed over",
    ),
    "data-before-prompt": Rule(
        "The host wrote data behind a command that asks for it (AT+QMTPUB, AT+CMGS, AT+QISEND, "
        "AT+QHTTPPOST, AT+QHTTPURL, AT+QFTPPUT) before the device had said its prompt.",
        "send the command, read until the prompt (`> `, or CONNECT) or an error has come, and only "
        "then write the data",
    ),
    "no-wait-for-result": Rule(
        "The host wrote the next command for a client of the network before the result of the one "
        "before was there: AT+QMTOPEN, AT+QMTCONN, AT+QIOPEN, AT+QSSLOPEN, AT+QFTPOPEN, a request "
        "of HTTP or of FTP. Their OK says only that it has begun. (Commands that end the "
        "connection, AT+QMTCLOSE, AT+QICLOSE, AT+QHTTPSTOP and their like, may come at any time.) "
        "Or it wrote a command for the other side of a Bluetooth LE connection (AT+QBLEGATTCWRREQ, "
        'say) behind AT+QBLECONN, before +QBLEINFO: "DOWN"; and the device refused that.',
        "read on behind the OK until the result of the same name (+QMTOPEN:, +QHTTPGET:) has come, "
        'or +QBLEINFO: "DOWN" behind AT+QBLECONN, for as long as it may take',
    ),
    "no-connection": Rule(
        "The host was told that a client of the network has no connection (AT+QMTOPEN, AT+QIOPEN, "
        "AT+QFTPOPEN or the like failed, AT+QMTCONN was refused, a request failed, or the "
        'connection was lost: +QMTSTAT, +QIURC: "closed") and wrote a command that needs one; and '
        "the device refused that, too. Likewise of Bluetooth LE, before +QBLESTAT: "
        '"CONNECTED" and behind +QBLESTAT: "DISCONNECTED".',
        "look at the number in the result, and go on only behind success; else report the "
        "failure, or open the connection again",
    ),
    "more-than-mtu": Rule(
        "The host gave more data at once to Bluetooth LE (AT+QBLEGATTSNTFY, AT+QBLEGATTCWRCMD, "
        "AT+QBLEGATTCWRREQ) than the MTU less 3 bytes, 23 unless +QBLEMTU had said another one; "
        "and the device refused that.",
        "cut the data into pieces of the MTU less 3 bytes, and wait for +QBLEMTU or count on 23",
    ),
    "more-than-asked": Rule(
        "Behind the data that a command of the network had asked for (AT+QISEND=0,10, "
        "AT+QHTTPPOST=100) the host sent more, which was neither a command nor what ends lines.",
        "send as many bytes as the command announces: what comes behind them is a command, or lost",
    ),
    "flushed-result": Rule(
        "The host threw away what had come for it and it had not read, and a result or a notice of "
        "the network was in it, which the device says only once. (Known in virtual time: no "
        "system tells what a host throws away.)",
        "read what has come instead of throwing it away, and look at each line: results come when "
        "they come",
    ),
    "unread-data": Rule(
        'The host was told that a socket has something for it (+QIURC: "recv", '
        '+QSSLURC: "recv"), ended a second or more after that without having fetched any of it, '
        "and said that all went well.",
        "fetch what has come (AT+QIRD, AT+QSSLRECV), until there is no more; or have it pushed "
        "(access mode 1)",
    ),
    "missing-certificate": Rule(
        "A file that is configured for TLS (AT+QSSLCFG: cacert, clientcert, clientkey) was not on "
        "the device when the connection was opened, and no upload of it had been answered with OK.",
        "upload the file first, read the answer to that, and configure it by the same name",
    ),
    "ignored-connection": Rule(
        "The last connection that the host asked for had failed, been refused by its server, or "
        "not come to a result yet when the host ended; or its last request of HTTP or transfer of "
        "FTP had; and the host said that all went well.",
        "end with a failure unless the result (+QMTOPEN: and +QMTCONN:, +QHTTPGET:, +QFTPPUT:) has "
        "said that it went well",
    ),
}


def breach(
    rule: str,
    at_ns: int,
    text: str,
    *,
    at_byte: int | None = None,
    offset: int | None = None,
    block_bytes: int = 0,
) -> Breach:
    """A breach of `rule`, with the rule's own advice; one `A` answers for `block_bytes`."""
    advice = RULES[rule].advice
    if block_bytes:
        advice = advice.replace(_BLOCK, f"{block_bytes} bytes")
    return Breach(rule, at_ns, at_byte, offset, text, advice)


def breach_text(breach: Breach) -> str:
    """Which rule was broken, when, at which byte, and what to do instead."""
    place = "" if breach.at_byte is None else f", byte {breach.at_byte}"
    return f"{breach.rule} at {breach.at_ns / S:.3f} s{place}: {breach.text} -> {breach.advice}"
