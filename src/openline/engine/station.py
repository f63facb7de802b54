"""A station: every line of one home.  One step is one event; `settle` ends the batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, ClassVar

from openline.charter import TABLE, LineDocuments, StationSeeds
from openline.delivery.line import Line
from openline.delivery.outgoing import Outgoing
from openline.delivery.routes import PATHS_OF_A_LINE, routes
from openline.delivery.secrets_pool import SecretsPool
from openline.delivery.state import Accepted, DocumentsChanged, DraftCame, Given, Happened
from openline.engine.acting import ACTS
from openline.engine.acts import decode_act
from openline.engine.alarms import Alarms
from openline.engine.answers import answer_good, answer_refused
from openline.engine.drafting import mend_drafts, release_ready, share_drafts, take_draft
from openline.engine.lateness import note_arrival
from openline.engine.local_rules import NO_LOCAL_RULES, LocalRules
from openline.engine.meaning import Meaning
from openline.errors import Misuse, OpenlineError, Rejected
from openline.identifiers import LineId, PathId, StationId
from openline.ports import (
    Acted,
    Batch,
    Changed,
    ClockStepped,
    Dial,
    DocumentBrought,
    Event,
    Instant,
    Kept,
    Ledger,
    PathLost,
    PathOpened,
    PathReady,
    Received,
    Refused,
    SecretsDrawn,
    Started,
    Stopping,
    Submitted,
    Suite,
    Wake,
    Woken,
)


@dataclass(frozen=True, slots=True)
class Home:
    """One line as this station's administrator set it up: which station this is there, and its private keys."""

    line: LineId
    me: StationId
    keys: StationSeeds


class Station:
    """Every line of one home.  A `ports.Machine`: the driver knows only `step`, `settle` and `fingerprint`."""

    def __init__(self, ledger: Ledger, suite: Suite, homes: Sequence[Home], local: LocalRules = NO_LOCAL_RULES) -> None:
        self.out = Outgoing(ledger)
        self.local = local
        self.lines: dict[LineId, Line] = {}
        self.meanings: dict[LineId, Meaning] = {}
        self._given = Given(suite, self.out, SecretsPool())
        self._alarms = Alarms()
        self._asked_wake: int | None = None
        for home in homes:
            documents = LineDocuments(home.line)
            documents.restore(ledger.kept(TABLE, home.line))
            self.lines[home.line] = Line(home.me, home.keys, documents, self._given)

    def step(self, event: Event, now: Instant) -> None:
        """Take one event.  Never raises because of what a peer sent or a person asked."""
        self._STEPS[type(event)](self, event, now)

    def settle(self, now: Instant) -> Batch:
        """Let paths take what they have room for; return rows to commit and effects to perform after it."""
        for identifier, line in self.lines.items():
            changed = set()
            while happenings := line.take_happened():
                changed |= {type(happened).__name__ for happened in happenings}
                for happened in happenings:
                    self._happened(identifier, line, happened, now)
            for what in sorted(changed):
                self.out.effect(Changed(identifier, what))
        for meaning in self.meanings.values():
            share_drafts(meaning)
            meaning.settle()
            if meaning.take_alarming():
                self._alarms.look_now()
        for line in self.lines.values():
            line.settle(now)
        self._given.secrets.refill(self.out)
        self._alarms.settle(self.meanings, self.out, now)
        self._ask_wake(now)
        return self.out.take()

    def fingerprint(self) -> bytes:
        """Return a digest of everything that decides what this station does next, timers relative to nothing."""
        parts = [line.fingerprint() for _, line in sorted(self.lines.items())]
        return sha256(b"".join([*parts, self._given.secrets.fingerprint()])).digest()

    # ------------------------------------------------------------ the steps

    def _started(self, event: Started, now: Instant) -> None:
        self._given.secrets.add(event.secrets)
        for index, line in enumerate(self.lines.values()):
            line.begin(PATHS_OF_A_LINE * index, now, restored=event.restored)
            self._mean(line, now)
        self._dial()

    def _secrets_drawn(self, event: SecretsDrawn, _now: Instant) -> None:
        self._given.secrets.add(event.secrets)

    def _submitted(self, event: Submitted, now: Instant) -> None:
        try:
            line = self._line(event.line)
            meaning = self.meanings[event.line]
            digest = line.say(event.statement, event.approvals, partial(meaning.check_own, approvals=event.approvals))
        except OpenlineError as error:
            answer_refused(self.out, event.token, error)
            return
        line.watched(now)
        answer_good(self.out, event.token, digest)

    def _acted(self, event: Acted, now: Instant) -> None:
        try:
            act, arguments = decode_act(event.act)
            line = self._line(event.line)
            digest = ACTS[act](self.meanings[event.line], arguments, now)
        except OpenlineError as error:
            answer_refused(self.out, event.token, error)
            return
        line.watched(now)
        answer_good(self.out, event.token, digest)

    def _path_opened(self, event: PathOpened, now: Instant) -> None:
        line = self._line_of(event.path)
        if line is not None:
            line.path_opened(event, now)

    def _path_ready(self, event: PathReady, _now: Instant) -> None:
        line = self._line_of(event.path)
        if line is not None:
            line.path_ready(event)

    def _path_lost(self, event: PathLost, now: Instant) -> None:
        line = self._line_of(event.path)
        if line is not None:
            line.path_lost(event, now)

    def _received(self, event: Received, now: Instant) -> None:
        line = self._line_of(event.path)
        if line is not None:
            line.receive(event, now)

    def _woken(self, _event: Woken, now: Instant) -> None:
        self._asked_wake = None
        for line in self.lines.values():
            line.wake(now)
        for meaning in self.meanings.values():
            meaning.wake(now)
            release_ready(meaning, now)

    def _clock_stepped(self, _event: ClockStepped, now: Instant) -> None:
        for line in self.lines.values():
            line.wake(now)

    def _document_brought(self, event: DocumentBrought, now: Instant) -> None:
        try:
            self._line(event.line).document(event.document, now)
        except OpenlineError as error:
            answer_refused(self.out, event.token, error)
            return
        answer_good(self.out, event.token)

    def _kept(self, event: Kept, now: Instant) -> None:
        """Take note of what a relay says to hold: no promise to anybody, but no reason to give it the same again."""
        line = self._line_of(event.path)
        if line is not None:
            line.path_kept(event, now)

    def _nothing(self, _event: Event, _now: Instant) -> None:
        """Stop in good order: there is nothing to say."""

    _STEPS: ClassVar[Mapping[type, Callable[[Station, Any, Instant], None]]] = {
        Started: _started,
        SecretsDrawn: _secrets_drawn,
        Submitted: _submitted,
        Acted: _acted,
        PathOpened: _path_opened,
        PathReady: _path_ready,
        PathLost: _path_lost,
        Received: _received,
        Kept: _kept,
        Woken: _woken,
        ClockStepped: _clock_stepped,
        DocumentBrought: _document_brought,
        Stopping: _nothing,
    }

    # ------------------------------------------------------------ what follows

    def _happened(self, identifier: LineId, line: Line, happened: Happened, now: Instant) -> None:
        if isinstance(happened, Accepted):
            self.meanings[identifier].accepted(happened, now)
            note_arrival(self.meanings[identifier], happened.judged, now.utc)
        elif isinstance(happened, DocumentsChanged):
            share_drafts(self.meanings[identifier])
            self.meanings[identifier].settle()  # what it has just heard goes with it into the new one
            line.documents_changed(now)
            self._mean(line, now)
            self._dial()
        elif isinstance(happened, DraftCame):
            try:
                take_draft(self.meanings[identifier], happened, now)
            except OpenlineError as error:
                rule = error.rule if isinstance(error, Rejected) else "R163"
                self.out.effect(Refused(None, rule, error.message))

    def _mean(self, line: Line, now: Instant) -> None:
        meaning = self.meanings[line.state.line] = Meaning(line, now.utc, self.local)
        mend_drafts(meaning)
        self._alarms.look_now()

    def _dial(self) -> None:
        self.out.effect(Dial([route for line in self.lines.values() for route in routes(line.state)]))

    def _ask_wake(self, now: Instant) -> None:
        times = [line.next_wake() for line in self.lines.values()]
        times += [meaning.next_wake(now) for meaning in self.meanings.values()]
        times.append(self._alarms.next_wake())
        wanted = min((time for time in times if time is not None), default=None)
        if wanted is not None and wanted != self._asked_wake:
            self._asked_wake = wanted
            self.out.effect(Wake(wanted))

    def _line(self, identifier: LineId) -> Line:
        line = self.lines.get(identifier)
        if line is None:
            raise Misuse("this station is not on that line", hint="`openline lines` lists the lines of this station.")
        return line

    def _line_of(self, path: PathId) -> Line | None:
        """Return the line of a path, None if a new roster has taken the path away."""
        index, lines = path // PATHS_OF_A_LINE, list(self.lines.values())
        if index < len(lines) and path in lines[index].state.paths:
            return lines[index]
        return None
