"""One generation an hour from one station: more are a flood, because each is a log that everybody must remember.

Several may come at once to who has been away, or is new; then one an hour.  What is refused comes again: its author
sends until the receipt.  Counted in memory, because a start that forgets it costs little.
"""

from __future__ import annotations

from openline.errors import Inadmissible
from openline.identifiers import StationId

AT_ONCE_MAX = 24  # a station that restores its backup every week needs half a year for as many
HOUR_MS = 3_600_000


class GenerationsHeard:
    """How many generations of each station were new here of late."""

    def __init__(self) -> None:
        self._heard: dict[StationId, int] = {}
        self._counted_ms = 0

    def pass_time(self, now_ms: int) -> None:
        """Let each station begin one more for every hour that has passed."""
        hours = (now_ms - self._counted_ms) // HOUR_MS
        self._counted_ms += hours * HOUR_MS
        if hours:
            self._heard = {station: heard - hours for station, heard in self._heard.items() if heard > hours}

    def begin(self, station: StationId) -> None:
        """Count one new generation.  Raises Inadmissible (R134) if there were too many."""
        if self._heard.get(station, 0) >= AT_ONCE_MAX:
            raise Inadmissible("R134", "a station begins more than one generation an hour", station=station)
        self._heard[station] = self._heard.get(station, 0) + 1
