"""Faults in words, for people who read a report or a list."""

from quecsim.faults.spec import (
    AckLate,
    AckLost,
    BitError,
    Break,
    ConnectLate,
    DiskFull,
    DropBytes,
    EchoOn,
    ErrorReply,
    ExistingFile,
    Fault,
    InsertBytes,
    PowerCutFault,
    ResetFault,
    RtsStuck,
    SplitReply,
    UrcFault,
)


def fault_text(fault: Fault) -> str:
    """What the fault is to do, in a few words and without a full stop."""
    match fault:
        case BitError() | DropBytes() | InsertBytes() | Break():
            return f"{_line(fault)}{' to the host' if fault.direction == 'to_host' else ''}"
        case AckLate():
            return f"A {_which(fault.ack, fault.every)} comes {fault.delay_ms} ms late"
        case AckLost():
            return f"A number {fault.ack} is never sent"
        case ConnectLate():
            return f"CONNECT number {fault.connect} comes {fault.delay_ms} ms late"
        case ErrorReply():
            more = f" and the {fault.times - 1} after it" if fault.times > 1 else ""
            return f"call {fault.call} of AT{fault.command}{more} answers {fault.reply}"
        case SplitReply():
            which = _which(fault.reply, fault.every)
            return f"reply {which} in pieces of {fault.piece_bytes}, {fault.pause_ms} ms apart"
        case UrcFault():
            return f"{fault.text} {_urc_place(fault)}"
        case _:
            return _device(fault)


def _device(fault: Fault) -> str:
    match fault:
        case PowerCutFault(at_flash_op=int()):
            return f"power cut in flash operation {fault.at_flash_op}{_back(fault)}"
        case PowerCutFault():
            return f"power cut {_place(fault.at_byte, fault.at_ms)}{_back(fault)}"
        case ResetFault():
            return f"reset {_place(fault.at_byte, fault.at_ms)}"
        case DiskFull():
            return f"about {fault.free_bytes} bytes of the storage are free"
        case ExistingFile():
            return f"{fault.name} is there already"
        case EchoOn():
            return "ATE0 leaves the echo on"
        case RtsStuck():
            end = f" for {fault.for_ms} ms" if fault.for_ms is not None else ""
            return f"RTS stuck at {fault.state} from {fault.from_ms} ms on{end}"
        case _:
            raise AssertionError(fault)


def _line(fault: BitError | DropBytes | InsertBytes | Break) -> str:
    match fault:
        case BitError():
            bit = "a bit" if fault.bit is None else f"bit {fault.bit}"
            return f"{bit} turned over in {_bytes(fault)}"
        case DropBytes():
            return f"{_bytes(fault)} lost on the line"
        case InsertBytes():
            return f"{bytes(fault.bytes)!r} inserted before {_bytes(fault)}"
        case Break():
            place = f"at {fault.at_ms} ms" if fault.at_byte is None else f"at byte {fault.at_byte}"
            return f"a break of {fault.break_ms} ms {place}"


def _bytes(fault: BitError | DropBytes | InsertBytes) -> str:
    if fault.at_byte is None:
        return f"{fault.per_million} bytes of a million"
    count = 1 if isinstance(fault, InsertBytes) else fault.count
    return f"byte {fault.at_byte}" if count == 1 else f"{count} bytes from byte {fault.at_byte}"


def _which(number: int | None, every: int | None) -> str:
    return f"number {number}" if every is None else f"(each {every}.)" if every > 1 else "(each)"


def _place(at_byte: int | None, at_ms: int | None) -> str:
    return f"at {at_ms} ms" if at_byte is None else f"at byte {at_byte} of the data"


def _urc_place(fault: UrcFault) -> str:
    if fault.moment is None:
        return _place(fault.at_byte, fault.at_ms)
    moment = fault.moment.replace("_", " ")
    return f"{moment}, time {fault.nth}" if fault.nth > 1 else moment


def _back(fault: PowerCutFault) -> str:
    return f", back after {fault.off_ms} ms" if fault.off_ms is not None else ""
