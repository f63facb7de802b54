"""How fast another station's words come in, against the charter's rate: what is beyond waits in its own queues.

A bucket for each station, filled evenly at the charter's rate, and for as long as nothing at all was heard of the
station: so whoever was cut off, or whose words waited at a relay, is taken at once, because an honest station let no
more go in that time.  What finds the bucket empty is not taken.  Nothing is lost by that: it has no receipt, so its
author sends it again.  Others' words, and anybody's FLASH within its own bucket, never wait for it.

How fast they came is our own measurement, no proof: a relay that holds words back and lets greetings pass looks alike.
"""

from __future__ import annotations

MINUTE_MS = 60_000
BURST_MINUTES = 2  # a sender lets one minute's entries go at once; as much again for what paths delayed
FLASH_A_MINUTE = 60  # at least, whatever the charter's rate: a person says a FLASH in seconds, not more
CREDIT_MS_MAX = 31 * 86_400_000  # of silence: longer than anything waits at a relay
SHOWN_S = 600  # the alarm stands so long after the last entry beyond the rate


class Bucket:
    """Places for entries: one more every so often, up to `BURST_MINUTES`; more only while its station is silent."""

    def __init__(self) -> None:
        self._level: int | None = None  # `MINUTE_MS` for each entry; each millisecond adds the entries of a minute
        self._at_ms = 0

    def fill(self, a_minute: int, now_ms: int, silent_ms: int) -> None:
        """Let time pass.  silent_ms: how long the station was not heard of, before this run too."""
        if self._level is not None and now_ms == self._at_ms and silent_ms <= MINUTE_MS:
            return  # within one millisecond, as most of a batch comes, nothing grows
        full = BURST_MINUTES * MINUTE_MS * a_minute
        if self._level is None:
            self._level, passed = full, silent_ms
        else:
            passed = now_ms - self._at_ms
        self._at_ms = now_ms
        filled = self._level + min(passed, CREDIT_MS_MAX) * a_minute
        self._level = filled if silent_ms > MINUTE_MS else min(max(full, self._level), filled)

    def take(self) -> bool:
        """Take a place if there is one."""
        if self._level is None or self._level < MINUTE_MS:
            return False
        self._level -= MINUTE_MS
        return True


class Inflow:
    """What one station's entries cost.  Kept in memory of one run."""

    def __init__(self) -> None:
        self._ordinary, self._flash = Bucket(), Bucket()
        self._minute = 0
        self._count = 0
        self._told_minute = -1
        self.most = 0  # entries offered in one minute, while more came than may
        self.over_utc = 0  # when one was last beyond the rate; 0 for never

    def fill(self, a_minute: int, now_ms: int, silent_ms: int) -> None:
        """Let time pass until something of the station comes in; silent_ms: since when nothing had."""
        self._ordinary.fill(a_minute, now_ms, silent_ms)
        self._flash.fill(max(a_minute, FLASH_A_MINUTE), now_ms, silent_ms)

    def ordinary(self, now_ms: int) -> bool:
        """Count an entry that is offered; return whether it may be taken as any other."""
        if now_ms // MINUTE_MS != self._minute:
            self._minute, self._count = now_ms // MINUTE_MS, 0
        self._count += 1
        return self._ordinary.take()

    def flash(self) -> bool:
        """Return whether an entry for which there is no ordinary place may be taken as a FLASH."""
        return self._flash.take()

    def over(self, utc: int) -> bool:
        """Note that one was beyond the rate; return whether to tell of it, which is once a minute."""
        if not self.is_over(utc):
            self.most = 0
        self.most, self.over_utc = max(self.most, self._count), utc
        told, self._told_minute = self._told_minute, self._minute
        return told != self._minute

    def is_over(self, utc: int) -> bool:
        """Whether more came than may, within the last ten minutes."""
        return bool(self.over_utc) and utc - self.over_utc < SHOWN_S
