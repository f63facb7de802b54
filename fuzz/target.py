"""What a target is, and how one input is judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openline.errors import Malformed, OpenlineError

ROOT = Path(__file__).resolve().parent.parent
VECTORS = ROOT / "vectors"
CORPUS = ROOT / "fuzz/corpus"
INPUT_BYTES_MAX = 16_384  # a charter with its signatures takes 11,000


class Broken(AssertionError):
    """A target accepted bytes that are not the one form of what they mean, or a view failed."""


@dataclass(frozen=True, slots=True)
class Target:
    """One boundary.

    run:     takes any bytes; returns if they are accepted, raises one of `refuses` if not
    seeds:   inputs to begin from
    refuses: the exceptions that the boundary documents
    """

    name: str
    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    refuses: tuple[type[OpenlineError], ...] = (Malformed,)

    def accepts(self, data: bytes) -> bool:
        """Return whether the boundary takes these bytes.  Whatever it raises beyond its documents goes through."""
        try:
            self.run(data)
        except self.refuses:
            return False
        return True

    def beginnings(self) -> list[bytes]:
        """Return the seeds and the kept corpus, without repetition, in a fixed order."""
        kept = (path.read_bytes() for path in sorted((CORPUS / self.name).glob("*")))
        return list(dict.fromkeys(data[:INPUT_BYTES_MAX] for data in (b"", *self.seeds(), *kept)))


def same(again: bytes, data: bytes) -> None:
    """Raise Broken unless what was accepted encodes to the very bytes that came."""
    if again != data:
        raise Broken(f"accepted {data[:40].hex()}, which encodes to {again[:40].hex()}")


def vectors(*names: str) -> Iterator[dict[str, Any]]:
    """Yield the good and then the bad vectors of these files."""
    for name in names:
        content = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
        yield from content["good"]
        yield from content["bad"]


def vector_bytes(*names: str, key: str = "bytes", **only: object) -> Callable[[], Iterator[bytes]]:
    """Return what yields one field of every vector of these files, of those whose other fields are as given."""

    def seeds() -> Iterator[bytes]:
        for vector in vectors(*names):
            if key in vector and all(vector.get(name) == value for name, value in only.items()):
                yield bytes.fromhex(vector[key])

    return seeds
