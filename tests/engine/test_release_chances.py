"""Drafts at two stations under every chance: loss, repeats, cuts, power cuts, and people who do things in any order."""

from __future__ import annotations

from random import Random

import pytest

from openline.engine import Act
from openline.identifiers import Digest, StationId
from openline.ports import Send
from tests.engine.pair import ALBA, ALBA2, BORA
from tests.engine.test_release_elsewhere import approve, drafted, party_of_two, said, shown

SEEDS = range(24)
ENDS = ([("approve", 1), ("approve", 2)], [("approve", 1), ("refuse", 2)], [("drop", 0)])


class Chances:
    """One party's two stations, and what a seed does to them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.net = party_of_two()
        self.share = self.random.choice((0.0, 0.2, 0.5))
        self.net.lost = self.loses

    def loses(self, sender: StationId, reader: StationId, send: Send) -> bool:
        """Lose some of what goes between the two; give some of it twice."""
        if {sender, reader} != {ALBA, ALBA2}:
            return False
        if self.random.random() < self.share / 2:
            self.net.put(self.net.nodes[sender].routes[send.path].address, sender, send)
        return self.random.random() < self.share

    def something_happens(self) -> None:
        """Let time pass, or a cut, or the power fail."""
        net, me = self.net, self.random.choice((ALBA, ALBA2))
        match self.random.randrange(5):
            case 0:
                net.stop(me)
                net.disconnect(me)
                net.run(self.random.choice((0, 1, 40)))
                net.start(me)
            case 1:
                net.cut.add(me)
                net.disconnect(me)
                net.run(self.random.choice((1, 40, 90)))
                net.cut.discard(me)
                net.connect(me)
            case _:
                net.run(self.random.choice((0, 1, 5, 70)))

    def peace(self) -> None:
        self.share = 0.0
        for me in (ALBA, ALBA2, BORA):
            self.net.connect(me)
        self.net.run(300)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_draft_ends_as_people_wanted_and_at_both_stations_alike(seed: int) -> None:
    chances = Chances(seed)
    net, random = chances.net, chances.random
    drafts: list[tuple[StationId, bytes, Digest]] = []
    for count in range(3):
        home = random.choice((ALBA, ALBA2))
        drafts.append((home, *drafted(net, home, count=count + 1)))
        chances.something_happens()
    wishes = [(wish, officer, *draft) for draft in drafts for wish, officer in random.choice(ENDS)]
    random.shuffle(wishes)
    for wish, officer, home, data, digest in wishes:
        there = random.choice((ALBA, ALBA2)) if wish != "drop" else home
        for _ in range(50):  # a draft that is not there yet is waited for
            if any(each["id"] == digest.hex() for each in shown(net, there)):
                break
            net.run(20)
        if wish == "approve":
            assert approve(net, there, data, digest, officer).good or refused(wishes, digest)
        elif wish == "refuse":
            assert net.act(there, Act.REFUSE, digest, officer, "no").good
        else:
            assert net.act(there, Act.DROP, digest).good
        chances.something_happens()
    chances.peace()
    wanted = [digest for _, _, digest in drafts if not refused(wishes, digest)]
    assert sorted(said(net)) == [[1, 2]] * len(wanted)
    assert sorted(str(each["id"]) for each in net.inbox(BORA)) == sorted(digest.hex() for digest in wanted)
    assert {each["id"] for each in shown(net, ALBA)} == {each["id"] for each in shown(net, ALBA2)}
    assert {each["state"] for each in (*shown(net, ALBA), *shown(net, ALBA2))} <= {"REFUSED"}
    assert not net.forks(BORA)


def refused(wishes: list[tuple[str, int, StationId, bytes, Digest]], digest: Digest) -> bool:
    return any(wish in ("refuse", "drop") and each == digest for wish, _, _, _, each in wishes)
