"""What statements mean on one line: the desk, fed with everything that delivery accepted."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from openline.catalogue.kinds import CATALOGUE, CatalogueError, OtherCatalogue, catalogue_hash, validate
from openline.charter import Rules as CharterRules
from openline.delivery.accepting import REFUSED, place_key
from openline.delivery.charter_in_use import joined_by
from openline.delivery.judge import Judged
from openline.delivery.line import Line
from openline.delivery.state import Accepted
from openline.dialogue.desk import Desk
from openline.dialogue.errors import UnknownMessage
from openline.dialogue.events import Alarm, Event, EventKind
from openline.dialogue.permitted import Speaker, check_sender
from openline.dialogue.release import Releases
from openline.dialogue.replying import lacking_approvals
from openline.dialogue.rules import Rules
from openline.dialogue.said import Approver, Said
from openline.dialogue.states import Standing
from openline.engine.evidence import Receipted
from openline.engine.line_states import TABLE as LINE_STATES
from openline.engine.line_states import LineStates, SaidOfLine
from openline.engine.local_rules import NO_LOCAL_RULES, LocalRules
from openline.engine.principal import PrincipalNotes
from openline.engine.translations import Translations
from openline.errors import Inadmissible, Misuse
from openline.identifiers import Digest, OfficerNumber, PartyNumber, party_of
from openline.ports import Instant, Refused
from openline.wire.cbor import encode
from openline.wire.entry import unpack_approvals
from openline.wire.statement import GENERATION_KIND, Statement

DESK = "desk-"  # before the names of the desk's tables
DESK_TABLES = ("said", "reminder", "silenced", "followed-up", "attended", "draft", "draft-over")
TAKEN_BACK = (Standing.CANCELLED, Standing.RETRACTED)  # a line state of which its party says so was never in force
ALARMING = frozenset({EventKind.ALARM, EventKind.CALL, EventKind.CRISIS, EventKind.REMINDER, EventKind.TICK_OVERDUE})


@lru_cache(maxsize=64)
def rules_of(charter: CharterRules | None) -> Rules:
    """Return the rules of dialogues under a charter's rules; made once for each."""
    return Rules(CATALOGUE, charter)


class Meaning:
    """One line's desk.  Make it anew when another charter comes into force."""

    def __init__(self, line: Line, utc: int, local: LocalRules = NO_LOCAL_RULES) -> None:
        self.line = line
        self.local = local
        charter = line.state.documents.charter
        members = [PartyNumber(member.party) for member in charter.members] if charter else []
        rules = rules_of(charter.rules if charter else None)
        roles = {PartyNumber(member.party): member.role for member in charter.members} if charter else {}
        joined = {party: number for party in members if (number := joined_by(line.state, party))}
        self.desk = Desk(
            PartyNumber(line.state.party), members, rules, Receipted(line.state), local.rota, roles, joined
        )
        kept = [
            (table, key[len(line.state.line) :], value)
            for table in DESK_TABLES
            for key, value in line.state.given.out.values(DESK + table, line.state.line)
        ]
        self.desk.restore(kept, utc)
        self.releases = Releases(line.state.me)
        self.releases.restore(kept)
        self.principal_notes = PrincipalNotes(line.state.line, line.state.given.out)
        self.translations = Translations(line.state.line, local.translation, line.state.given.out)
        said = line.state.given.out.values(LINE_STATES, line.state.line)
        self._line_states = LineStates(line.state.line, said, charter.statuses if charter else ())
        self._alarming = False

    def check(self, statement: Statement) -> None:
        """Raise CatalogueError unless the catalogue of the charter in force reads this body; nothing is guessed."""
        self.check_catalogue()
        validate(CATALOGUE.kind(statement.kind), statement.body)

    def check_own(self, statement: Statement, approvals: bytes) -> None:
        """Raise unless we may say this: the catalogue reads it, lets us say it, and all who must have approved.

        Every receiver judges the same again.  Raises CatalogueError, or Inadmissible (R170 to R175).
        """
        self.check(statement)
        self.check_permitted(statement, self.line.state.party)
        given = [approval.officer for approval in unpack_approvals(approvals)]
        lacking = lacking_approvals(self.desk.book, statement, self.approvers(self.line.state.party, given))
        if lacking:
            code = CATALOGUE.kind(statement.kind).code
            raise Inadmissible("R175", f"{code} to what it names takes {lacking}", hint="Let them approve it first.")

    def check_permitted(self, statement: Statement, party: int) -> None:
        """Raise Inadmissible (R170 to R174) unless the catalogue lets this party and officer say this kind."""
        documents = self.line.state.documents
        terms = documents.terms(statement.charter)
        role = terms.roles.get(party) if terms is not None else None
        if terms is None or role is None:
            return  # delivery holds or refuses such a statement (R100, R101)
        officer = documents.officer(party, statement.officer) if statement.officer else None
        roles = officer.roles if officer is not None else None
        check_sender(CATALOGUE.kind(statement.kind), statement, Speaker(role, terms.roles.values(), roles))

    def check_catalogue(self) -> None:
        """Raise OtherCatalogue unless this station has the very catalogue that the charter in force names."""
        charter = self.line.state.documents.charter
        if charter is not None and charter.catalogue != catalogue_hash():
            raise OtherCatalogue

    def accepted(self, accepted: Accepted, now: Instant) -> None:
        """Take a statement that was accepted just now, ours or theirs; what cannot be read is kept and told as such."""
        judged = accepted.judged
        statement = judged.entry.statement
        if judged.breach is None and party_of(judged.author) == self.line.state.party:
            self.releases.end(judged.digest)  # said, here or where it was drafted
        if judged.breach is not None or statement.kind == GENERATION_KIND:
            return
        if accepted.repeats:
            self._note(self.desk.heard_again(self.said(judged, now.utc), now.utc))
            return
        try:
            if judged.author != self.line.state.me:  # our own were checked before they were said
                self.check(statement)
                self.check_permitted(statement, party_of(judged.author))
            said = self.said(judged, now.utc)
            self._note(self.desk.heard(said, now.utc))
            if said.party != self.line.state.party:
                self.translations.heard(said, self._code(said.party), self.desk.book.rules)
            changed = self._line_states.heard(said)
            if changed is not None:
                self.line.state.given.out.keep(LINE_STATES, *changed)
        except CatalogueError:
            self._unreadable()
        except Inadmissible as breach:
            self._refused(judged, breach)

    def _code(self, party: int) -> str:
        charter = self.line.state.documents.charter
        member = charter.member(party) if charter is not None else None
        return member.code if member is not None else str(party)

    def _unreadable(self) -> None:
        """Tell of an entry that keeps its place, and is shown as unreadable as long as the catalogue cannot read it."""
        refused = Inadmissible("R130", "the body of a message is not as the catalogue in force has it")
        self.line.state.given.out.effect(Refused(None, refused.rule, refused.message))

    def _refused(self, judged: Judged, breach: Inadmissible) -> None:
        """Mark a genuine entry as one that may not be shown as said, as delivery marks those that it judges."""
        state = self.line.state
        key = place_key(state, judged.author, judged.generation, judged.entry.seq)
        state.given.out.keep(REFUSED, key, encode([breach.rule, breach.message]))
        state.given.out.effect(Refused(None, breach.rule, breach.message))

    def approvers(self, party: int, numbers: Iterable[int]) -> tuple[Approver, ...]:
        """Return officers of a party who approved, with the roles that their roster gives."""
        found = []
        for number in numbers:
            officer = self.line.state.documents.officer(party, number)
            found.append(Approver(OfficerNumber(number), officer.roles if officer is not None else ()))
        return tuple(found)

    def said(self, judged: Judged, utc: int) -> Said:
        """Return an accepted entry as the dialogues take it."""
        entry = judged.entry
        approvers = self.approvers(party_of(judged.author), [approval.officer for approval in entry.approvals])
        return Said(
            judged.digest, judged.author, judged.generation, entry.seq, entry.statement, entry.said, utc,
            approvers,
        )  # fmt: skip

    def line_state(self, party: int) -> SaidOfLine | None:
        """Return what a party said of the line last; None if it has said nothing of it, or has taken that back."""
        newest = self._line_states.newest(party)
        if newest is None:
            return None
        try:
            taken_back = self.desk.standing(Digest(newest.digest)) in TAKEN_BACK
        except UnknownMessage:
            return newest  # the desk lets old words go; they stand as long as nobody says otherwise
        return None if taken_back else newest

    def wake(self, now: Instant) -> None:
        """Let time pass at the desk."""
        self._note(self.desk.wake(now.utc))

    def take_alarming(self) -> bool:
        """Return whether an alarm, a call or the state of a crisis has changed since the last call."""
        was, self._alarming = self._alarming, False
        return was

    def _note(self, events: Iterable[Event]) -> None:
        self._alarming = self._alarming or any(event.kind in ALARMING for event in events)

    def next_wake(self, now: Instant) -> int | None:
        """Return when the desk wants to be woken, monotonic milliseconds."""
        times = (self.desk.next_wake(now.utc), self.translations.next_due(now.utc))
        utc = min((each for each in times if each is not None), default=None)
        return None if utc is None else now.monotonic_ms + 1000 * max(0, utc - now.utc)

    def alarms(self, utc: int) -> list[Alarm]:
        """Return the desk's alarms in force."""
        return self.desk.alarms(utc)

    def settle(self) -> None:
        """Keep what changed at the desk with this batch."""
        state = self.line.state
        for table, key, value in (*self.desk.rows(), *self.releases.rows()):
            if value is None:
                state.given.out.forget(DESK + table, state.line + key)
            else:
                state.given.out.keep(DESK + table, state.line + key, value)


def acting_officers(meaning: Meaning) -> list[int]:
    """Return the numbers of the officers who act for our party."""
    state = meaning.line.state
    roster = state.documents.roster(state.party)
    numbers = [item.number for item in roster.officers] if roster is not None else []
    return [each for each in numbers if state.documents.officer_stopped(state.party, each) is None]


def check_officer(meaning: Meaning, number: int) -> None:
    """Raise Misuse unless a number is of an officer who acts for our party."""
    acting = acting_officers(meaning)
    if number not in acting:
        listed = ", ".join(map(str, acting)) or "nobody"
        raise Misuse(f"officer {number} is not, or no longer, in this party's roster", hint=f"In it are: {listed}.")
