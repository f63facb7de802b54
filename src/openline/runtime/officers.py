"""Officers' key files in a station's home."""

from __future__ import annotations

from pathlib import Path

from openline.charter.documents import SEED_BYTES
from openline.errors import Misuse, Unavailable
from openline.runtime.files import read
from openline.runtime.keyfile import purpose_of, read_secret


def officer_seed(home: Path, number: int, passphrase: str | None = None) -> bytes:
    """Return the signing seed (32 bytes) of an officer whose key file lies in this home.

    Raises Misuse: no such file here, a damaged one, or a passphrase that is missing or wrong.
    """
    path = home / "officers" / f"officer-{number}.key"
    try:
        content = read(path)
    except Unavailable as error:
        raise Misuse(
            f"officer {number} has no key file here: {error.message}",
            hint=f"The keys of the officers who work here are in {path.parent}.",
        ) from error
    seed = read_secret(content, purpose_of(content), passphrase)
    if len(seed) != SEED_BYTES:
        raise Misuse(f"{path} is not the key file of an officer", hint="Take the file that was made with the key.")
    return seed
