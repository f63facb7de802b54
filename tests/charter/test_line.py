"""What is in force on one line: look-ups, the digest of greetings, and what is kept for the next start."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.charter import TABLE, Change, ItemClass, LineDocuments, RelayItem, StopNotice, make_stop
from openline.errors import Rejected
from openline.identifiers import station_id
from openline.ports import Forget, Keep
from openline.wire.payloads import DocumentClass
from tests.charter.world import (
    ALBA,
    BORA,
    NOON,
    SUITE,
    amendment,
    first,
    opened,
    root,
    roster,
    seed,
    signed,
    signed_roster,
    staffed,
)

LINE = first().line
Brought = tuple[DocumentClass, bytes]


def everything() -> list[Brought]:
    """Two charters, a contradiction, a proposal, three rosters, a contradiction and two stop notices."""
    before = first().charter
    middle = signed(amendment(first()), before=before)
    faster, slower = (replace(before.rules, entries_a_minute=rate) for rate in (90, 30))
    return [
        (DocumentClass.CHARTER, first().document()),
        (DocumentClass.CHARTER, middle.document()),
        (DocumentClass.CHARTER, signed(amendment(middle, 3, faster), ALBA, before=middle.charter).document()),
        (DocumentClass.CHARTER, signed(amendment(middle, 3, slower), ALBA, before=middle.charter).document()),
        (DocumentClass.ROSTER, signed_roster(roster(BORA)).document()),
        (DocumentClass.ROSTER, signed_roster(roster(ALBA, 1, stations=(1, 2))).document()),
        (DocumentClass.ROSTER, signed_roster(roster(ALBA, 2, stations=(1,), officers=(1, 2))).document()),
        (DocumentClass.ROSTER, signed_roster(roster(ALBA, 2, stations=(1, 3))).document()),
        (DocumentClass.ROSTER, signed_roster(roster(ALBA, 3, stations=(1,), officers=(1, 2, 3))).document()),
        (DocumentClass.STOP, make_stop(StopNotice(LINE, ALBA, ItemClass.STATION, 2), root(ALBA), SUITE)),
        (DocumentClass.STOP, make_stop(StopNotice(LINE, BORA, ItemClass.OFFICER, 1), root(BORA), SUITE)),
    ]


EVERYTHING = everything()


def bring(documents: LineDocuments, brought: Iterable[Brought]) -> list[Change]:
    return [documents.accept(kind, document, SUITE, NOON + at) for at, (kind, document) in enumerate(brought)]


def kept(changes: Iterable[Change], before: Mapping[bytes, bytes] | None = None) -> dict[bytes, bytes]:
    """What the store holds after these changes."""
    rows = dict(before or {})
    for change in changes:
        for row in change.rows:
            assert row.table == TABLE
            if isinstance(row, Keep):
                rows[row.key] = row.value
            else:
                assert isinstance(row, Forget)
                del rows[row.key]
    return rows


def view(documents: LineDocuments) -> list[object]:
    """All that can be asked."""
    places = range(1, 7)
    return [
        documents.charter,
        [documents.charter_numbered(number) for number in places],
        [documents.terms(number) for number in places],
        documents.waiting(),
        documents.documents_digest(),
        documents.contradictions(),
        documents.all_stations(),
        documents.charters_after(0),
        *(
            [
                documents.roster(party),
                documents.salt_seed(party),
                documents.relays(party),
                documents.stations_of(party),
                documents.roster_after(party, 0),
                documents.stops_of(party),
                [documents.station(station_id(party, number)) for number in places],
                [documents.station_stopped(station_id(party, number)) for number in places],
                [documents.officer(party, number) for number in places],
                [documents.officer_stopped(party, number) for number in places],
            ]
            for party in (ALBA, BORA)
        ),
    ]


def test_documents_stay_in_the_table_in_which_stations_have_kept_them() -> None:
    """Under another name a station would start without its charter after an update."""
    assert TABLE == "documents"


@pytest.mark.parametrize("count", range(7, len(EVERYTHING) + 1))
def test_a_restart_at_any_place_forgets_nothing(count: int) -> None:
    documents, again = LineDocuments(LINE), LineDocuments(LINE)
    rows = kept(bring(documents, EVERYTHING[:count]))
    assert all(key.startswith(LINE) for key in rows)
    again.restore(sorted(rows.items()))
    assert view(again) == view(documents)
    stored = [kept(bring(one, EVERYTHING[count:]), rows) for one in (documents, again)]
    assert stored[0] == stored[1]
    assert view(again) == view(documents)


def test_a_station_that_left_before_it_was_stopped_ended_when_it_left() -> None:
    documents, again = LineDocuments(LINE), LineDocuments(LINE)
    again.restore(sorted(kept(bring(documents, EVERYTHING)).items()))
    for one in (documents, again):
        assert one.station_stopped(station_id(ALBA, 2)) == NOON + 6
        assert one.officer_stopped(BORA, 1) == NOON + 10
        assert one.officer_stopped(ALBA, 3) is None


def test_only_the_newest_roster_and_those_that_alone_certify_something_are_kept() -> None:
    documents = opened()
    texts = [
        roster(number=1, stations=(1, 2)),
        roster(number=2, stations=(1,)),
        roster(number=3, stations=(1,)),
        roster(number=4, stations=(1,)),
    ]
    rows = kept(bring(documents, [(DocumentClass.ROSTER, signed_roster(text).document()) for text in texts]))
    numbers = [key[-1] for key in sorted(rows) if key[len(LINE)] == DocumentClass.ROSTER]
    assert numbers == [1, 4]


@given(st.permutations(EVERYTHING[4:7] + EVERYTHING[8:]))
def test_the_order_of_arrival_does_not_matter(order: list[Brought]) -> None:
    """Once everything is here, everybody holds the same: so the digest of a greeting tells whether something lacks."""
    documents, other = opened(), opened()
    bring(documents, order)
    bring(other, EVERYTHING[4:7] + EVERYTHING[8:])
    assert documents.documents_digest() == other.documents_digest()
    assert documents.roster(ALBA) == other.roster(ALBA)


def test_each_document_changes_the_digest() -> None:
    documents = LineDocuments(LINE)
    digests = {documents.documents_digest()}
    changing = [place for place in range(len(EVERYTHING)) if place not in (2, 3, 7)]
    for place in changing:
        bring(documents, [EVERYTHING[place]])
        digests.add(documents.documents_digest())
        assert len(documents.documents_digest()) == 32
    assert len(digests) == len(changing) + 1


def test_what_is_refused_changes_nothing() -> None:
    documents = staffed()
    before = view(documents)
    for kind, document in EVERYTHING[1:]:
        with pytest.raises(Rejected):
            documents.accept(kind, document[:-1] + bytes((document[-1] ^ 1,)), SUITE, NOON + 99)
    assert view(documents) == before


def test_look_ups() -> None:
    documents = staffed()
    assert documents.line == LINE
    assert documents.salt_seed(ALBA) == seed("salt", ALBA)
    assert documents.relays(BORA) == (RelayItem("relay.example:443", seed("relay")),)
    assert documents.relays(9) == ()
    assert documents.stations_of(9) == ()
    item = documents.station(station_id(BORA, 1))
    assert item
    assert (item.party, item.number) == (BORA, 1)
    assert documents.station(station_id(BORA, 2)) is None
    assert documents.officer(9, 1) is None
    assert documents.officer(ALBA, 9) is None
    assert [station.party for station in documents.all_stations()] == [ALBA, BORA]
    assert LineDocuments(LINE).all_stations() == ()


def test_a_peer_is_given_only_what_it_lacks() -> None:
    documents = staffed()
    assert documents.roster_after(ALBA, 1) is None
    assert documents.roster_after(9, 0) is None
    assert documents.roster_after(ALBA, 0)
    assert documents.charters_after(1) == ()


@given(st.data())
def test_a_changed_byte_anywhere_is_refused_and_leaves_no_trace(data: st.DataObject) -> None:
    documents = opened()
    for kind, document in EVERYTHING[4:6]:
        documents.accept(kind, document, SUITE, NOON)
    before = documents.documents_digest()
    kind, document = data.draw(st.sampled_from(EVERYTHING[1:]))
    # Between the keys and signatures of ML-DSA stands what has a meaning; look there as often as anywhere else.
    place = data.draw(st.integers(0, len(document) - 1) | st.integers(0, 200) | st.integers(1, 200).map(lambda n: -n))
    changed = bytearray(document)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Rejected):
        documents.accept(kind, bytes(changed), SUITE, NOON)
    assert documents.documents_digest() == before


@given(st.sampled_from(list(DocumentClass)), st.binary(max_size=400))
def test_no_bytes_do_more_than_be_refused(kind: DocumentClass, document: bytes) -> None:
    with pytest.raises(Rejected):
        opened().accept(kind, document, SUITE, NOON)
