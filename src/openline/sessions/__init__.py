"""Sessions: prekeys, epochs and runs; what is sealed for one station opens at that station and nowhere else.

Sans-I/O: no clock, no entropy.  Random bytes, times (UTC seconds) and the `ports.Suite` are handed in; four states hold
the rules and turn into the values of `Keep` rows by `encode` and back by `restore`:

    Keyring      our own prekeys on one line
    Sender       our epochs towards one station
    Receiver     one station's epochs towards us
    SendingRun   the key and counter that seal now; in memory only

>>> from openline.identifiers import LineId, station_id
>>> from openline.sessions import Identity, Keyring, Need, RealSuite, Receiver, Sender, SendingRun
>>> from openline.wire.envelope import Type
>>> suite, line, utc = RealSuite(), LineId(bytes(32)), 1_790_000_000
>>> seeds = bytes([1]) * 32, bytes([2]) * 32
>>> alba = Identity(station_id(1, 1), bytes([11]) * 32, suite.public(seeds[0]))
>>> bora = Identity(station_id(2, 1), bytes([22]) * 32, suite.public(seeds[1]))

Bora makes a prekey; its envelope goes into the slots of its relays.  Alba fetches, verifies and learns it:

>>> keyring = Keyring(line, bora)
>>> slot = keyring.renew(suite, seeds[1], bytes([3]) * 32, utc).encode()
>>> sender = Sender(line, alba, bora)
>>> prekey = decode_prekey(slot)
>>> prekey.verify(suite, line, bora)
>>> sender.learn(prekey)
True

Alba announces an epoch and seals under it.  (The engine keeps the row before the announcement leaves.)

>>> need = sender.needs_announcement(utc, good_link=True)
>>> need
<Need.FRESH: 1>
>>> announcement = sender.announce(suite, need, seeds[0], bytes([4]) * 32, generation=utc, utc=utc)
>>> run = SendingRun(suite, sender.current, b"run1")
>>> envelope = run.seal(Type.SAID, b"all quiet", padded=False)

Bora opens both.  Which sender an envelope is from, the relay's hint says first, and the seal proves:

>>> epoch = keyring.open(suite, announcement, {alba.station: alba}.get)
>>> receiver = Receiver(suite)
>>> receiver.accept(epoch, utc)
>>> opened = receiver.open(envelope, utc)
>>> opened.payload, opened.first, opened.epoch.generation == utc
(b'all quiet', True, True)

Each greeting names `receiver.newest` and `keyring.current.tag`; the other side calls `sender.peer_holds`, draws a new
run when `sender.current` has changed, and asks `sender.needs_announcement`.  Hourly it asks that, `sender.advance`,
`keyring.renewal_due`, `keyring.expire` and `receiver.expire`.  `rekey`, a restore or any doubt is
`keyring.renew(fresh=True)` with `drop` on each Sender and Receiver of the line.
"""

from openline.sessions.epochs import ANNOUNCEMENT_BYTES, Epoch, announce, open_announcement, prekey_tag
from openline.sessions.keyring import Keyring
from openline.sessions.prekeys import PREKEY_BYTES, Identity, Prekey, decode_prekey, make_prekey
from openline.sessions.receiving import Receiver
from openline.sessions.runs import Opened, ReceivingRuns, SendingRun, run_key
from openline.sessions.sending import Need, Sender
from openline.sessions.suite import RealSuite

__all__ = [
    "ANNOUNCEMENT_BYTES", "PREKEY_BYTES", "Epoch", "Identity", "Keyring", "Need", "Opened", "Prekey", "RealSuite",
    "Receiver", "ReceivingRuns", "Sender", "SendingRun", "announce", "decode_prekey", "make_prekey",
    "open_announcement", "prekey_tag", "run_key",
]  # fmt: skip
