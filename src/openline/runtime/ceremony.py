"""The office of one party: its root, whom it has compared fingerprints with, and the documents of its lines, as files.

Nothing here talks to anybody: people carry files.  An office is a folder on a machine that is offline by choice:

    root.key                        both root seeds under a passphrase
    card.json                       our own card: code, names, root keys
    parties/CODE.json               cards whose twelve words were compared by voice
    signed/LINE-charter-2           the digest we signed under this number: a root signs one charter for each
    lines/LINE/charter-1, …         documents in force, as `wire.payloads.encode_document` writes them
    lines/LINE/roster.draft         our next roster, not yet signed
    lines/LINE/stops/station-1      stop notices under seal, made with each certified key

LINE is the first 16 bytes of the line's digest, hexadecimal.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from openline.charter import (
    Charter,
    ContradictionProof,
    LineDocuments,
    RootKeys,
    RootSeeds,
    SignedCharter,
    UnknownCharter,
    fingerprint,
    read_charter,
)
from openline.errors import Forged, Inadmissible, Misuse, Rejected, Unavailable
from openline.identifiers import LINE_SHOWN_BYTES, LineId
from openline.runtime.files import PRIVATE, read, write_new
from openline.runtime.keyfile import Cost, read_secret, seal_secret
from openline.sessions.suite import RealSuite
from openline.wire.payloads import DocumentClass, decode_document, encode_document

CODE = re.compile(r"[a-z][a-z0-9-]{0,15}")
DOCUMENT = re.compile(r"(charter|roster-\d+|stop-(station|officer)-\d+)-\d+")
CARD_FIELDS = {"openline", "code", "names", "ed25519", "mldsa65"}
SUITE = RealSuite()


@dataclass(frozen=True, slots=True)
class Card:
    """What a party hands to the others: its code, its names by language, its root's public keys."""

    code: str
    names: Mapping[str, str]
    root: RootKeys

    def words(self) -> tuple[str, ...]:
        """Return the twelve words of the root."""
        return fingerprint(self.root.hash)

    def encode(self) -> bytes:
        """Return the card as a file."""
        fields = {
            "openline": "party card",
            "code": self.code,
            "names": dict(self.names),
            "ed25519": self.root.ed25519.hex(),
            "mldsa65": self.root.mldsa65.hex(),
        }
        return (json.dumps(fields, indent=2, ensure_ascii=False) + "\n").encode()


def read_card(content: bytes) -> Card:
    """Return the card in a file.  Raises Misuse if it is not one; whether it is genuine only a voice can say."""
    damaged = Misuse("this is no party card, or it is damaged", hint="Ask the party for its card.json again.")
    try:
        fields = json.loads(content)
        names = {str(language): str(name) for language, name in fields["names"].items()}
        root = RootKeys(bytes.fromhex(fields["ed25519"]), bytes.fromhex(fields["mldsa65"]))
        card = Card(fields["code"], names, root)
        sound = names and CODE.fullmatch(card.code) and fields["openline"] == "party card"
        card.encode()  # half of a surrogate pair is no letter of a name
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged from error
    if not sound or set(fields) != CARD_FIELDS:
        raise damaged
    return card


def check_words(words: tuple[str, ...], heard: str) -> None:
    """Raise Inadmissible (R112) unless `heard`, words with spaces between, are these words."""
    wrong = [
        str(place) for place, (word, other) in enumerate(zip_longest(words, heard.lower().split()), 1) if word != other
    ]
    if wrong:
        raise Inadmissible(
            "R112",
            f"the words read aloud differ from the file's: number {', '.join(wrong)}",
            hint="Do not go on. Read them again; if they still differ, the file was changed on its way.",
        )


class Office:
    """One party's office.  Every method that signs needs the root's passphrase."""

    suite = SUITE

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # ------------------------------------------------------------ the party

    @staticmethod
    def create(
        folder: Path, code: str, names: Mapping[str, str], passphrase: str, seeds: RootSeeds, cost: Cost | None = None
    ) -> Office:
        """Make a party: its root under the passphrase, and its card.  Raises Misuse if the folder has one already."""
        if not CODE.fullmatch(code):
            raise Misuse(
                f"{code!r} is no code", hint="1 to 16 of a to z, 0 to 9 and hyphen, a letter first, such as alba."
            )
        if not names:
            raise Misuse("a party needs its name in at least one language", hint='Give --name en="Republic of Alba".')
        secret = seal_secret(seeds.ed25519 + seeds.mldsa65, f"root of {code}", passphrase, cost)
        write_new(folder / "root.key", secret, mode=PRIVATE)
        # A crash here leaves a root without a card: nothing was given away, so the folder is removed and made anew.
        write_new(folder / "card.json", Card(code, names, seeds.public(SUITE)).encode())
        return Office(folder)

    def card(self) -> Card:
        """Return our own card.  Raises Unavailable if this folder is no office."""
        return read_card(read(self.folder / "card.json"))

    def root(self, passphrase: str | None) -> RootSeeds:
        """Return the root's seeds.  Raises Misuse if the passphrase is wrong."""
        card = self.card()
        secret = read_secret(read(self.folder / "root.key"), f"root of {card.code}", passphrase)
        seeds = RootSeeds(secret[:32], secret[32:])
        if seeds.public(SUITE) != card.root:
            raise Misuse("root.key and card.json do not belong together", hint="Restore both from the same copy.")
        return seeds

    def confirm(self, card: Card) -> None:
        """Keep a card whose words were compared by voice.  Raises Misuse if another one of this code was kept."""
        if card.code == self.card().code:
            raise Misuse(f"{card.code} is this party's own code", hint="Agree on different codes, then begin again.")
        write_new(self.folder / "parties" / f"{card.code}.json", card.encode())

    def confirmed(self, code: str) -> Card:
        """Return a card that was compared, or our own.  Raises Misuse if it was not."""
        own = self.card()
        if code == own.code:
            return own
        path = self.folder / "parties" / f"{code}.json"
        if not path.exists():
            raise Misuse(
                f"the words of {code} have not been compared",
                hint=f"Run: openline party import --dir {self.folder} {code}.json",
            )
        return read_card(read(path))

    def others(self) -> list[Card]:
        """Return every card that was compared, by code."""
        return [read_card(read(path)) for path in sorted((self.folder / "parties").glob("*.json"))]

    # ------------------------------------------------------------ its lines

    def lines(self) -> list[Line]:
        """Return the lines that have a charter in force here."""
        return [Line(folder) for folder in sorted((self.folder / "lines").glob("*")) if folder.is_dir()]

    def line(self, beginning: str | None) -> Line:
        """Return the line whose name begins so; the only one, if none is named.  Raises Misuse."""
        found = [line for line in self.lines() if line.folder.name.startswith(beginning or "")]
        if len(found) != 1:
            count = "no line" if not found else f"{len(found)} lines"
            raise Misuse(f"{count} here begin with {beginning or 'nothing'}", hint="See: openline charter list")
        return found[0]

    def line_of(self, signed: SignedCharter) -> Line:
        """Return the folder of a charter's line, which may not exist yet."""
        return Line(self.folder / "lines" / line_name(signed.line))

    def check_roots(self, signed: SignedCharter, before: Charter | None) -> None:
        """Raise unless every member's words were compared (Misuse), and the root is the one that was (R113).

        A member that the charter before has with the same root needs no new comparison.
        """
        known = {member.code: member.root for member in before.members} if before else {}
        for member in signed.charter.members:
            code = member.code
            compared = known[code] if known.get(code) == member.root else self.confirmed(code).root
            if compared != member.root:
                raise Inadmissible(
                    "R113",
                    f"the root of {code} in this charter is not the one whose words were compared",
                    hint="Do not sign. Find out by voice who changed it.",
                )

    def check_signable(self, signed: SignedCharter, before: Charter | None) -> None:
        """Raise Misuse or Rejected unless our root may sign this charter: ask before people compare words."""
        signed.verify(before, SUITE)
        self.check_roots(signed, before)
        if before is not None:
            self._check_follows(signed)
        self._place(signed, before)

    def _check_follows(self, signed: SignedCharter) -> None:
        """Raise Misuse unless an amendment is one of the charter in force here, under a higher number.

        Whoever amends an older text asks for no signature of the members that joined since, nor by the roots that were
        renewed since: two members could so shut out a third behind its back, and behind ours.
        """
        held = self.line_of(signed).charters()[-1]
        if signed.charter.predecessor != held.digest or signed.charter.number <= held.charter.number:
            raise Misuse(
                f"this charter does not amend number {held.charter.number}, which is in force here",
                hint="Do not sign. Ask for a draft of what is in force: openline charter amend",
                number=held.charter.number,
            )

    def sign_charter(self, signed: SignedCharter, before: Charter | None, passphrase: str | None) -> SignedCharter:
        """Return the charter with our root's signature.  Raises Misuse or Rejected if it must not be signed."""
        self.check_signable(signed, before)
        party, seeds = self._place(signed, before), self.root(passphrase)
        # Signed only once the digest is kept: a crash between can be repeated, and gives the same text.
        self.promise(f"{line_name(signed.line)}-charter-{signed.charter.number}", signed.digest)
        return signed.signed_by(party, seeds, before, SUITE)

    def _place(self, signed: SignedCharter, before: Charter | None) -> int:
        """Return our party number in the charter, or in the one before if we leave it."""
        code = self.card().code
        for text in (signed.charter, before):
            for member in text.members if text else ():
                if member.code == code:
                    return member.party
        raise Misuse(f"{code} is no member of this charter", hint="Ask whoever drafted it.")

    def promise(self, name: str, digest: bytes) -> None:
        """Note which text our root signs under this name.  Raises Misuse if it was another one."""
        path = self.folder / "signed" / name
        if not path.exists():
            write_new(path, digest.hex().encode() + b"\n", mode=PRIVATE)
        if read(path).strip() != digest.hex().encode():
            raise Misuse(
                f"our root has signed another {name.split('-', 1)[1].replace('-', ' ')} of this line",
                hint="Two would prove the root false. Draft this text anew, under the next number.",
            )


class Line:
    """The documents of one line in an office."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def documents(self) -> LineDocuments:
        """Return what is in force, every signature verified again.  Raises Unavailable if there is no charter."""
        files = [(of, file) for of, _, file in sorted(self._files(), key=lambda file: (file[0], file[1]))]
        charters = [document for of, document in files if of is DocumentClass.CHARTER]
        if not charters:
            raise Unavailable(f"no charter is in force in {self.folder}", hint="Run: openline charter activate")
        documents, later = LineDocuments(read_charter(charters[0]).line), files[len(charters) :]
        for charter in charters:
            documents.accept(DocumentClass.CHARTER, charter, SUITE, int(time.time()))
            # What the root of then has signed stays true when the next charter names another root of that party.
            later = [file for file in later if not _taken(documents, *file)]
        for file in later:
            documents.accept(*file, SUITE, int(time.time()))  # says what is wrong with it
        return documents

    def charters(self) -> list[SignedCharter]:
        """Return every charter here by number, all complete; the last is in force.  Raises Unavailable if none is."""
        return [read_charter(document) for document in self.documents().charters_after(0)]

    def _files(self) -> Iterator[tuple[DocumentClass, int, bytes]]:
        for path in self.folder.glob("*-*"):
            if DOCUMENT.fullmatch(path.name):  # else a copy that an editor or a person has put there
                of, document = decode_document(read(path))
                yield of, int(path.name.rpartition("-")[2]), document

    def predecessor(self, signed: SignedCharter) -> Charter | None:
        """Return the charter that this one amends, None for number 1.  Raises Unavailable if it is not here."""
        if signed.charter.predecessor is None:
            return None
        for of, _, document in self._files():
            if of is DocumentClass.CHARTER:
                held = read_charter(document)
                if held.digest == signed.charter.predecessor:
                    return held.charter
        raise Unavailable(
            f"the charter before number {signed.charter.number} is not in force here",
            hint="Ask for the earlier charter's file, and run: openline charter activate",
        )

    def activate(self, signed: SignedCharter) -> LineDocuments:
        """Put a complete charter in force here.  Raises Rejected (R80 to R92) naming any missing signature (R87)."""
        before = self.predecessor(signed)
        signed.verify(before, SUITE)
        signed.require_complete(before)
        documents = self.documents() if before else LineDocuments(signed.line)
        change = documents.accept(DocumentClass.CHARTER, signed.document(), SUITE, int(time.time()))
        for proof in change.contradictions:
            self.keep_contradiction(proof)
        path = self.folder / f"charter-{signed.charter.number}"
        if not (path.exists() and self._same_charter(path, signed)):
            write_new(path, encode_document(DocumentClass.CHARTER, signed.document()))
        return documents

    def keep_contradiction(self, proof: ContradictionProof) -> Path:
        """Keep the proof that a root is false, once; return where."""
        name = f"{proof.document.name.lower()}-{proof.party}-{proof.number}"
        path = self.folder / "contradictions" / name
        if not path.exists():
            write_new(path, proof.encode())
        return path

    def _same_charter(self, path: Path, signed: SignedCharter) -> bool:
        return read_charter(decode_document(read(path))[1]).digest == signed.digest


def _taken(documents: LineDocuments, of: DocumentClass, document: bytes) -> bool:
    """Whether a roster or stop notice is taken under the charters so far."""
    try:
        documents.accept(of, document, SUITE, int(time.time()))
    except (Forged, UnknownCharter):
        return False
    return True


def line_name(line: LineId) -> str:
    """Return how a line is named on screens and in commands: 16 bytes, hexadecimal."""
    return line[:LINE_SHOWN_BYTES].hex()


def read_charter_file(path: Path) -> SignedCharter:
    """Return the charter in a file.  Raises Rejected if it is damaged, Misuse if it is another kind of document."""
    of, document = read_document_file(path)
    if of is not DocumentClass.CHARTER:
        raise Misuse(f"{path} holds a {of.name.lower()}, not a charter")
    return read_charter(document)


def write_charter_file(path: Path, signed: SignedCharter) -> None:
    """Write a charter with the signatures it has, as a new file."""
    write_new(path, encode_document(DocumentClass.CHARTER, signed.document()))


def read_document_file(path: Path) -> tuple[DocumentClass, bytes]:
    """Return which document a file holds, and the document.  Raises Misuse if none."""
    try:
        return decode_document(read(path))
    except Rejected as error:
        raise Misuse(f"{path} holds no charter, roster or stop notice", hint="Ask for the file again.") from error
