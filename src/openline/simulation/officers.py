"""The people of the made world: what they are asked to do, and that they ask again until they are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from openline.catalogue.kinds import CATALOGUE
from openline.charter import LineDocuments
from openline.dialogue.release import DraftState
from openline.dialogue.said import Said
from openline.engine import Act, decode_answer, encode_act
from openline.engine.meaning import Meaning
from openline.engine.views import unpresented
from openline.errors import StorageFailed
from openline.identifiers import REF_BYTES, Digest, OfficerNumber, StationId, Token, party_of
from openline.ports import Acted, Answer, DocumentBrought, Event, Submitted
from openline.simulation.agenda import Agenda
from openline.simulation.setting import Setting
from openline.simulation.stations import Node
from openline.simulation.talk import CRISIS, QUESTION, STATE, Reply, changed, closing, repeated, replies
from openline.wire.cbor import Value
from openline.wire.entry import approval_signed
from openline.wire.payloads import DocumentClass, encode_document
from openline.wire.statement import Body, Option, Precedence, Statement, Status, encode_statement
from openline.wire.statement import digest as statement_digest

CANARY = "KINGFISHERSWORD"  # in every text: outside stations it must never be seen
CHANGEABLE = (STATE, CRISIS)  # by one person; what two have released takes both again
MACHINE = "ERROR"  # said by a station's program, in nobody's name
NOBODY = OfficerNumber(0)
LED = "TAKEN-TO-LEADERSHIP"
DUTY, RELEASER, SECOND_DUTY = OfficerNumber(1), OfficerNumber(2), OfficerNumber(3)
ASKS_AGAIN_MS = 7_000
READS_WITHIN_MS = 6_000  # of something new on the console
LOOKS_AGAIN_MS = 20_000  # at what is still open, and answers it again if the answer is gone
TRIES_MAX = 400  # an errand that fails so often will not be done by itself
GONE = "no message here has this identity"
SAID_BEFORE = "this very text was said"
TOLD_MS = 3_000  # until a draft is known at the other stations of its party
NO_DRAFT = "no draft here begins so"
DONE_BEFORE = ("approved already", "the draft is REFUSED")
ENDED = ("had ended when this came", "is not, or no longer, in this party's roster")
OTHER_CHARTER = ("may not be named here any more", "names a charter or an officer not known here yet")


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from when something is said: until an answer is owed, and for how long it is valid.  None: not said."""

    answer_s: int | None = None
    valid_s: int | None = None

    def options(self, utc: int) -> dict[int, Value]:
        """Return the options that say so, of what is said at `utc` (UTC seconds)."""
        options: dict[int, Value] = {}
        if self.valid_s is not None:
            options[Option.VALIDITY] = [None, utc + self.valid_s]
        if self.answer_s is not None:
            options[Option.RESPOND_BY] = utc + self.answer_s
        return options


NO_TIMES = Times()


@dataclass(slots=True)
class Errand:
    """Something an officer wants done: steps in order, each until it is answered well; a refusal begins it again.

    statement   what is to be said, as it was drafted last; empty for an act that says nothing
    unsaid      its officer had ended before it was said: it is given up
    refused     it is drafted, refused by one of those who should approve it, and dropped: it is never said
    """

    node: Node
    steps: Sequence[Callable[[Token], Event]]
    statement: bytes = b""
    digest: bytes = b""
    code: str = ""
    body: Body = None
    ref: bytes = b""
    flash: bool = False
    times: Times = NO_TIMES
    officer: OfficerNumber = DUTY
    unsaid: bool = False
    refused: bool = False
    at: int = 0
    token: Token | None = None
    tries: int = 0
    why: str = ""
    done: bool = False
    asked_ms: int = 0
    done_ms: int = 0


class Officers:
    """All officers of all stations."""

    def __init__(self, setting: Setting, sign: Callable[[bytes, bytes], bytes], random: Random, agenda: Agenda) -> None:
        self.errands: list[Errand] = []
        self.signed: set[tuple[int, int, bytes]] = set()  # party, officer, digest: what was really approved
        self.said: dict[int, set[bytes]] = {}  # party: every statement that an officer there has meant to say
        self._setting = setting
        self._sign = sign
        self._random = random
        self._agenda = agenda
        self._tokens = 0
        self._asked: dict[Token, Errand] = {}
        self.honest = False  # faults have ended: nobody takes a detour any more
        self.led: set[bytes] = set()  # messages whose dialogues take a course: nobody else answers those
        self.reads_within_ms = READS_WITHIN_MS  # while faults last
        self._replied: dict[tuple[int, bytes, int], int] = {}
        self._looking: set[StationId] = set()

    # ------------------------------------------------------------ saying

    def say(
        self, node: Node, code: str, body: Body = None, *, flash: bool = False, ref: bytes = b"",
        officer: OfficerNumber = DUTY,
    ) -> None:  # fmt: skip
        """Let an officer say something, at once or when the station runs; a question first as a draft for two."""
        if node.ended:
            return
        if node.station is None:  # nobody can ask a station that is down for its salt
            self._agenda.at(1_000, lambda: self.say(node, code, body, flash=flash, ref=ref, officer=officer))
            return
        self.say_now(node, code, body, flash=flash, ref=ref, officer=officer)

    def say_now(
        self, node: Node, code: str, body: Body = None, *, flash: bool = False, ref: bytes = b"",
        times: Times = NO_TIMES, officer: OfficerNumber = DUTY,
    ) -> Errand:  # fmt: skip
        """Let an officer say something at a station that runs; return the errand."""
        errand = Errand(
            node, [], code=code, body=body, ref=ref, flash=flash, times=times, officer=officer,
            asked_ms=self._agenda.now_ms,
        )  # fmt: skip
        self._draft(errand)
        return self._begin(errand)

    def _draft(self, errand: Errand) -> None:
        """Write what is to be said under the charter that the station goes by now."""
        node, kind = errand.node, CATALOGUE.kind(errand.code)
        precedence = Precedence.FLASH if errand.flash else Precedence.ROUTINE
        options: dict[int, Value] = {Option.REF: Digest(errand.ref)} if errand.ref else {}
        officer = NOBODY if errand.code == MACHINE else errand.officer
        utc = node.instant().utc
        options |= errand.times.options(utc)
        statement = errand.statement = encode_statement(
            Statement(
                self._charter(node), utc, kind.number, officer, errand.body, Status.TEST, precedence, options=options
            )
        )
        errand.digest = self._digest(node, statement)
        if errand.refused:
            errand.steps = self._refusal(statement, errand.digest)
            return
        self.said.setdefault(party_of(node.me), set()).add(statement)
        two = errand.code == QUESTION
        errand.steps = self._two_persons(errand) if two else [self._submit(statement)]

    def _digest(self, node: Node, statement: bytes) -> Digest:
        return statement_digest(self._documents(node).salt_seed(party_of(node.me)), statement)

    def _charter(self, node: Node) -> int:
        charter = self._documents(node).charter
        assert charter is not None  # a line begins with one
        return charter.number

    def _documents(self, node: Node) -> LineDocuments:
        assert node.station is not None  # whoever says something does it at a station that runs
        return node.station.lines[self._setting.line].state.documents

    def _submit(self, statement: bytes) -> Callable[[Token], Event]:
        return lambda token: Submitted(token, self._setting.line, statement)

    def _act(self, act: Act, *arguments: bytes | int | str | list[bytes] | None) -> Callable[[Token], Event]:
        return lambda token: Acted(token, self._setting.line, encode_act(act, *arguments))

    def _two_persons(self, errand: Errand) -> list[Callable[[Token], Event]]:
        party, digest = party_of(errand.node.me), Digest(errand.digest)
        steps = [self._act(Act.DRAFT, errand.statement, None)]
        for officer in (errand.officer, RELEASER):
            self.signed.add((party, officer, digest))
            seed = self._setting.officers[party, officer]
            signature = self._sign(seed, approval_signed(self._setting.line, party, digest))
            steps.append(self._act(Act.APPROVE, digest, officer, signature))
        return steps

    def refuse(self, node: Node, code: str, body: Body) -> None:
        """Let an officer draft something that another one refuses, and then drop it."""
        if node.station is None:
            self._agenda.at(1_000, lambda: self.refuse(node, code, body))
            return
        errand = Errand(node, [], code=code, body=body, refused=True, asked_ms=self._agenda.now_ms)
        self._draft(errand)
        self._begin(errand)

    def refuse_late(self, node: Node, other: Node, code: str, body: Body) -> None:
        """Let two officers at another station of the party approve a draft, and one of them then think better of it.

        It is said or it is not: whichever the station where it was drafted hears first.
        """
        if node.station is None:
            self._agenda.at(1_000, lambda: self.refuse_late(node, other, code, body))
            return
        errand = Errand(node, [], code=code, body=body, refused=True, asked_ms=self._agenda.now_ms)
        self._draft(errand)
        errand.steps = errand.steps[:1]
        self.said.setdefault(party_of(node.me), set()).add(errand.statement)
        self._begin(errand)
        steps = self._two_persons(errand)[1:]

        def approve_and_refuse() -> None:
            self._begin(late)

        late = Errand(other, [*steps, self._act(Act.REFUSE, errand.digest, RELEASER, "not so")])
        self._agenda.at(TOLD_MS, approve_and_refuse)

    def _refusal(self, statement: bytes, digest: Digest) -> list[Callable[[Token], Event]]:
        drafted, reason = self._act(Act.DRAFT, statement, None), "not so"
        return [drafted, self._act(Act.REFUSE, digest, RELEASER, reason), self._act(Act.DROP, digest)]

    def act(self, node: Node, act: Act, *arguments: bytes | int | str | list[bytes] | None) -> None:
        """Let an officer do something that is no statement."""
        self._begin(Errand(node, [self._act(act, *arguments)]))

    def bring(self, node: Node, kind: DocumentClass, document: bytes) -> None:
        """Let an officer bring a charter, a roster or a stop notice in a file."""
        payload = encode_document(kind, document)
        self._begin(Errand(node, [lambda token: DocumentBrought(token, self._setting.line, payload)]))

    # ------------------------------------------------------------ until it is answered

    def _begin(self, errand: Errand) -> Errand:
        self.errands.append(errand)
        self._ask(errand)
        return errand

    def _ask(self, errand: Errand) -> None:
        errand.tries += 1
        if errand.done or errand.node.ended or errand.tries > TRIES_MAX:
            return
        self._tokens += 1
        errand.token = Token(self._tokens)
        self._asked[errand.token] = errand
        errand.node.give(errand.steps[errand.at](errand.token))
        token = errand.token
        self._agenda.at(ASKS_AGAIN_MS, lambda: self._ask(errand) if errand.token == token and not errand.done else None)

    def answered(self, answer: Answer) -> Errand | None:
        """Take an answer; return the errand it was the last step of."""
        errand = self._asked.pop(answer.token, None)
        if errand is None or errand.token != answer.token or errand.done:
            return None
        said = decode_answer(answer.body)
        if not said.good:
            self._refused(errand, said.message)
            return None
        errand.at += 1
        if errand.at == len(errand.steps) and not self._is_taken_back(errand) and self._lacks_again(errand):
            errand.at = 0
        if errand.at < len(errand.steps):
            self._ask(errand)
            return None
        errand.done, errand.done_ms = True, self._agenda.now_ms
        errand.unsaid = self._is_taken_back(errand)
        return errand

    def _lacks_again(self, errand: Errand) -> bool:
        """Whether its draft still waits, because the first of its approvals has gone with the disk: they begin anew."""
        if errand.refused or errand.node.station is None or not errand.node.station.meanings:
            return False
        drafts = errand.node.station.meanings[self._setting.line].releases.drafts()
        return any(draft.digest == errand.digest and draft.state is DraftState.WAITING for draft in drafts)

    def _is_taken_back(self, errand: Errand) -> bool:
        """Whether an approval of a draft may be gone, because its officer has ended before the other one approved."""
        drafted = errand.code == QUESTION and errand.officer == SECOND_DUTY
        party = party_of(errand.node.me)
        return drafted and self._documents(errand.node).officer_stopped(party, errand.officer) is not None

    def _refused(self, errand: Errand, why: str) -> None:
        """Begin again when the time has passed; a person whose approval counts already leaves it to the next.

        What an officer was about to be shown may be gone with the disk: there is nothing to show then.  What was
        drafted under a charter that has been amended since, or has gone with the disk, is drafted anew.
        """
        errand.why = why
        over = not errand.statement and any(words in why for words in (GONE, NO_DRAFT, "the draft is REFUSED"))
        if errand.officer == SECOND_DUTY and any(words in why for words in ENDED):
            errand.unsaid = over = True
        if SAID_BEFORE in why or over:
            errand.done, errand.done_ms = True, self._agenda.now_ms
        elif any(words in why for words in DONE_BEFORE) and errand.at + 1 < len(errand.steps):
            errand.at += 1
            self._ask(errand)
        else:
            errand.at = 0
            if errand.statement and any(words in why for words in OTHER_CHARTER):
                self._draft(errand)

    def undone(self) -> list[Errand]:
        """Return what has not been done yet."""
        return [errand for errand in self.errands if not errand.done and not errand.node.ended]

    # ------------------------------------------------------------ looking at the console

    def notice(self, node: Node) -> None:
        """Something is new on a console: an officer will look at it."""
        if node.me not in self._looking:
            self._looking.add(node.me)
            within_ms = READS_WITHIN_MS if self.honest else self.reads_within_ms
            self._agenda.at(self._random.randrange(500, within_ms), lambda: self.look(node))

    def gather(self, nodes: Iterable[Node]) -> None:
        """Call everybody to the consoles, to do what was given up too; forget what was done long since."""
        self.errands = self.undone()
        for errand in self.errands:
            errand.tries = 0
            self._ask(errand)
        self.led.clear()
        self._looking.clear()
        for node in nodes:
            self.notice(node)

    def look(self, node: Node) -> None:
        """Be shown what waits, acknowledge and answer it; deal with the proof that this station forked itself."""
        self._looking.discard(node.me)
        if node.ended:
            return
        if node.station is None or not node.station.meanings:
            self.notice(node)
            return
        try:
            self._look(node, node.station.meanings[self._setting.line])
        except StorageFailed:  # a view could not be read: the daemon ends by it
            node.damaged(node)

    def _look(self, node: Node, meaning: Meaning) -> None:
        waiting = [row.digest for row in unpresented(meaning)]
        if waiting:
            self.act(node, Act.PRESENTED, waiting)
        state = meaning.line.state
        if (state.me, state.generation) in state.forked and not state.recovering:
            self._agenda.tell(f"{node.name}'s officer sees the proof of two tongues and declares an older copy")
            self.act(node, Act.ROLLED_BACK)
        if node.speaks:
            self._converse(node, meaning)

    def _converse(self, node: Node, meaning: Meaning) -> None:
        """Answer what is asked, say again what was not understood, and end the crisis that this party opened."""
        party, utc = party_of(node.me), node.instant().utc
        due = meaning.desk.due()
        for said, thread in due:
            if said.digest in self.led:
                continue
            again = repeated(said, thread, party)
            if again is not None and self._may((party, said.digest, thread.party)):
                self._answer(node, said, again)
            elif thread.party == party != said.party and self._may((party, said.digest, 0)):
                for reply in replies(said, thread, self._random, utc, honest=self.honest):
                    self._answer(node, said, reply)
        ending = closing(meaning, utc, party)
        if ending is not None and self._may((party, ending[0].digest, -1), at_once=False):
            self._answer(node, *ending)
        if due or ending is not None:
            self._agenda.at(LOOKS_AGAIN_MS, lambda: self.notice(node))

    def _may(self, what: tuple[int, bytes, int], *, at_once: bool = True) -> bool:
        """Whether this was not done a moment ago; at_once: or never before."""
        before = self._replied.setdefault(what, -LOOKS_AGAIN_MS if at_once else self._agenda.now_ms)
        if self._agenda.now_ms - before < LOOKS_AGAIN_MS:
            return False
        self._replied[what] = self._agenda.now_ms
        return True

    def _answer(self, node: Node, said: Said, reply: Reply) -> None:
        self.say(node, reply.code, reply.body, ref=said.digest[:REF_BYTES])
        if reply.code == LED:  # no clock of theirs runs, but leaderships answer too
            self._agenda.at(LOOKS_AGAIN_MS, lambda: self._answer(node, said, Reply("ACCEPT", None)))

    def change(self, node: Node, number: int) -> None:
        """Let an officer change the last thing said here that was a state or a crisis; else nothing."""
        mine = [errand for errand in self.errands if errand.node is node and errand.done and errand.code in CHANGEABLE]
        if mine and node.station is not None:
            reply = changed(mine[-1].code, number)
            self.say(node, reply.code, reply.body, ref=mine[-1].digest[:REF_BYTES])
