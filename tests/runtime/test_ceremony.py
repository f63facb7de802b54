"""The office on disk: what it keeps, and what it refuses to sign."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from openline.charter import ItemClass, RootSeeds, SignedCharter, draft_charter, sign_roster
from openline.errors import Forged, Inadmissible, Misuse, StorageFailed, Unavailable
from openline.runtime.ceremony import Card, Line, Office, check_words, line_name, read_card, read_charter_file
from openline.runtime.charter_form import Form, draft_first, draft_next
from openline.runtime.files import write_new
from openline.runtime.keyfile import Cost, open_file
from openline.runtime.opening import read_station_key
from openline.runtime.roster_desk import RosterDesk, make_officer, make_station
from openline.wire.payloads import DocumentClass, encode_document
from openline.wire.statement import Authority, Status
from tests.charter.world import (
    ALBA,
    BORA,
    CENDRA,
    SUITE,
    amendment,
    charter,
    first,
    member,
    root,
    roster,
    seed,
    signed,
    signed_roster,
)

QUICK = Cost(iterations=1, lanes=1, memory_kib=8)
PASSPHRASE = "correct horse"
BEFORE = first().charter


def card(party: int, generation: int = 1) -> Card:
    one = member(party, generation)
    return Card(one.code, dict(one.names), one.root)


def office(folder: Path, party: int = ALBA, *compared: int) -> Office:
    one = member(party)
    made = Office.create(folder, one.code, dict(one.names), PASSPHRASE, root(party), QUICK)
    for other in compared:
        made.confirm(card(other))
    return made


def opened(folder: Path, party: int = ALBA) -> tuple[Office, Line]:
    """Alba's office (or Bora's) with the line in force."""
    made = office(folder, party, BORA if party == ALBA else ALBA)
    line = made.line_of(first())
    line.activate(first())
    return made, line


# ---------------------------------------------------------------- cards and words


def test_a_card_is_read_as_it_was_written() -> None:
    assert read_card(card(ALBA).encode()) == card(ALBA)


@pytest.mark.parametrize(
    "change",
    [
        {"openline": "key file"}, {"code": "Alba"}, {"code": 1}, {"names": {}}, {"names": []}, {"ed25519": "xy"},
        {"mldsa65": 7}, {"more": 1}, {"names": {"en": "\ud800"}},
    ],
)  # fmt: skip
def test_what_is_no_card_is_told(change: dict[str, object]) -> None:
    with pytest.raises(Misuse, match="no party card"):
        read_card(json.dumps(json.loads(card(ALBA).encode()) | change).encode())


def test_a_card_without_end_is_no_card() -> None:
    with pytest.raises(Misuse, match="no party card"):
        read_card(b"[" * 100_000)


def test_each_word_that_differs_is_counted_r112() -> None:
    words = card(ALBA).words()
    check_words(words, " ".join(words).upper())
    with pytest.raises(Inadmissible, match=r"R112.*number 2, 12"):
        check_words(words, " ".join([words[0], "bababa", *words[2:11]]))


# ---------------------------------------------------------------- the party


def test_a_party_has_a_code_and_a_name(tmp_path: Path) -> None:
    for code, names in (("Alba", {"en": "Alba"}), ("", {"en": "Alba"}), ("alba", {})):
        with pytest.raises(Misuse):
            Office.create(tmp_path, code, names, PASSPHRASE, root(ALBA), QUICK)
    assert not list(tmp_path.iterdir())


def test_root_and_card_belong_together(tmp_path: Path) -> None:
    made = office(tmp_path)
    assert made.root(PASSPHRASE) == root(ALBA)
    (tmp_path / "card.json").unlink()
    write_new(tmp_path / "card.json", card(ALBA, 2).encode())
    with pytest.raises(Misuse, match="do not belong together"):
        made.root(PASSPHRASE)


def test_nobody_takes_our_code_or_replaces_a_card(tmp_path: Path) -> None:
    made = office(tmp_path, ALBA, BORA)
    with pytest.raises(Misuse, match="own code"):
        made.confirm(replace(card(BORA), code="alba"))
    with pytest.raises(Misuse, match="exists already"):
        made.confirm(card(BORA, 2))
    assert made.others() == [card(BORA)]


# ---------------------------------------------------------------- charters


def test_only_a_charter_of_compared_roots_is_signed_r113(tmp_path: Path) -> None:
    made = office(tmp_path, ALBA, BORA)
    result = made.sign_charter(draft_charter(charter()), None, PASSPHRASE)
    assert result.places == {(ALBA, 0)}
    false = replace(charter(), members=(member(ALBA), member(BORA, 2)))
    with pytest.raises(Inadmissible, match="R113"):
        made.sign_charter(draft_charter(false), None, PASSPHRASE)
    with pytest.raises(Misuse, match="words of cendra"):
        made.sign_charter(draft_charter(charter(ALBA, CENDRA)), None, PASSPHRASE)


def test_a_charter_with_a_false_signature_is_not_signed_r86(tmp_path: Path) -> None:
    made = office(tmp_path, ALBA, BORA)
    false = draft_charter(charter()).merged(signed(charter(ALBA, BORA, CENDRA), BORA).signatures)
    with pytest.raises(Forged, match="R86"):
        made.sign_charter(false, None, PASSPHRASE)


def test_whoever_leaves_signs_the_amendment_that_lets_it_go(tmp_path: Path) -> None:
    three = signed(charter(ALBA, BORA, CENDRA))
    made = office(tmp_path, CENDRA, ALBA, BORA)
    made.line_of(three).activate(three)
    without = draft_charter(replace(amendment(three), members=(member(ALBA), member(BORA))))
    assert made.sign_charter(without, three.charter, PASSPHRASE).places == {(CENDRA, 1)}
    with pytest.raises(Misuse, match="cendra is no member"):
        made.sign_charter(draft_charter(charter()), None, PASSPHRASE)


def test_a_member_of_the_charter_before_needs_no_new_comparison(tmp_path: Path) -> None:
    made, _ = opened(tmp_path)
    (tmp_path / "parties" / "bora.json").unlink()
    made.check_roots(draft_charter(amendment(first())), BEFORE)


def test_an_amendment_needs_its_predecessor_here(tmp_path: Path) -> None:
    made, line = opened(tmp_path)
    line.folder.joinpath("roster-1-1").write_bytes(
        encode_document(DocumentClass.ROSTER, signed_roster(roster()).document())
    )
    assert line.predecessor(draft_charter(amendment(first()))) == BEFORE
    middle = signed(amendment(first()), before=BEFORE)
    far = draft_charter(amendment(middle, 3))
    with pytest.raises(Unavailable, match="the charter before number 3"):
        line.predecessor(far)
    assert made.lines()[0].charters() == [first()]


def test_a_charter_activated_twice_changes_nothing_and_another_is_not_written_over_it(tmp_path: Path) -> None:
    _, line = opened(tmp_path)
    line.activate(first())
    middle = signed(amendment(first()), before=BEFORE)
    line.activate(middle)
    rules = replace(BEFORE.rules, entries_a_minute=7)
    other = signed(amendment(first(), 2, rules), before=BEFORE)
    with pytest.raises(Misuse, match="exists already"):
        line.activate(other)
    proofs = sorted(path.name for path in (line.folder / "contradictions").iterdir())
    assert proofs == ["charter-1-2", "charter-2-2"]
    with pytest.raises(Misuse, match="exists already"):
        line.activate(other)


def test_a_line_is_named_by_its_beginning(tmp_path: Path) -> None:
    made, line = opened(tmp_path)
    name = line_name(first().line)
    assert made.line(None).folder == made.line(name[:4]).folder == line.folder
    with pytest.raises(Misuse, match="no line"):
        made.line("zz")
    other = replace(charter(), seed=seed("another"))
    made.line_of(signed(other)).activate(signed(other))
    with pytest.raises(Misuse, match="2 lines"):
        made.line(None)


def test_an_empty_line_has_no_charter(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no charter is in force"):
        Line(tmp_path).documents()


def test_a_file_of_another_kind_is_no_charter(tmp_path: Path) -> None:
    path = tmp_path / "roster"
    write_new(path, encode_document(DocumentClass.ROSTER, signed_roster(roster()).document()))
    with pytest.raises(Misuse, match="holds a roster"):
        read_charter_file(path)


def test_an_amendment_of_an_older_charter_is_not_signed(tmp_path: Path) -> None:
    """Bora drafts from charter 1, where Cendra had not joined: Cendra's root would not be asked."""
    made, line = opened(tmp_path)
    made.confirm(card(CENDRA))
    three = replace(amendment(first()), members=(*BEFORE.members, member(CENDRA)))
    middle = signed(three, before=BEFORE)
    line.activate(middle)
    behind = draft_charter(amendment(first(), 3))
    with pytest.raises(Misuse, match="does not amend number 2, which is in force here"):
        made.sign_charter(behind, line.predecessor(behind), PASSPHRASE)
    with pytest.raises(Misuse, match="does not amend number 2"):
        made.check_signable(draft_charter(amendment(middle, 2)), three)
    assert made.sign_charter(draft_charter(amendment(middle, 3)), three, PASSPHRASE).places == {(ALBA, 0)}


def test_an_office_goes_on_when_another_party_has_renewed_its_root(tmp_path: Path) -> None:
    """Rosters by the root of before stay; what no root of the party has signed is told as before."""
    at = desk(tmp_path)
    at.take(DocumentClass.ROSTER, signed_roster(roster(BORA)).document())
    renewed = replace(amendment(first()), members=(member(ALBA), member(BORA, 2)))
    complete = draft_charter(renewed)
    for party, generation in ((ALBA, 1), (BORA, 1), (BORA, 2)):
        complete = complete.signed_by(party, root(party, generation), BEFORE, SUITE)
    at.line.activate(complete)
    at.take(DocumentClass.ROSTER, sign_roster(roster(BORA, 2), root(BORA, 2), SUITE).document())
    held = at.line.documents().roster(BORA)
    assert held is not None
    assert held.number == 2
    false = encode_document(DocumentClass.ROSTER, sign_roster(roster(BORA, 3), root(CENDRA), SUITE).document())
    write_new(at.line.folder / "roster-2-3", false)
    with pytest.raises(Forged, match="R86"):
        at.line.documents()


def test_a_copy_that_somebody_left_in_the_line_s_folder_is_none_of_its_documents(tmp_path: Path) -> None:
    _, line = opened(tmp_path)
    for name in ("charter-1~", "charter-1 (copy)", "roster-1-1.bak"):
        write_new(line.folder / name, b"whatever")
    assert line.charters() == [first()]


# ---------------------------------------------------------------- drafts


def test_a_draft_needs_a_name_in_each_language(tmp_path: Path) -> None:
    made = Office.create(tmp_path, "alba", {"fr": "Alba"}, PASSPHRASE, root(ALBA), QUICK)
    made.confirm(card(BORA))
    with pytest.raises(Misuse, match="no name in en"):
        draft_first(made, [("alba", member(ALBA).role), ("bora", member(BORA).role)], None)


def test_the_parties_say_of_unreviewed_wording_what_they_mean(tmp_path: Path) -> None:
    made = Office.create(tmp_path, "alba", {"en": "Alba"}, PASSPHRASE, root(ALBA), QUICK)
    made.confirm(card(BORA))
    roles = [("alba", member(ALBA).role), ("bora", member(BORA).role)]
    with pytest.raises(Misuse, match="must say whether ACTUAL"):
        draft_first(made, roles, None)
    with pytest.raises(Misuse, match="must say whether ACTUAL"):
        draft_first(made, roles, Form(b"", tmp_path))
    for accepts in (True, False):
        drafted = draft_first(made, roles, None, accepts_unreviewed=accepts).charter
        assert drafted.rules.unreviewed_renderings is accepts
    written = draft_first(made, roles, Form(b"unreviewed_renderings = true", tmp_path)).charter
    assert written.rules.unreviewed_renderings
    assert draft_first(made, roles, Form(b'statuses = ["TEST"]', tmp_path)).charter.number == 1


def test_what_was_said_of_wording_for_exercises_is_not_meant_for_actual(tmp_path: Path) -> None:
    made = office(tmp_path, ALBA, BORA)
    trial = replace(
        BEFORE, statuses=(Status.EXERCISE, Status.TEST), rules=replace(BEFORE.rules, unreviewed_renderings=True)
    )
    line = made.line_of(signed(trial))
    line.activate(signed(trial))
    with pytest.raises(Misuse, match="must say whether ACTUAL"):
        draft_next(made, line, form=Form(b'statuses = ["ACTUAL"]', tmp_path))
    stated = draft_next(made, line, form=Form(b'statuses = ["ACTUAL"]\nunreviewed_renderings = false', tmp_path))
    assert not stated.charter.rules.unreviewed_renderings
    assert draft_next(made, line).charter.rules.unreviewed_renderings


def test_an_amendment_keeps_what_it_does_not_change(tmp_path: Path) -> None:
    made, line = opened(tmp_path)
    made.confirm(card(CENDRA))
    draft = draft_next(made, line, added=[("cendra", member(CENDRA).role)])
    assert draft.charter.predecessor == first().digest
    assert [(one.party, one.code) for one in draft.charter.members] == [(1, "alba"), (2, "bora"), (3, "cendra")]
    assert draft.charter.rules == BEFORE.rules
    assert draft.charter.seed != BEFORE.seed
    with pytest.raises(Misuse, match="dora is no member"):
        draft_next(made, line, removed=["dora"])


def test_a_number_is_not_given_to_another_party(tmp_path: Path) -> None:
    three = signed(charter(ALBA, BORA, CENDRA))
    made = office(tmp_path, ALBA, BORA, CENDRA)
    line = made.line_of(three)
    line.activate(three)
    made.confirm(Card("dora", {"en": "Dora", "ko": "d"}, RootSeeds(seed("d"), seed("d")).public(SUITE)))
    without = draft_next(made, line, removed=["cendra"])
    assert [one.code for one in without.charter.members] == ["alba", "bora"]
    complete: SignedCharter = without
    for party in (ALBA, BORA, CENDRA):
        complete = complete.signed_by(party, root(party), three.charter, SUITE)
    line.activate(complete)
    again = draft_next(made, line, added=[("dora", member(BORA).role)])
    assert [one.party for one in again.charter.members] == [1, 2, 4]


def test_names_of_a_member_whose_card_is_gone_stay_as_they_are(tmp_path: Path) -> None:
    made, line = opened(tmp_path)
    (tmp_path / "parties" / "bora.json").unlink()
    assert draft_next(made, line).charter.members == BEFORE.members


# ---------------------------------------------------------------- rosters


def desk(folder: Path, party: int = ALBA) -> RosterDesk:
    return RosterDesk(*opened(folder, party))


def test_an_item_of_another_line_or_party_is_not_added(tmp_path: Path) -> None:
    at = desk(tmp_path / "alba")
    at.draft()
    other = signed(replace(charter(), seed=seed("another")))
    make_station(first(), "bora", 1, tmp_path / "bora")
    make_station(other, "alba", 1, tmp_path / "other")
    for place in ("bora", "other"):
        with pytest.raises(Misuse, match="another line or party"):
            at.add_item((tmp_path / place / "station-1.item").read_bytes(), ItemClass.STATION)


def test_only_members_make_keys(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="dora is no member"):
        make_station(first(), "dora", 1, tmp_path)


def test_a_draft_that_was_signed_before_a_crash_is_signed_again(tmp_path: Path) -> None:
    at = desk(tmp_path)
    make_officer(first(), "alba", 1, [Authority.RELEASER], tmp_path / "keys", PASSPHRASE, QUICK)
    at.draft()
    at.add_item((tmp_path / "keys/officer-1.item").read_bytes(), ItemClass.OFFICER)
    draft = (at.line.folder / "roster.draft").read_bytes()
    text, notices = at.sign(PASSPHRASE)
    assert len(notices) == 1
    (at.line.folder / "roster.draft").write_bytes(draft)
    assert at.sign(PASSPHRASE) == (text, [])
    assert at.line.documents().roster(ALBA) == text


def test_another_roster_under_a_signed_number_is_not_signed(tmp_path: Path) -> None:
    at = desk(tmp_path)
    at.draft()
    at.sign(PASSPHRASE)
    (at.line.folder / "roster-1-1").unlink()
    at.draft()
    with pytest.raises(Misuse, match="has signed another roster 1"):
        at.sign(PASSPHRASE)


def test_a_draft_that_was_begun_before_the_roster_in_force_is_not_signed_as_if_it_counted(tmp_path: Path) -> None:
    """Another copy of the office has signed meanwhile; a thief's key that this draft leaves out would stay."""
    at = desk(tmp_path)
    at.draft()
    at.take(DocumentClass.ROSTER, signed_roster(roster(ALBA, 2)).document())
    with pytest.raises(Misuse, match="roster 2 is in force by now"):
        at.sign(PASSPHRASE)
    assert not (tmp_path / "signed").exists()
    assert at.drafted().number == 1


def test_a_disk_that_is_full_before_the_notices_are_kept_leaves_the_draft_to_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk(tmp_path)
    for number in (1, 2):
        make_officer(first(), "alba", number, [Authority.RELEASER], tmp_path / "keys", PASSPHRASE, QUICK)
    at.draft()
    at.add_item((tmp_path / "keys/officer-1.item").read_bytes(), ItemClass.OFFICER)

    real = os.open

    def full(path: Path, flags: int, mode: int = 0o777) -> int:
        if path.parent.name == "stops":
            raise OSError(28, "No space left on device")
        return real(path, flags, mode)

    with monkeypatch.context() as disk:
        disk.setattr(os, "open", full)
        with pytest.raises(StorageFailed):
            at.sign(PASSPHRASE)
    at.add_item((tmp_path / "keys/officer-2.item").read_bytes(), ItemClass.OFFICER)
    text, _ = at.sign(PASSPHRASE)
    assert [officer.number for officer in text.officers] == [1, 2]


def test_a_contradiction_of_the_other_party_is_kept(tmp_path: Path) -> None:
    at = desk(tmp_path)
    one, other = (signed_roster(roster(BORA, stations=stations)).document() for stations in ((1,), (1, 2)))
    assert not at.take(DocumentClass.ROSTER, one).contradictions
    assert at.take(DocumentClass.ROSTER, other).contradictions
    assert [path.name for path in (at.line.folder / "contradictions").iterdir()] == ["roster-2-1"]
    assert [one.number for one in at.line.documents().stations_of(BORA)] == [1]


def test_only_a_station_key_opens_a_station(tmp_path: Path) -> None:
    for name, content in (
        ("officer", open_file(bytes(96), "officer 1 of alba")),
        ("short", open_file(bytes(95), "station 1")),
    ):
        write_new(tmp_path / name, content)
        with pytest.raises(Misuse, match="not of a station"):
            read_station_key(tmp_path / name)
