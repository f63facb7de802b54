"""Whatever is lost, delayed, repeated, restarted, restored or mis-set, the pair finds back to keys that both hold."""

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from openline.errors import Forged, Inadmissible, Rejected
from openline.limits import EPOCHS_LIVE_MAX
from openline.sessions import Keyring, Need, Receiver, Sender, SendingRun
from openline.wire.envelope import Type
from tests.sessions.pair import ALBA, BORA, DAY, HOUR, LINE, NOON, SUITE, Pair

ROUNDS_TO_RECOVER = 4  # greetings, ten minutes apart, until both hold the same keys again


class Story(RuleBasedStateMachine):
    """Alba sends to Bora; the relay loses, delays and repeats; clocks jump; disks are copied back."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = Pair()
        self.alba_utc = self.bora_utc = NOON
        self.good_link = True
        self.under_way: list[bytes] = []
        self.sealed: set[tuple[bytes, bytes]] = set()
        self.run: SendingRun | None = None
        self.pair.meet(NOON)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.alba_utc += hours * HOUR
        self.bora_utc += hours * HOUR
        self.pair.keyring.expire(self.bora_utc)
        self.pair.receiver.expire(self.bora_utc)
        if self.pair.keyring.renewal_due(self.bora_utc, good_link=self.good_link):
            self.pair.prekey(self.bora_utc)

    @rule(alba=st.integers(-9 * DAY, 9 * DAY), bora=st.integers(-9 * DAY, 9 * DAY))
    def clocks_jump(self, alba: int, bora: int) -> None:
        self.alba_utc += alba
        self.bora_utc += bora

    @rule(good=st.booleans())
    def the_link_changes(self, *, good: bool) -> None:
        self.good_link = good
        self.pair.sender.advance(self.alba_utc, good_link=good)

    @rule(fate=st.sampled_from(["arrives", "arrives", "lost", "late", "twice"]))
    def alba_announces(self, fate: str) -> None:
        need = self.needed(good_link=self.good_link)
        if need is None:
            return
        announcement = self.pair.announce(need, self.alba_utc)
        if fate == "late":
            self.under_way.append(announcement)
        elif fate != "lost":
            self.arrives(announcement)
        if fate == "twice":
            self.arrives(announcement)

    def needed(self, *, good_link: bool) -> Need | None:
        """A disk is not replaced within the second of its last announcement, nor a clock set to just that second."""
        if self.alba_utc == self.pair.receiver.newest:
            self.alba_utc += 1
        return self.pair.sender.needs_announcement(self.alba_utc, good_link=good_link)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def a_late_one_arrives(self, data: st.DataObject) -> None:
        self.arrives(self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1))))

    def arrives(self, announcement: bytes) -> None:
        with suppress(Inadmissible):
            self.pair.carry(announcement, self.bora_utc)

    @rule()
    def bora_greets(self) -> None:
        self.pair.greet(self.alba_utc, good_link=self.good_link)

    @rule()
    def bora_rekeys(self) -> None:
        self.pair.prekey(self.bora_utc, fresh=True)
        self.pair.receiver.drop()

    @rule()
    def alba_rekeys(self) -> None:
        self.pair.sender.drop()

    @rule()
    def both_restart(self) -> None:
        pair = self.pair
        pair.sender = Sender.restore(LINE, ALBA, BORA, pair.sender.encode())
        pair.receiver = Receiver.restore(SUITE, pair.receiver.encode())
        pair.keyring = Keyring.restore(LINE, BORA, pair.keyring.encode())
        self.run = None

    @rule()
    def alba_loses_its_disk(self) -> None:
        prekey = self.pair.keyring.current
        assert prekey is not None
        self.pair.sender = Sender(LINE, ALBA, BORA)
        self.pair.sender.learn(prekey)

    @rule()
    def bora_loses_its_disk(self) -> None:
        """It finds its last prekey in its slot, and goes on from there."""
        lying_there = self.pair.keyring.current
        assert lying_there is not None
        self.pair.keyring = Keyring(LINE, BORA)
        seed = self.pair.draw()
        made = self.pair.keyring.renew(SUITE, bytes([2]) * 32, seed, self.bora_utc, after=lying_there.created)
        self.pair.receiver = Receiver(SUITE)
        self.pair.sender.learn(made)

    @precondition(lambda self: self.pair.sender.current is not None)
    @rule()
    def alba_says_something(self) -> None:
        with suppress(Rejected):
            self.say()

    def say(self) -> None:
        current = self.pair.sender.current
        assert current is not None
        if self.run is None or self.run.epoch is not current:
            self.run = SendingRun(SUITE, current, self.pair.draw()[-4:])
        envelope = self.run.seal(Type.SAID, b"said", padded=False)
        assert self.pair.receiver.open(envelope, self.bora_utc).payload == b"said"

    @invariant()
    def no_more_is_kept_than_may_be(self) -> None:
        assert len(self.pair.receiver.epochs) <= EPOCHS_LIVE_MAX
        assert self.pair.sender.in_stock <= 8

    @invariant()
    def times_of_creation_name_the_epochs(self) -> None:
        created = [epoch.created for epoch in self.pair.receiver.epochs]
        assert len(created) == len(set(created))

    def teardown(self) -> None:
        """On a good link, a few greetings later, what Alba says is heard."""
        for _ in range(ROUNDS_TO_RECOVER):
            self.alba_utc += 11 * 60
            self.pair.greet(self.alba_utc)
            need = self.needed(good_link=True)
            if need in (Need.FRESH, Need.TODAY):
                self.arrives(self.pair.announce(need, self.alba_utc))
        self.alba_utc += 11 * 60
        self.pair.greet(self.alba_utc)
        self.say()


TestStory = Story.TestCase
TestStory.settings = settings(stateful_step_count=40)


def test_a_forged_envelope_never_makes_an_epoch_look_used() -> None:
    pair = Pair()
    pair.meet(NOON)
    before = pair.receiver.encode()
    with suppress(Forged):
        pair.receiver.open(b"\1run1\0" + bytes(40), NOON)
    assert pair.receiver.encode() == before
