"""The wall's clock as model time, perhaps faster or slower."""

import time
from fractions import Fraction


class WallClock:
    """Model nanoseconds since it was made; `scale` model seconds pass in each real one."""

    __slots__ = ("_den", "_num", "_origin_ns")

    def __init__(self, scale: float = 1.0) -> None:
        assert scale > 0, scale
        ratio = Fraction(scale).limit_denominator(1_000_000)
        self._num, self._den = ratio.numerator, ratio.denominator
        self._origin_ns = time.monotonic_ns()

    def now_ns(self) -> int:
        """Model time now."""
        return (time.monotonic_ns() - self._origin_ns) * self._num // self._den

    def real_ns(self, at_ns: int) -> int:
        """When model time `at_ns` comes, by the wall's monotonic clock, if nobody sets it back."""
        return self._origin_ns - (-at_ns * self._den // self._num)

    def seconds_until(self, at_ns: int) -> float:
        """Real seconds until model time `at_ns`; 0 if that is past."""
        left_ns = self.real_ns(at_ns) - time.monotonic_ns()
        return left_ns / 1e9 if left_ns > 0 else 0.0

    def set_back(self, at_ns: int) -> int:
        """It is `at_ns` now, which was a while ago; returns how many real nanoseconds ago."""
        passed_ns = time.monotonic_ns() - self.real_ns(at_ns)
        assert passed_ns >= 0, passed_ns
        self._origin_ns += passed_ns
        return passed_ns
