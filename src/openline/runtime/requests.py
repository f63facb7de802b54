"""Local requests: what console and command line may ask of a station, each a JSON object in and one out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from openline.catalogue.kinds import CATALOGUE
from openline.catalogue.kinds.read_back import read_back_fields
from openline.charter import read_charter
from openline.dialogue.rules import in_words
from openline.engine import Answered, Station, encode_act
from openline.engine.acts import Act
from openline.engine.alarms import in_force
from openline.engine.composing import check_before_saying
from openline.engine.crisis_view import crises, crisis_state, line_check
from openline.engine.meaning import Meaning, check_officer, rules_of
from openline.engine.views import (
    drafts,
    find,
    forks,
    line_view,
    message,
    moment,
    party_code,
    principal_came,
)
from openline.errors import Misuse, Rejected, Unavailable
from openline.identifiers import LineId, Token, party_of
from openline.ports import Acted, Append, DocumentBrought, Event, Instant, Submitted
from openline.runtime.asked import Asked, beginning_of, bytes_of, number_of, text_of
from openline.runtime.compose import compose, moment_in
from openline.runtime.listing import LISTED_BYTES_MAX, list_received, list_sent
from openline.runtime.parties import Annexes, about_parties, missing_glossaries
from openline.runtime.refusals import Refusals
from openline.wire.cbor import Value
from openline.wire.entry import SIGNATURE_BYTES, Approval, decode_entry, pack_approvals
from openline.wire.payloads import DocumentClass, decode_document
from openline.wire.statement import Option, Statement, decode_statement, encode_statement
from openline.wire.statement import digest as statement_digest

Json = dict[str, Any]
Ask = Callable[[Callable[[Token], Event]], Awaitable[Answered]]
"""Give the station an event that carries a token; return its answer once the batch is durable."""

Changes = Callable[[int, float], Awaitable[int]]
"""Return the number of the last change, once it is not the given one any more, or after so many seconds."""

CHANGES_WAIT_S = 20  # a request is held so long at most: below the time after which an asking end gives up
COUNT_MAX = 2**53  # a number that JSON keeps
OFFICER_MAX = 255
KIND_MAX = 65_535


class Requests:
    """Answers requests over one station."""

    def __init__(
        self,
        station: Station,
        ask: Ask,
        now: Callable[[], Instant],
        changes: Changes,
        annexes: Annexes,
        refusals: Refusals,
    ) -> None:
        self._station = station
        self._ask = ask
        self._now = now
        self._changes = changes
        self._refusals = refusals
        self._annexes = annexes
        self._actions: dict[str, Callable[[Asked], Awaitable[Json]]] = {
            "prepare": self._prepare,
            "submit": self._submit,
            "inbox": self._inbox,
            "show": self._show,
            "lines": self._lines,
            "alarms": self._alarms,
            "refused": self._refused,
            "present": self._present,
            "rekey": self._rekey,
            "attend": self._attend,
            "crisis": self._crisis,
            "remind": self._remind,
            "follow-up": self._follow_up,
            "read-back": self._read_back,
            "context": self._context,
            "drafts": self._drafts,
            "draft": self._draft,
            "approve": self._approve,
            "refuse": self._refuse,
            "note_principal": self._note_principal,
            "drop": self._drop,
            "translate": self._translate,
            "forks": self._forks,
            "changes": self._wait_for_changes,
            "document": self._document,
        }

    async def handle(self, request: Asked) -> Json:
        """Answer one request: `do` names it.  Raises OpenlineError for what cannot be done."""
        action = self._actions.get(str(request.get("do")))
        if action is None:
            raise Unavailable(
                f"this station knows no request {request.get('do')!r}: it is of another version of openline",
                hint="Stop its daemon and start it again with `openline station run`, so that both are of one version.",
                known=tuple(self._actions),
            )
        return await action(request)

    def meaning(self, request: Asked) -> Meaning:
        """Return the line that a request names by the beginning of its id; the only one if it names none."""
        named = str(request.get("line") or "").lower()
        found = [meaning for line, meaning in self._station.meanings.items() if line.hex().startswith(named)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise Misuse("this station is on no line that begins so", hint="`openline lines` lists them.")
        raise Misuse("several lines begin so", hint="Give more of the line's id with --line.")

    def _about(self, meanings: list[Meaning]) -> Json:
        return about_parties(meanings, self._annexes)

    # ------------------------------------------------------------ saying something

    async def _prepare(self, request: Asked) -> Json:
        """Return a statement's bytes and digest, and who must approve it: what officers sign before `submit`."""
        meaning = self.meaning(request)
        state = meaning.line.state
        original = None
        if request.get("ref"):
            row = find(meaning, beginning_of(request, "ref"))
            original = decode_entry(row.entry).statement
            action = request.get("action") or _asked_before(row, original, state.party, request)
            request = {**request, "ref": row.digest.hex(), "action": action}
        statement = compose(request, state.documents, original, self._now().utc)
        if statement.officer:
            check_officer(meaning, statement.officer)
        warning = check_before_saying(meaning, statement, self._now().utc, deliberate=bool(request.get("late")))
        data = encode_statement(statement)
        charter = state.documents.charter
        rules = rules_of(charter.rules if charter is not None else None)
        ways = rules.required_approvals(statement.kind, original.kind if original is not None else None)
        return {
            "line": state.line.hex(),
            "party": state.party,
            "statement": data.hex(),
            "answering": original.kind if original is not None else None,
            "digest": statement_digest(state.documents.salt_seed(state.party), data).hex(),
            "approvals": [[role.name for role in way] for way in ways],
            "needs": in_words(ways) if ways else "",
            "warning": warning,
        }

    async def _submit(self, request: Asked) -> Json:
        """Say a prepared statement with its approvals; return its id once it is durable here."""
        meaning = self.meaning(request)
        statement = bytes_of(request, "statement")
        decode_statement(statement)
        approvals = pack_approvals(_approvals(request))
        line = meaning.line.state.line
        answered = await self._ask(lambda token: Submitted(token, line, statement, approvals))
        return {"id": _good(answered).digest.hex(), "line": line[:16].hex()}

    # ------------------------------------------------------------ seeing

    async def _inbox(self, request: Asked) -> Json:
        """Return messages; nobody is thereby presented with them: who has shown them says so with `present`."""
        chosen = [self.meaning(request)] if request.get("line") else list(self._station.meanings.values())
        list_messages = list_sent if request.get("sent") else list_received
        now, room, entries = self._now(), LISTED_BYTES_MAX // max(1, len(chosen)), bool(request.get("entries"))
        found = [list_messages(meaning, now, room, entries=entries) for meaning in chosen]
        return {
            "messages": [shown for listed in found for shown in listed.messages],
            "unpresented": [identity for listed in found for identity in listed.waiting],
            "more_unpresented": sum(listed.more for listed in found),
            "left_off": sum(listed.left_off for listed in found),
            **self._about(chosen),
        }

    async def _show(self, request: Asked) -> Json:
        meaning, digest = self._found(request)
        row = find(meaning, digest)
        return {
            **message(meaning, row, self._now()),
            "entry": row.entry.hex(),
            **self._about([meaning]),
        }

    async def _lines(self, request: Asked) -> Json:
        del request
        now = self._now()
        return {
            "time": moment(now.utc),
            "lines": [line_view(meaning, now) for meaning in self._station.meanings.values()],
        }

    async def _alarms(self, request: Asked) -> Json:
        del request
        lacking = missing_glossaries(self._station.meanings.values(), self._annexes)
        return {"alarms": [*in_force(self._station.meanings, self._now().utc), *lacking]}

    async def _refused(self, request: Asked) -> Json:
        del request
        return {"refused": self._refusals.shown()}

    async def _crisis(self, request: Asked) -> Json:
        """Return every crisis of each line, the word for its screen, and when the next line check is due."""
        del request
        now = self._now()
        lines = [
            {
                "line": meaning.line.state.line[:16].hex(),
                "me": party_code(meaning, meaning.line.state.party),
                "state": crisis_state(meaning, now),
                "next_check": line_check(meaning, now),
                "crises": crises(meaning, now),
            }
            for meaning in self._station.meanings.values()
        ]
        return {"time": moment(now.utc), "lines": lines}

    async def _read_back(self, request: Asked) -> Json:
        """Return which fields of a message its answer types again; never what they say."""
        meaning = self.meaning(request)
        row = find(meaning, beginning_of(request, "id"))
        statement = decode_entry(row.entry).statement
        kind = CATALOGUE.kind(statement.kind)
        fields = [
            {"path": each.path, "type": each.field.type, "help": each.field.help, "values": list(each.field.values)}
            for each in read_back_fields(kind, statement.body)
        ]
        return {"id": row.digest.hex(), "kind": kind.code, "fields": fields}

    async def _wait_for_changes(self, request: Asked) -> Json:
        """Return the number of the last change: at once if it is not `after`, else when something changes."""
        after = number_of(request, "after", 0, COUNT_MAX)
        return {"changes": await self._changes(after, number_of(request, "seconds", 0, CHANGES_WAIT_S))}

    # ------------------------------------------------------------ acts

    async def _present(self, request: Asked) -> Json:
        """Note that an officer has been shown these messages of others: to be asked once they are on the screen."""
        meaning, named = self.meaning(request), request.get("ids")
        if not isinstance(named, list):
            raise Misuse("ids must be a list of messages' ids", hint="Name what was shown; `openline inbox` does.")
        rows = [find(meaning, beginning_of({"id": each}, "id")) for each in named]
        shown = [row.digest for row in rows if party_of(row.author) != meaning.line.state.party]
        if shown:
            await self._act(meaning.line.state.line, Act.PRESENTED, shown)
        return {"presented": len(shown)}

    async def _attend(self, request: Asked) -> Json:
        """Note that an officer is here, and, with an `id`, has taken that message or crisis: nobody else is called."""
        if request.get("id"):
            meaning = self.meaning(request)
            taken = find(meaning, beginning_of(request, "id")).digest
            return await self._act(meaning.line.state.line, Act.ATTEND, taken)
        return await self._act(self.meaning(request).line.state.line, Act.WATCH)

    async def _remind(self, request: Asked) -> Json:
        """Set our own reminder for a message, `at` a time; without one, take it away."""
        meaning, digest = self._found(request)
        return await self._act(meaning.line.state.line, Act.REMIND, digest, moment_in(request, "at") or 0)

    async def _follow_up(self, request: Asked) -> Json:
        """Note which message fulfils what a crisis's closure left to do, by its number from 1; none: nothing does."""
        meaning = self.meaning(request)
        closure = find(meaning, beginning_of(request, "closure")).digest
        number = number_of(request, "number", 1, OFFICER_MAX)
        by = find(meaning, beginning_of(request, "by")).digest if request.get("by") else b""
        return await self._act(meaning.line.state.line, Act.FOLLOW_UP, closure, number - 1, by)

    async def _rekey(self, request: Asked) -> Json:
        return await self._act(self.meaning(request).line.state.line, Act.REKEY)

    async def _act(self, line: LineId, act: Act, *arguments: Value) -> Json:
        answered = _good(await self._ask(lambda token: Acted(token, line, encode_act(act, *arguments))))
        return {"id": answered.digest.hex(), "line": line[:16].hex()}

    async def _document(self, request: Asked) -> Json:
        """Take a charter, roster or stop notice from a file, as `wire.payloads.encode_document` writes it.

        A charter that lacks signatures is kept, and is refused naming them (R87): what it says is not in force.
        """
        state = self.meaning(request).line.state
        try:
            document = bytes.fromhex(str(request.get("document") or ""))
        except ValueError as error:
            raise Misuse("a document is given in hexadecimal") from error
        _good(await self._ask(lambda token: DocumentBrought(token, state.line, document)))
        of, charter = decode_document(document)
        if of is DocumentClass.CHARTER:
            state.documents.require_complete(read_charter(charter).digest)
        return {"line": state.line[:16].hex()}

    # ------------------------------------------------------------ release by two

    async def _context(self, request: Asked) -> Json:
        """Return what officers' signatures are bound to on a line: its whole identity, and our party's number."""
        meaning = self.meaning(request)
        state = meaning.line.state
        code = party_code(meaning, state.party)
        return {"line": state.line.hex(), "party": state.party, "code": code, **self._about([meaning])}

    async def _drafts(self, request: Asked) -> Json:
        del request
        meanings = list(self._station.meanings.values())
        return {"drafts": [draft for meaning in meanings for draft in drafts(meaning)], **self._about(meanings)}

    async def _draft(self, request: Asked) -> Json:
        """Keep a prepared statement until everybody who must has approved it."""
        meaning = self.meaning(request)
        statement, answering = bytes_of(request, "statement"), number_of(request, "answering", 0, KIND_MAX)
        return await self._act(meaning.line.state.line, Act.DRAFT, statement, answering or None)

    async def _approve(self, request: Asked) -> Json:
        """Add an officer's signature over a draft's digest; with the last one needed the draft's station says it."""
        meaning, draft = self._drafted(request)
        officer, signature = number_of(request, "officer", 1, OFFICER_MAX), bytes_of(request, "signature")
        done = await self._act(meaning.line.state.line, Act.APPROVE, draft, officer, signature)
        waiting = [each for each in drafts(meaning) if each["id"] == done["id"]]
        if not waiting:
            return {**done, "said": True}
        return {**done, "said": False, "state": waiting[0]["state"], "drafted_at": waiting[0]["drafted_at"]}

    async def _refuse(self, request: Asked) -> Json:
        meaning, draft = self._drafted(request)
        officer, reason = number_of(request, "officer", 1, OFFICER_MAX), str(request.get("reason") or "")
        return await self._act(meaning.line.state.line, Act.REFUSE, draft, officer, reason)

    async def _note_principal(self, request: Asked) -> Json:
        """Note how the principal's approval of a draft or message of ours came; it stays here."""
        try:
            meaning, digest = self._drafted(request)
        except Misuse:
            meaning, digest = self._found(request)
        means, officer = text_of(request, "came"), number_of(request, "officer", 1, OFFICER_MAX)
        at = moment_in(request, "at") or self._now().utc
        done = await self._act(meaning.line.state.line, Act.NOTE_PRINCIPAL, digest, means, at, officer)
        return {**done, **principal_came(meaning, digest)}

    async def _drop(self, request: Asked) -> Json:
        meaning, draft = self._drafted(request)
        return await self._act(meaning.line.state.line, Act.DROP, draft)

    def _drafted(self, request: Asked) -> tuple[Meaning, bytes]:
        """Return the line and the whole identity of the draft that a request names by its beginning."""
        beginning = beginning_of(request, "id")
        for meaning in self._station.meanings.values():
            found = [draft.digest for draft in meaning.releases.drafts() if draft.digest.startswith(beginning)]
            if len(found) == 1:
                return meaning, found[0]
        raise Misuse("no draft here begins so, or more than one", hint="`openline drafts` lists them.")

    async def _translate(self, request: Asked) -> Json:
        """Take a person's translation of a message's own words, its check, or its withdrawal; it stays here."""
        meaning, digest = self._found(request)
        officer = number_of(request, "officer", 1, OFFICER_MAX)
        step, text = text_of(request, "step"), str(request.get("text") or "")
        done = await self._act(meaning.line.state.line, Act.TRANSLATE, digest, step, officer, text)
        shown = message(meaning, find(meaning, digest), self._now())
        return {**done, "translation": shown["translation"]}

    def _found(self, request: Asked) -> tuple[Meaning, bytes]:
        """Return the line and the whole identity of the message that a request names by its beginning."""
        beginning = beginning_of(request, "id")
        chosen = [self.meaning(request)] if request.get("line") else list(self._station.meanings.values())
        for meaning in chosen:
            try:
                return meaning, find(meaning, beginning).digest
            except Misuse:
                if meaning is chosen[-1]:
                    raise
        raise Misuse("this station is on no line")

    async def _forks(self, request: Asked) -> Json:
        del request
        return {"forks": [fork for meaning in self._station.meanings.values() for fork in forks(meaning)]}


def _asked_before(row: Append, original: Statement, party: int, request: Asked) -> list[str]:
    """Return whom a change of ours asks if it names nobody: whom the message asked; the others were only informed."""
    asked = original.options.get(Option.ACTION)
    kind = CATALOGUE.kinds.get(str(request.get("kind")).upper())
    if party_of(row.author) != party or kind is None or kind.group != "change" or not isinstance(asked, list):
        return []
    return [str(each) for each in asked]


def _approvals(request: Asked) -> tuple[Approval, ...]:
    """Return the signatures that a request carries: [[officer, signature in hexadecimal], …]."""
    given = request.get("approvals") or []
    try:
        named = [{"officer": officer, "signature": signature} for officer, signature in given]
    except (TypeError, ValueError) as error:
        raise Misuse("approvals are no list of pairs", hint="Give [[officer, signature], …].") from error
    approvals = [Approval(number_of(each, "officer", 1, OFFICER_MAX), bytes_of(each, "signature")) for each in named]
    if any(len(approval.signature) != SIGNATURE_BYTES for approval in approvals):
        raise Misuse(f"a signature has {SIGNATURE_BYTES} bytes", hint="Sign the digest that `prepare` returned.")
    return tuple(sorted(approvals, key=lambda approval: approval.officer))


def _good(answered: Answered) -> Answered:
    if answered.good:
        return answered
    if answered.rule:
        raise Rejected(answered.rule, answered.message, hint=answered.hint)
    raise Misuse(answered.message, hint=answered.hint)
