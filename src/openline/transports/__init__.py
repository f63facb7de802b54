"""Paths over websockets in TLS 1.3: the station's half and the relay's half, bytes only.

A relay proves its public key, which the roster pins; a station proves its post key by signing that relay's key with a
fresh challenge.  Everything a station is told comes as a `ports` event, everything it wants done as a `ports` effect.

    paths = RelayPaths(tell=inbox.put, note=log)      paths.perform(effect)
    listener = Listener(relay_key, tell, admits, note)  await listener.start(host, port)
"""

from openline.transports.certificate import RelayKey, make_relay_key, pin_of
from openline.transports.client import RelayPaths
from openline.transports.server import Listener

__all__ = ["Listener", "RelayKey", "RelayPaths", "make_relay_key", "pin_of"]
