"""The transfers of a real device: asked for, begun, and over, as both sides' words tell.

Of data to the device one transfer is open at a time, as on the device. Data to the host is only
noted: the device's words hold all of it.
"""

from quecsim.at.spec import Ask
from quecsim.observed.account import Account, Said
from quecsim.observed.calls import Line
from quecsim.observed.incoming import Incoming
from quecsim.observed.ledger import Ledger
from quecsim.trace import event as ev
from quecsim.trace.eaten import EatenWhy
from quecsim.trace.kinds import PACKAGE_UPLOAD, SLOT_UPLOAD, UPLOADS, WRITE_BY_HANDLE

_SUB, _ESC = 0x1A, 0x1B
_TYPED_ENDS = bytes((_SUB, _ESC))
_NETWORK = "the network"
_ESCAPE = b"+++"
_MOST_HIDDEN_BYTES = 64 << 20


class Transfers:
    """`block_bytes` is what one `A` stands for."""

    def __init__(self, ledger: Ledger, block_bytes: int, *, is_exact: bool = True) -> None:
        """`is_exact`: the host's bytes are heard as they are, all of them."""
        self._is_exact = is_exact
        self._ledger = ledger
        self._block_bytes = block_bytes
        self._count = 0
        self._open: set[int] = set()  # asked for and not over
        self._incoming: Incoming | None = None  # its data is wanted, or will be
        self._rest: tuple[int, bytes] | None = None  # no data, as it turned out
        self.is_summed_up = False  # and the result has not come

    @property
    def is_wanted(self) -> bool:
        """The host's next bytes are data, or wait until it is known whether they are."""
        return self._incoming is not None

    @property
    def has_acks(self) -> bool:
        """An `A` may come."""
        return self._incoming is not None and self._incoming.is_open and self._incoming.ack

    @property
    def is_online(self) -> bool:
        """The port is a connection's, until that ends."""
        incoming = self._incoming
        return incoming is not None and incoming.is_online

    @property
    def is_escaped(self) -> bool:
        """The last that the host has sent to the connection is `+++`."""
        return self._incoming is not None and self._incoming.tail == _ESCAPE

    def may_be_unheard(self, transfer: int) -> bool:
        """What came for `transfer`, which the device has not begun, may be command lines."""
        incoming = self._incoming
        if incoming is None or incoming.transfer != transfer or incoming.is_open:
            return False
        is_plain = incoming.size > 0 and incoming.command != PACKAGE_UPLOAD
        return is_plain and b"\r" in incoming.data

    def unheard(self, now_ns: int) -> None:
        """The device has not read the line that asked for it."""
        assert self._incoming is not None
        transfer = self._incoming.transfer
        self._drop()
        self._over(now_ns, transfer, "OK", None, "")

    def rest(self) -> tuple[int, bytes] | None:
        """Bytes that are no data, and where they begin; None for none. Once."""
        self.is_summed_up = False
        rest, self._rest = self._rest, None
        return rest

    def keep(self, offset: int, data: bytes) -> bool:
        """The host has sent `data`. Between the device's sum and its result it belongs to the
        rest: the device reads it when it has said both.
        """
        if self.is_summed_up:
            begin, rest = self._rest or (offset, b"")
            self._rest = begin, rest + data
        return self.is_summed_up

    # asked and begun

    def ask(self, now_ns: int, line: Line, ask: Ask, claim: int) -> int:
        """A line asks for a transfer, its data from byte `claim` on; returns its number."""
        self._count += 1
        transfer, way = self._count, "in" if ask.is_in else "out"
        self._open.add(transfer)
        command = next(each.name for each in reversed(line.calls) if each.ask is ask)
        self._ledger.add(
            ev.TransferAsked(
                now_ns, transfer, line.number, command, way, ask.name, ask.size, ask.timeout_ns,
                ask.upgrade,
            )
        )  # fmt: skip
        if ask.is_in:
            to = "" if command in UPLOADS else _NETWORK
            self._incoming = Incoming(
                transfer, command, ask.name, ask.size, claim, _wants_acks(line), to
            )
        return transfer

    def open(self, now_ns: int, transfer: int, *, at_prompt: bool = False) -> bool:
        """The device has said that it takes the data of `transfer`; False where it wants none."""
        incoming = self._incoming
        if incoming is None or incoming.transfer != transfer or incoming.is_open:
            return False
        incoming.is_open, incoming.early = True, len(incoming.data)
        if at_prompt and not incoming.size:
            incoming.end_bytes = _TYPED_ENDS
        self._ledger.add(
            ev.DataBegin(
                now_ns, incoming.claim, incoming.command, incoming.name, incoming.size,
                incoming.ack, incoming.early, transfer, self._block_bytes if incoming.ack else 0,
            )
        )  # fmt: skip
        if incoming.to:
            early, incoming.data = bytes(incoming.data), bytearray()
            count = self._pass_on(now_ns, incoming, early)
            if count < len(early):
                self._rest = (incoming.claim + count, early[count:])
        return True

    def go_online(self, now_ns: int, line: Line, offset: int) -> None:
        """The port is a connection's from byte `offset` on, until that ends."""
        if self._incoming is None:
            ask = Ask(_NETWORK)
            line.calls[-1].ask = ask
            line.transfer = self.ask(now_ns, line, ask, offset)
            self.open(now_ns, line.transfer)

    # the host's bytes

    def take(self, now_ns: int, data: bytes, *, follows_line: bool) -> int:
        """The host has sent `data`; returns how much of it was taken. `follows_line`: it stands
        right behind the command line, whose LF may be the first of it.
        """
        incoming = self._incoming
        assert incoming is not None
        if follows_line and not incoming.is_open and not incoming.data and data[:1] == b"\n":
            lf = EatenWhy.LF_AFTER_CR
            self._ledger.add(ev.Eaten(now_ns, now_ns, incoming.claim, 1, lf, b"\n"))
            incoming.claim += 1
            return 1
        if incoming.to and incoming.is_open:
            return self._pass_on(now_ns, incoming, data)
        incoming.take(now_ns, data)
        return len(data)

    def _pass_on(self, now_ns: int, incoming: Incoming, data: bytes) -> int:
        """Data that goes on from the device: up to its size, or the byte that ends it."""
        count, end = len(data), None
        if incoming.end_bytes:
            ends = [at for byte in incoming.end_bytes if (at := data.find(byte)) >= 0]
            end = min(ends, default=None)
            count = len(data) if end is None else end
        elif incoming.size:
            count = min(count, incoming.size - incoming.passed)
        incoming.passed += count
        incoming.tail = (incoming.tail + data[:count])[-len(_ESCAPE) :]
        total, transfer = incoming.passed, incoming.transfer
        if count:
            self._ledger.add(ev.Forwarded(now_ns, incoming.to, count, total, transfer))
        if end is not None:
            why = EatenWhy.TERMINATOR if data[end] == _SUB else EatenWhy.CANCEL
            offset = incoming.claim + total
            self._ledger.add(ev.Eaten(now_ns, now_ns, offset, 1, why, data[end : end + 1]))
            self._data_end(now_ns, incoming, offset + 1, "terminator", total, 0)
            return count + 1
        if incoming.size and total == incoming.size:
            self._data_end(now_ns, incoming, incoming.claim + total, "size", total, 0)
            return count
        return count

    # the device's words

    def acked(self, now_ns: int) -> None:
        """An `A` has come."""
        incoming = self._incoming
        assert incoming is not None
        incoming.acked = min(incoming.acked + self._block_bytes, incoming.size)
        self._ledger.add(ev.Ack(now_ns, incoming.acked, incoming.transfer))

    def is_taken_by(self, command: str) -> bool:
        """The data of an upload with `command` is on its way."""
        incoming = self._incoming
        return incoming is not None and incoming.is_open and incoming.command == command

    def summed_up(self, now_ns: int, text: str, command: str, first: str, second: str) -> None:
        """The device's line about an upload: two numbers, the second in hexadecimal for most."""
        if not self.is_taken_by(command):
            return
        incoming = self._incoming
        assert incoming is not None
        if command == WRITE_BY_HANDLE:
            said = Said(int(first), file_bytes=int(second) if second.isdigit() else None)
        else:
            said = Said(int(first), int(second, 16) & 0xFFFF, int(first))
        self._settle(now_ns, incoming, said, text)
        self.is_summed_up = True

    def upgraded(self, now_ns: int, step: str, number: int | None) -> None:
        """A step of a firmware upgrade."""
        incoming = self._incoming
        if incoming is not None and incoming.command == PACKAGE_UPLOAD:
            if step == "FILESTART":
                self.open(now_ns, incoming.transfer)
            elif incoming.is_open and step in ("FILEEND", "START", "END"):
                is_well = not number
                count = min(len(incoming.data), incoming.size)
                transfer = incoming.transfer
                self._settle(now_ns, incoming, Said(count) if is_well else None, "")
                self._over(now_ns, transfer, "OK" if is_well else f"FILEEND,{number}", None, "")
        self._ledger.add(ev.UpgradeStep(now_ns, step, number))

    def answered(
        self, now_ns: int, line: Line, result: str, number: int | None, cause: str
    ) -> None:
        """The final result of a line that may have asked for a transfer."""
        incoming = self._incoming
        if incoming is not None and incoming.transfer == line.transfer:
            if incoming.command == PACKAGE_UPLOAD and not incoming.is_open and result == "OK":
                return  # its data comes now
            if incoming.is_open:  # AT+QSSLCERT tells nothing but that it has all
                is_whole = incoming.command == SLOT_UPLOAD and result == "OK"
                self._settle(now_ns, incoming, Said(incoming.size) if is_whole else None, "")
            else:
                self._drop()
        self._over(now_ns, line.transfer, result, number, cause)

    def hang_up(self, now_ns: int) -> bool:
        """A result without a command: the connection that had the port is over, if one had."""
        incoming = self._incoming
        if incoming is None or not incoming.to or not incoming.is_open:
            return False
        self._settle(now_ns, incoming, None, "")
        self._over(now_ns, incoming.transfer, "OK", None, "")
        return True

    def cut(self, now_ns: int) -> None:
        """The device has started anew: nothing that was open is any more."""
        incoming = self._incoming
        if incoming is not None and incoming.is_open:
            self._settle(now_ns, incoming, None, "", why="power")
        elif incoming is not None:
            self._drop()
        for transfer in sorted(self._open):
            self._over(now_ns, transfer, "", None, "")

    # its end

    def _settle(
        self, now_ns: int, incoming: Incoming, said: Said | None, text: str, why: str = ""
    ) -> None:
        """Data mode is over; `said` None: the device has not told how much came."""
        if incoming.to:
            total = incoming.passed
            self._data_end(now_ns, incoming, incoming.claim + total, why or "escape", total, 0)
            return
        if said is None:
            self._settle_untold(now_ns, incoming, why or "idle")
            return
        if not self._is_exact:
            self._settle_unheard(now_ns, incoming, said, text)
            return
        found, told = incoming.account(said), said
        at = incoming.claim
        begin, end = at + found.thrown_away, at + found.window
        self._ledger.add(*incoming.swallowed(now_ns, begin, end))
        self._eat(now_ns, at, incoming.data[: found.thrown_away], EatenWhy.EARLY)
        if found.inserted:
            noise = ev.Noise(now_ns, at + found.window, found.inserted, "inserted", -found.inserted)
            self._ledger.add(noise)
        total = found.stored if told.file_bytes is None else told.file_bytes
        name, transfer = incoming.name, incoming.transfer
        if found.stored:
            self._ledger.add(ev.Stored(now_ns, name, found.stored, total, transfer))
        end = found.window - found.escape
        self._eat(now_ns, at + end, incoming.data[end : found.window], EatenWhy.ESCAPE)
        self._ledger.add(*_unseen(now_ns, incoming, found))
        why = why or _why(found, incoming)
        stored, offset = found.stored, at + found.window
        self._data_end(
            now_ns, incoming, offset, why, stored, stored, text, told.checksum, told.file_bytes
        )

    def _settle_unheard(self, now_ns: int, incoming: Incoming, said: Said, text: str) -> None:
        """What the host sent was not heard as it was: so much came as the device says, and no more
        is known. What it must have sent besides is hidden.
        """
        at, heard = incoming.claim, len(incoming.data)
        hidden = said.count - heard
        if hidden > _MOST_HIDDEN_BYTES:
            self._settle_untold(now_ns, incoming, "idle")
            return
        if hidden > 0:
            data = b"*" * hidden
            incoming.data += data
            self._ledger.add(ev.HostBytes(now_ns, at + heard, data, ((0, hidden),)))
        transfer, total = incoming.transfer, said.file_bytes
        if said.count:
            total = said.count if total is None else total
            self._ledger.add(ev.Stored(now_ns, incoming.name, said.count, total, transfer))
        span = len(incoming.data)
        self._ledger.add(ev.Unseen(now_ns, at, span, 0, transfer, is_unheard=True))
        why = "size" if said.count >= incoming.size else "idle"
        self._data_end(
            now_ns, incoming, at + span, why, said.count, said.count, text, said.checksum,
            said.file_bytes,
        )  # fmt: skip

    def _settle_untold(self, now_ns: int, incoming: Incoming, why: str) -> None:
        """Data mode is over, and the device has not said how much came: nobody knows."""
        count, at = len(incoming.data), incoming.claim
        self._ledger.add(*incoming.swallowed(now_ns, at, at + count))
        self._ledger.add(ev.Unseen(now_ns, at, count, 0, incoming.transfer, is_untold=True))
        self._data_end(now_ns, incoming, at + count, why, 0, 0)

    def _data_end(
        self,
        now_ns: int,
        incoming: Incoming,
        offset: int,
        why: str,
        received: int,
        stored: int,
        text: str = "",
        checksum: int | None = None,
        file_bytes: int | None = None,
    ) -> None:
        self._ledger.add(
            ev.DataEnd(
                now_ns, offset, why, received, stored, text, incoming.transfer, checksum, file_bytes
            )
        )
        self._incoming = None
        behind = bytes(incoming.data[offset - incoming.claim :])
        if behind:
            self._rest = (offset, behind)

    def _eat(self, now_ns: int, offset: int, data: bytes | bytearray, why: EatenWhy) -> None:
        if data:
            self._ledger.add(ev.Eaten(now_ns, now_ns, offset, len(data), why, bytes(data)))

    def _drop(self) -> None:
        """The data that came already is not wanted."""
        incoming, self._incoming = self._incoming, None
        assert incoming is not None
        if incoming.data:
            self._rest = (incoming.claim, bytes(incoming.data))

    def _over(
        self, now_ns: int, transfer: int, result: str, number: int | None, cause: str
    ) -> None:
        if transfer in self._open:
            self._open.remove(transfer)
            self._ledger.add(ev.TransferEnd(now_ns, transfer, result, number, cause))


def _wants_acks(line: Line) -> bool:
    """`AT+QFUPL=<name>,<size>,<timeout>,1`."""
    return any(each.name == "+QFUPL" and each.arguments[3:4] == ("1",) for each in line.calls)


def _unseen(now_ns: int, incoming: Incoming, found: Account) -> list[ev.Unseen]:
    if not found.missing and not found.is_altered:
        return []
    span = found.window - found.escape - found.thrown_away
    offset = incoming.claim + found.thrown_away
    return [ev.Unseen(now_ns, offset, span, found.missing, incoming.transfer)]


def _why(found: Account, incoming: Incoming) -> str:
    if found.escape:
        return "escape"
    return "size" if found.stored >= incoming.size else "idle"
