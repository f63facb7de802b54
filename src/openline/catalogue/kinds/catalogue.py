"""The catalogue as a whole: its files, its kinds, its hash.

Both sides of a line sign one catalogue hash in their charter: it covers every kind, every language and every
glossary that ships with this package.  A station that has another one says so and refuses to guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

from openline.catalogue.kinds.bodies import check_values
from openline.catalogue.kinds.errors import UnknownKind
from openline.catalogue.kinds.kind import Kind
from openline.catalogue.kinds.loading import KIND_FILES, load

CONTEXT = b"openline/1 catalogue\0"
DATA_SUFFIXES = (".toml", ".ftl")


def package_files() -> dict[str, bytes]:
    """Return every data file of the catalogue, by its path inside the catalogue's data folder."""
    return dict(_walk(resources.files("openline.catalogue") / "data", ""))


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(DATA_SUFFIXES):
            yield prefix + entry.name, entry.read_bytes()


class Catalogue:
    """All kinds, read from files when first asked for; give `files` (path → content) to use others than ours."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self._given = files

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every data file by its path."""
        return package_files() if self._given is None else self._given

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Every kind by its code, in the order of their numbers.  Raises CatalogueBroken."""
        return load(self.files, check_values)

    @cached_property
    def _by_number(self) -> Mapping[int, Kind]:
        return {kind.number: kind for kind in self.kinds.values()}

    def kind(self, code_or_number: str | int) -> Kind:
        """Return the kind of a code ("N1", "cannot say", "CANNOT-SAY") or a wire number.  Raises UnknownKind."""
        if isinstance(code_or_number, int):
            found = self._by_number.get(code_or_number)
        else:
            found = self.kinds.get("-".join(code_or_number.replace("_", " ").replace("-", " ").upper().split()))
        if found is None:
            raise UnknownKind(
                "the catalogue has no such kind", kind=str(code_or_number), expected=f"one of {', '.join(self.kinds)}"
            )
        return found

    def replies_allowed(self, kind: Kind) -> tuple[Kind, ...]:
        """Return the kinds that may answer `kind`, receipts by officers included, in the order of their numbers.

        A kind that has no response type of its own (a correction) is answered as the kind it corrects: ask for that.
        """
        receipts = ("ACKNOWLEDGED", "PASSED-ON")
        if kind.replies:
            codes = {*kind.replies, *receipts}
        else:
            answers = {reply.code for reply in self.kinds.values() if kind.response in reply.answers}
            codes = answers | {*kind.replies_also}
        return tuple(reply for code, reply in self.kinds.items() if code in codes)

    def manifest(self) -> tuple[tuple[str, bytes], ...]:
        """Return path and SHA-256 of every data file, in the order in which the hash takes them."""
        return tuple((path, sha256(content).digest()) for path, content in sorted(self.files.items()))

    def hash(self) -> bytes:
        """Return the 32-byte hash that stands in charters; with `manifest` it proves any single file."""
        return self._hash

    @cached_property
    def _hash(self) -> bytes:
        return manifest_hash(self.manifest())

    def kind_file(self, code: str) -> bytes:
        """Return the file of one kind, as evidence of what its numbers meant.  Raises UnknownKind."""
        return self.files[f"{KIND_FILES}{self.kind(code).code}.toml"]


def manifest_hash(manifest: tuple[tuple[str, bytes], ...]) -> bytes:
    """Return the hash of a manifest: SHA-256(context · for each file its path, a zero byte and its SHA-256)."""
    return sha256(CONTEXT + b"".join(path.encode("utf-8") + b"\0" + digest for path, digest in manifest)).digest()


CATALOGUE = Catalogue()
"""The catalogue that ships with this package; nothing is read before it is first asked for something."""
