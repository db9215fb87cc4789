"""A token in bytes that come piece by piece: where a read that waits for it ends."""


def length_to(token: bytes, had: bytearray, data: bytes | bytearray, start: int, most: int) -> int:
    """How many bytes from `start` on up to and with `token`, but no more than `most`. It may have
    begun in the bytes `had`.
    """
    longest = min(most, len(data) - start)
    if not token:
        return longest
    begun = len(token) - 1  # bytes of it, at most
    if begun and had:
        tail = had[-begun:]
        place = (tail + data[start : start + min(begun, longest)]).find(token)
        if place >= 0:
            return place + len(token) - len(tail)
    place = data.find(token, start, start + longest)
    return longest if place < 0 else place + len(token) - start
