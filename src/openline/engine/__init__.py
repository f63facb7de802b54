"""The engine: one station, composed of delivery and dialogue.  Bytes and time in, rows and effects out.

station = Station(ledger, suite, homes)
station.step(event, now)          up to limits.BATCH_STEPS_MAX times
batch = station.settle(now)       commit batch.rows, then perform batch.effects in order
"""

from openline.engine.acts import Act, decode_act, encode_act
from openline.engine.answers import Answered, decode_answer
from openline.engine.station import Home, Station

__all__ = ["Act", "Answered", "Home", "Station", "decode_act", "decode_answer", "encode_act"]
