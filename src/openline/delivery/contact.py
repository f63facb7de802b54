"""What is known of one other station's presence: signed greetings, and our own measurement of their absence."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from openline.identifiers import StationId
from openline.limits import CLOCK_STEP_S
from openline.wire.payloads import NONCE_BYTES, Greeting

PROBE_MS = 60_000  # machines probe every minute on good links
PROBE_SLOW_MS = 3_600_000  # and hourly on slow ones, where a greeting costs five seconds
PATIENT_PROBES = 5  # unanswered, before the time between them grows, ...
PROBE_SILENT_MS = 600_000  # ... up to ten minutes: a relay's 4,096 places last for four weeks
NO_NONCE = bytes(NONCE_BYTES)

NONCES_KNOWN = 128  # of one peer: two hours of its questions, a minute apart
LOGS_CLAIMED_MAX = 1_024  # of one peer: every station of the fullest line with several generations

LogKey = tuple[StationId, int]


@dataclass(slots=True)
class Contact:
    """One other station's presence.  Times ending in `_ms` are monotonic and of this run only."""

    nonce: bytes = NO_NONCE  # of our probe under way
    asked_ms: int = 0
    unanswered: int = 0  # probes since the last answer
    to_answer: bytes = NO_NONCE  # their newest nonce: every greeting answers it, for each may be the one to arrive
    asked_of_us: deque[bytes] = field(default_factory=lambda: deque(maxlen=NONCES_KNOWN))  # their last nonces
    heard_ms: int | None = None  # when any valid payload last came in
    alive_ms: int | None = None  # when a greeting last answered our nonce
    alive_utc: int = 0  # the same by our clock, kept: of an earlier run until one answers in this; 0 for never
    round_trip_ms: int = 0
    offset_s: int = 0  # their clock less ours, as the last greeting measured it
    said_utc: int = 0  # their clock in the last greeting that answered us
    went_back_utc: int = 0  # when we last saw their clock go back, by ours; 0 for never
    flash_misused: int = 0  # how often something that is not FLASH came from it in the FLASH lane
    watch: int = 0  # UTC of the last act of an officer there, as it says
    documents: bytes = b""
    apart: bytes = b""  # digests of our documents and of its, while they differ
    apart_asked: int = 0  # how often it was asked about that difference
    proof: bytes = b""  # the greeting itself, signed, that last answered our nonce
    holds: dict[LogKey, tuple[int, bytes]] = field(default_factory=dict)  # size and root, as it says
    told: dict[LogKey, int] = field(default_factory=dict)  # what it confirmed to have been told
    telling: dict[LogKey, int] = field(default_factory=dict)  # what the probe under way tells
    asked: dict[LogKey, int] = field(default_factory=dict)  # up to where entries were asked for last
    behind_since_ms: dict[LogKey, int] = field(default_factory=dict)  # it holds more of this log than we do

    def wants_proof(self, now_ms: int, every_ms: int) -> bool:
        """Whether it is time to probe: no answer for half the cadence, and no probe under way that is younger.

        Who stays silent is asked less and less often, so that questions fill no relay: it greets when it comes back.
        """
        patience = every_ms // 2 << min(max(0, self.unanswered - PATIENT_PROBES), 16)
        if self.nonce != NO_NONCE and now_ms - self.asked_ms < min(patience, max(every_ms // 2, PROBE_SILENT_MS)):
            return False
        return self.alive_ms is None or now_ms - self.alive_ms >= every_ms // 2

    def silent(self, now_ms: int, limit_ms: int) -> bool:
        """Whether no greeting has answered us for so long, in this run."""
        return self.alive_ms is None or now_ms - self.alive_ms >= limit_ms

    def probed(self, nonce: bytes, telling: dict[LogKey, int], now_ms: int) -> None:
        """Note that a probe goes out.  Every greeting carries its nonce until the answer, by whatever path."""
        self.nonce, self.asked_ms, self.telling = nonce, now_ms, telling
        self.unanswered += 1

    def greeted(self, greeting: Greeting, payload: bytes, now_utc: int, now_ms: int) -> None:
        """Take in a verified greeting and its payload.  Only an answer to our nonce says that it is alive now."""
        self.heard_ms = now_ms
        if greeting.nonce not in (NO_NONCE, *self.asked_of_us):
            # A question asked before is an old greeting said again: it must not drown the one that is under way.
            self.to_answer = greeting.nonce
            self.asked_of_us.append(greeting.nonce)
        if greeting.answered == NO_NONCE or greeting.answered != self.nonce:
            self._claims(greeting, growing=True)  # it will think us told: it is not said again when it is fresh
            return
        self.nonce, self.proof, self.unanswered = NO_NONCE, payload, 0
        self.alive_ms, self.alive_utc, self.round_trip_ms = now_ms, now_utc, now_ms - self.asked_ms
        self.offset_s = greeting.time - now_utc
        if greeting.time < self.said_utc - CLOCK_STEP_S:
            self.went_back_utc = now_utc  # each answers a later question, so their clock cannot have gone on
        self.said_utc = greeting.time
        self.watch, self.documents = greeting.watch, greeting.documents
        self.told.update(self.telling)
        self._claims(greeting, growing=False)

    def _claims(self, greeting: Greeting, *, growing: bool) -> None:
        """Note what it says it holds.  growing: an old greeting may have been said again, so only more counts.

        A log of no entries is noted too: a station's own says that its generations before have ended.
        """
        for log in greeting.logs:
            key = (log.station, log.generation)
            size, _ = self.holds.get(key, (-1, b""))
            room = key in self.holds or len(self.holds) < LOGS_CLAIMED_MAX
            if room and (log.size > size or not growing):
                self.holds[key] = log.size, log.root
