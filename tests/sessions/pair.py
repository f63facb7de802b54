"""Two stations, Alba 1.1 and Bora 2.1, and what passes between them."""

from openline.identifiers import LineId, station_id
from openline.sessions import Epoch, Identity, Keyring, Need, RealSuite, Receiver, Sender, SendingRun
from openline.wire.envelope import Type

SUITE = RealSuite()
LINE = LineId(bytes(range(32)))
OTHER_LINE = LineId(bytes(range(1, 33)))
NOON = 1_790_000_000 // 86_400 * 86_400 + 43_200  # noon, UTC
HOUR = 3_600
DAY = 86_400
ALBA_SEED, BORA_SEED = bytes([1]) * 32, bytes([2]) * 32
ALBA = Identity(station_id(1, 1), bytes([11]) * 32, SUITE.public(ALBA_SEED))
BORA = Identity(station_id(2, 1), bytes([22]) * 32, SUITE.public(BORA_SEED))
ROSTER = {ALBA.station: ALBA, BORA.station: BORA}
GENERATION = 1_789_000_000


def secret(number: int) -> bytes:
    """A made-up secret; every number gives another."""
    return number.to_bytes(32, "big")


class Pair:
    """Alba sends, Bora receives; each announcement is carried at once."""

    def __init__(self) -> None:
        self.keyring = Keyring(LINE, BORA)
        self.sender = Sender(LINE, ALBA, BORA)
        self.receiver = Receiver(SUITE)
        self.drawn = 1_000

    def draw(self) -> bytes:
        self.drawn += 1
        return secret(self.drawn)

    def prekey(self, utc: int, *, fresh: bool = False) -> None:
        """Bora renews its prekey, and Alba fetches it."""
        self.sender.learn(self.keyring.renew(SUITE, BORA_SEED, self.draw(), utc, fresh=fresh))

    def announce(self, need: Need, utc: int) -> bytes:
        return self.sender.announce(SUITE, need, ALBA_SEED, self.draw(), GENERATION, utc)

    def carry(self, announcement: bytes, utc: int) -> Epoch:
        epoch = self.keyring.open(SUITE, announcement, ROSTER.get)
        self.receiver.accept(epoch, utc)
        return epoch

    def greet(self, utc: int, *, good_link: bool = True) -> bool:
        """Bora's greeting reaches Alba; return whether Alba moved on."""
        before = self.sender.current
        self.sender.peer_holds(self.receiver.newest, utc)
        self.sender.advance(utc, good_link=good_link)
        return self.sender.current != before

    def meet(self, utc: int) -> None:
        """First contact: prekey, epoch, greeting."""
        self.prekey(utc)
        self.carry(self.announce(Need.FRESH, utc), utc)
        self.greet(utc)

    def fill_stock(self, utc: int) -> int:
        """Announce for the stock, one a minute, until nothing is needed; return the time when that is done."""
        while self.sender.needs_announcement(utc, good_link=True) is Need.STOCK:
            self.carry(self.announce(Need.STOCK, utc), utc)
            self.greet(utc + 1)
            utc += 60
        return utc

    def seal(self, text: bytes, run: bytes = b"run1") -> bytes:
        assert self.sender.current is not None
        return SendingRun(SUITE, self.sender.current, run).seal(Type.SAID, text, padded=False)
