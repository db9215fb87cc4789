"""What a UART makes of bytes sent at another baud rate or frame than it listens with.

Each byte is looked at alone: its waveform is sampled in the middle of the bits that the receiver
believes in. Where the receiver finds no stop bit, the byte is a framing error and is dropped.
"""

from quecsim.uart.rate import Frame, Rate, UartRate


def wave(byte: int, frame: Frame) -> list[int]:
    """The bits of a character on the wire, start bit first; the line idles at 1."""
    bits = [(byte >> i) & 1 for i in range(frame.data_bits)]
    return [0, *bits, *_parity(bits, frame.parity), *([1] * frame.stop_bits)]


def garble(byte: int, sender: Rate, receiver: Rate) -> int | None:
    """The byte that `receiver` reads when `sender` sends `byte`; None for a framing error.

    Both must be UARTs: nothing else can be garbled.
    """
    assert isinstance(sender, UartRate)
    assert isinstance(receiver, UartRate)
    levels = wave(byte, sender.frame)
    frame = receiver.frame
    parity_bits = frame.parity != "N"

    def sample(index: int) -> int:
        # The middle of the receiver's bit `index`, counted in the sender's bits.
        place = (2 * index + 1) * sender.baud // (2 * receiver.baud)
        return levels[place] if place < len(levels) else 1

    if sample(0) != 0 or sample(1 + frame.data_bits + parity_bits) != 1:
        return None
    bits = [sample(1 + i) for i in range(frame.data_bits)]
    if parity_bits and [sample(1 + frame.data_bits)] != _parity(bits, frame.parity):
        return None
    return sum(bit << i for i, bit in enumerate(bits))


def _parity(bits: list[int], kind: str) -> list[int]:
    odd = sum(bits) % 2
    return {"N": [], "E": [odd], "O": [1 - odd], "M": [1], "S": [0]}[kind]
