"""Officers' key files in a station's home."""

from __future__ import annotations

import json
from pathlib import Path

from openline.errors import Misuse
from openline.runtime.files import read
from openline.runtime.keyfile import read_secret


def officer_seed(home: Path, number: int, passphrase: str | None = None) -> bytes:
    """Return the signing seed (32 bytes) of an officer whose key file lies in this home.

    Raises Misuse: no such file here, or a passphrase that is missing or wrong.
    """
    path = home / "officers" / f"officer-{number}.key"
    if not path.is_file():
        raise Misuse(
            f"officer {number} has no key file here",
            hint=f"The keys of the officers who work here are in {path.parent}.",
        )
    content = read(path)
    return read_secret(content, str(json.loads(content)["purpose"]), passphrase)
