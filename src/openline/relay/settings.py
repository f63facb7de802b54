"""relay.toml: where a relay listens.  Only what can be a host stands in it: anything else would be another file."""

from __future__ import annotations

import re
from ipaddress import ip_address

from openline.errors import Misuse

NAME_LETTERS_MAX = 253  # RFC 1035, section 2.3.4

_LABEL = "(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]+(%[A-Za-z0-9_.-]+)?")  # one of this link alone has a zone, such as fe80::7%eth0


def relay_settings(host: str, port: int) -> bytes:
    """Return the content of a relay's settings file.  Raises Misuse if `host` is none."""
    require_host(host)
    return f'host = "{host}"\nport = {port}\n'.encode()


def require_host(host: str) -> None:
    """Raise Misuse unless this is an address, or a name that the network can know a machine by."""
    if not (_NAME.fullmatch(host) or _is_address(host)) or len(host) > NAME_LETTERS_MAX:
        raise Misuse(
            f"{host[:NAME_LETTERS_MAX]!r} is no address and no name of a machine",
            hint="Write an address such as 192.0.2.7 or 2001:db8::7, or a name such as relay.example.",
        )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return _ADDRESS.fullmatch(host) is not None
