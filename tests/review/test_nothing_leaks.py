"""What goes to logs and relays holds no word of a message and no key, whatever is refused."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from openline.catalogue.kinds import CATALOGUE
from openline.delivery.keys_in_use import running
from openline.identifiers import Token
from openline.ports import Answer, Effect, Submitted
from openline.wire.entry import encode_entry, entry_signed
from openline.wire.envelope import Type
from openline.wire.payloads import encode_copy
from openline.wire.statement import digest as statement_digest
from tests.review.pair import ALBA, BORA, Table

CANARY = "QUARTZLIGHTHOUSE"


def words_of(effect: Effect) -> str:
    """Return everything an effect says to the world outside; answers go to the person who asked, seeds to our paths."""
    if isinstance(effect, Answer):
        return ""
    assert is_dataclass(effect)
    return " ".join(str(getattr(effect, each.name)) for each in fields(effect))


def test_no_effect_that_leaves_a_station_holds_a_word_of_a_message() -> None:
    table = Table()
    table.meet()
    table.say(ALBA, CANARY, flash=True)
    table.pump()
    state = table.state(ALBA)
    run = running(state, state.peers[BORA])
    assert run is not None
    for kind in CATALOGUE.kinds:
        said = table.said(ALBA, f"{CANARY} {kind}", kind=kind)
        table.give(BORA, Submitted(Token(5), table.setting.line, said))
        digest = statement_digest(state.documents.salt_seed(1), said)
        seq = table.state(BORA).size_of((ALBA, state.generation))
        signed = entry_signed(state.line, state.identity.hash, state.generation, seq, digest, b"")
        entry = encode_entry(seq, said, (), table.suite.sign(state.keys.sign, signed))
        for altered in (entry, entry[:-1], entry + b"x", entry[:20] + b"\xff" + entry[21:]):
            table.bring(BORA, run.seal(Type.COPY, encode_copy(ALBA, state.generation, altered), padded=True))
    table.pass_time(3_600)
    assert "R130" in table.rules(BORA)
    seeds = [seed for home in table.setting.homes.values() for seed in (home.keys.sign, home.keys.head, home.keys.post)]
    for seat in table.seats.values():
        for effect in seat.effects:
            words = words_of(effect)
            assert CANARY not in words
            assert not any(seed.hex() in words or repr(seed) in words for seed in seeds)
