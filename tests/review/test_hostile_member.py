"""A member with genuine keys says whatever it likes: no other station falls over, and nothing of theirs is lost."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openline.catalogue.kinds import CATALOGUE, Kind
from openline.catalogue.kinds.bodies import write_body
from openline.catalogue.kinds.values import FieldValue
from openline.delivery.keys_in_use import running
from openline.engine.alarms import in_force
from openline.engine.views import forks, line_view, messages, unpresented
from openline.identifiers import StationId
from openline.wire.cbor import Value, encode
from openline.wire.entry import encode_entry, entry_signed
from openline.wire.envelope import Type
from openline.wire.payloads import (
    DocumentClass,
    Greeting,
    LogState,
    encode_copy,
    encode_document,
    encode_greeting,
    encode_receipt,
    encode_request,
    greeting_signed,
)
from openline.wire.statement import Option, Precedence, Statement, Status, encode_statement
from openline.wire.statement import digest as statement_digest
from tests.catalogue.kinds.strategies import messages as any_message
from tests.review.pair import ALBA, BORA, Table

EDGES = (0, 1, 2, 23, 24, 255, 256, 65_535, 1 << 31, (1 << 32) - 1)


def hostile(table: Table, kind: Type, payload: bytes) -> None:
    """Let Alba's keys seal a payload for Bora, and Bora take it."""
    state = table.state(ALBA)
    run = running(state, state.peers[BORA])
    assert run is not None
    table.bring(BORA, run.seal(kind, payload, padded=True), writer=ALBA)


def look(table: Table) -> None:
    """Look at everything that a console of Bora shows."""
    meaning, now = table.meaning(BORA), table.instant(BORA)
    for sent in (False, True):
        messages(meaning, now, sent=sent)
    line_view(meaning, now)
    forks(meaning)
    list(unpresented(meaning))
    in_force(table.seats[BORA].station.meanings, now.utc)


def still_works(table: Table) -> None:
    """Both stations still hear each other."""
    table.pump()
    table.pass_time(60)
    assert table.say(BORA, "still here").good
    table.pass_time(60)
    assert "still here" in table.texts(ALBA)


def value(random: Random, depth: int = 0) -> Value:
    """Return something that CBOR can hold."""
    choice = random.randrange(8 if depth < 3 else 6)
    if choice == 6:
        return [value(random, depth + 1) for _ in range(random.randrange(4))]
    if choice == 7:
        return {key: value(random, depth + 1) for key in sorted(random.sample(range(24), random.randrange(5)))}
    number = random.choice(EDGES)
    return (None, True, number, -number, "x" * random.randrange(5), random.randbytes(20))[choice]


@pytest.mark.parametrize("seed", range(8))
def test_no_payload_whatever_stops_a_station(seed: int) -> None:
    table = Table()
    table.meet()
    table.say(BORA, "theirs")
    table.pump()
    random = Random(seed)
    for kind in Type:
        for _ in range(12):
            hostile(table, kind, random.randbytes(random.choice((0, 1, 6, 7, 64, 128, 2_600))))
            hostile(table, kind, encode(value(random)))
    asks = [tuple(random.choice((*EDGES, (1 << 64) - 1)) for _ in range(length)) for length in (5, 1, 2, 3, 2, 3)]
    hostile(table, Type.REQUEST, encode_request([(number, *ask[1:]) for number, ask in enumerate(asks)]))
    for size in (0, 1, 2, (1 << 35) - 1):
        further = sorted({size + 1 + random.randrange(1 << 20) for _ in range(64)})
        hostile(table, Type.STORED, encode_receipt(size, 0, further, bytes(64)))
    for document in DocumentClass:
        hostile(table, Type.DOCUMENT, encode_document(document, encode(value(random)) + b"x"))
    look(table)
    still_works(table)


@pytest.mark.parametrize("seed", range(4))
def test_no_greeting_whatever_stops_a_station(seed: int) -> None:
    table = Table()
    table.meet()
    random = Random(seed)
    state = table.state(ALBA)
    for _ in range(40):
        logs = tuple(
            LogState(
                StationId(random.choice((0, 1, ALBA, BORA, 0xFFFF))), random.choice((state.generation, *EDGES)),
                random.choice((0, 1, 1_025, (1 << 35) - 1)), random.randbytes(32),
            )
            for _ in range(random.randrange(20))
        )  # fmt: skip
        answered = random.choice((bytes(8), table.state(BORA).peers[ALBA].contact.nonce))
        greeting = encode_greeting(
            Greeting(
                random.choice((bytes(8), random.randbytes(8))), answered, random.choice(EDGES), random.randbytes(32),
                random.choice(EDGES), random.choice(EDGES), random.randbytes(4), logs,
            )
        )  # fmt: skip
        signed = greeting_signed(state.line, state.identity.hash, table.state(BORA).identity.hash, greeting)
        hostile(table, Type.GREETING, greeting + table.suite.sign(state.keys.sign, signed))
        table.pass_time(20)
        look(table)
    still_works(table)


def options(random: Random, refs: list[bytes]) -> dict[int, Value]:
    """Return options of the right types and of any value."""
    given: dict[int, Value] = {
        Option.REF: random.choice(refs),
        Option.VALIDITY: random.choice(([None, 0], [0, (1 << 32) - 1], [(1 << 32) - 1, None])),
        Option.RESPOND_BY: random.choice(EDGES),
        Option.PASS_TO: "unit",
        Option.ACTION: random.choice(([1], [2], [1, 2], [255])),
        Option.CLEARANCE: ["all"],
    }
    return {key: given[key] for key in sorted(random.sample(list(given), random.randrange(len(given) + 1)))}


@pytest.mark.parametrize("seed", range(8))
def test_no_statement_whatever_stops_a_station(seed: int) -> None:
    table = Table()
    table.meet()
    random = Random(seed)
    digest = table.say(BORA, "theirs").digest
    table.pump()
    state = table.state(ALBA)
    refs = [digest[:20], bytes(20)]
    numbers = [kind.number for kind in CATALOGUE.kinds.values()]
    for seq in range(150):
        fields = {key: value(random) for key in range(random.randrange(6))}
        body = random.choice((None, "words", value(random, 3), fields))
        if not isinstance(body, None | str | dict):
            body = {0: body}
        said = encode_statement(
            Statement(
                1, random.choice((*EDGES, table.instant(ALBA).utc)), random.choice((*numbers, 255, 254)), 1, body,
                random.choice((Status.TEST, Status.EXERCISE)), random.choice(list(Precedence)),
                options=options(random, refs),
            )
        )  # fmt: skip
        made = statement_digest(state.documents.salt_seed(1), said)
        refs.append(made[:20])
        signed = entry_signed(state.line, state.identity.hash, state.generation, seq, made, b"")
        entry = encode_entry(seq, said, (), table.suite.sign(state.keys.sign, signed))
        hostile(table, Type.COPY, encode_copy(ALBA, state.generation, entry))
        if seq % 10 == 0:
            table.now_ms += 5_000
            look(table)
    look(table)
    table.sit(BORA, table.seats[BORA].ledger)
    look(table)
    assert table.state(BORA).size_of((ALBA, state.generation)) == 150


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=25)
@given(
    st.lists(
        st.tuples(any_message(), st.integers(0, 9), st.randoms(use_true_random=False)), min_size=1, max_size=40
    )
)  # fmt: skip
def test_no_readable_message_in_whatever_order_stops_a_station(
    said: list[tuple[tuple[Kind, dict[str, FieldValue]], int, Random]],
) -> None:
    table = Table()
    table.meet()
    refs = [table.say(BORA, "theirs").digest[:20]]
    table.pump()
    state = table.state(ALBA)
    for seq, ((kind, fields), age, random) in enumerate(said):
        statement = encode_statement(
            Statement(
                1, table.instant(ALBA).utc - age, kind.number, random.choice((0, 1, 2)), write_body(kind, fields),
                random.choice((Status.TEST, Status.EXERCISE)), random.choice(list(Precedence)),
                options=options(random, refs[-3:]),
            )
        )  # fmt: skip
        made = statement_digest(state.documents.salt_seed(1), statement)
        refs.append(made[:20])
        signed = entry_signed(state.line, state.identity.hash, state.generation, seq, made, b"")
        entry = encode_entry(seq, statement, (), table.suite.sign(state.keys.sign, signed))
        hostile(table, Type.COPY, encode_copy(ALBA, state.generation, entry))
        table.now_ms += 60_000 * age
    look(table)
    table.sit(BORA, table.seats[BORA].ledger)
    look(table)
