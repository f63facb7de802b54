"""One party's roster in force, and every station and officer that it has ever listed."""

from __future__ import annotations

from openline.charter.contradiction import ContradictionProof
from openline.charter.rosters import ItemClass, OfficerItem, Roster, StationItem
from openline.charter.signed import SignedRoster
from openline.errors import Inadmissible
from openline.wire.payloads import DocumentClass

ItemKey = tuple[int, ItemClass, int]
"""Party, class and number of a roster's item."""


class Register:
    """Holds the newest roster, and of the older ones those that alone still certify an item."""

    def __init__(self, first: SignedRoster) -> None:
        self.newest = first
        self.seed = first.roster.seed
        self.items: dict[ItemKey, StationItem | OfficerItem] = {}
        self._last_in: dict[ItemKey, int] = {}
        self._held: dict[int, SignedRoster] = {}

    def contradicting(self, signed: SignedRoster) -> ContradictionProof | None:
        """Return the proof, if a roster of this number and another text is held."""
        number = signed.roster.number
        held = self._held.get(number)
        if held is None or held.digest == signed.digest:
            return None
        return ContradictionProof(DocumentClass.ROSTER, signed.roster.party, number, held.document(), signed.document())

    def check_succession(self, roster: Roster) -> None:
        """Raise Inadmissible (R97, R98) unless the roster keeps the salt seed and every number's key."""
        if roster.seed != self.seed:
            raise Inadmissible("R97", f"party {roster.party} changed its salt seed, which is constant for the line")
        for (item_class, number), item in roster.items().items():
            known = self.items.get((roster.party, item_class, number))
            if known and known.hash != item.hash:
                what = item_class.name.lower()
                raise Inadmissible(
                    "R98",
                    f"party {roster.party} gave the number of {what} {number} to another key",
                    hint="Ask that party for a roster in which new keys have new numbers.",
                    number=number,
                )

    def take(self, signed: SignedRoster) -> list[int]:
        """Take the roster as the newest; return the numbers of older ones that need no longer be kept."""
        self.newest = signed
        number = signed.roster.number
        self._held[number] = signed
        for (item_class, item_number), item in signed.roster.items().items():
            key = (signed.roster.party, item_class, item_number)
            self.items[key] = item
            self._last_in[key] = number
        needed = {number, *self._last_in.values()}
        forgotten = [held for held in self._held if held not in needed]
        for held in forgotten:
            del self._held[held]
        return forgotten

    def listed(self) -> set[ItemKey]:
        """Return what the newest roster lists."""
        party = self.newest.roster.party
        return {(party, item_class, number) for item_class, number in self.newest.roster.items()}
