"""A limit on how much comes in, kept in memory: so many at once, and so many a second after that."""

from __future__ import annotations

from threading import Lock

from integrations.clock import Clock


class TokenBucket:
    """Holds `burst` tokens and gets `rate_per_s` back each second. Safe to use from any thread."""

    def __init__(self, rate_per_s: float, burst: int, clock: Clock) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._filled_at = clock()
        self._lock = Lock()

    def take(self) -> bool:
        """One token, or `False` where there is none. A clock that is set back costs nothing."""
        with self._lock:
            now = self._clock()
            passed_s = max(0.0, (now - self._filled_at).total_seconds())
            self._tokens = min(self._burst, self._tokens + passed_s * self._rate_per_s)
            self._filled_at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
