"""Reading XML from strangers: no document types, no entities, no namespaces to be fetched, and limits on everything.

Entities have been used to read files, to call out, and to fill memory; none of the formats read here needs any.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import NoReturn
from xml.parsers import expat

from openline.catalogue.formats.errors import ForeignRefused

XML_BYTES_MAX = 262_144  # a CAP alert with thirty long areas is a tenth of that
ELEMENTS_MAX = 4_000
DEPTH_MAX = 8  # CAP needs five
ATTRIBUTES_MAX = 16


@dataclass(slots=True)
class Element:
    """One element: name as `namespace name`, its own text without spaces around it, and its children in order."""

    name: str
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> list[Element]:
        """Return the children of that local name."""
        return [child for child in self.children if child.local == name]

    def one(self, name: str) -> str:
        """Return the text of the first child of that local name, empty if there is none."""
        return next((child.text for child in self.children if child.local == name), "")

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition(" ")[2]


class _Builder:
    """Turns the parser's calls into elements and refuses what is dangerous."""

    def __init__(self) -> None:
        self.root = Element("")  # replaced by the first start; without one the parser itself complains
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= DEPTH_MAX or self._count > ELEMENTS_MAX or len(attributes) > ATTRIBUTES_MAX:
            raise _refused("it is too deep or has too many elements or attributes")
        element = Element(name)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)
        self._texts.append([])

    def end(self, _: str) -> None:
        self._open.pop().text = "".join(self._texts.pop()).strip()

    def characters(self, text: str) -> None:
        self._texts[-1].append(text)

    def forbidden(self, *_: object) -> NoReturn:
        raise _refused("it has a document type or entities")


def _refused(problem: str) -> ForeignRefused:
    return ForeignRefused(f"the XML is refused: {problem}", hint="Ask its sender for the plain message.")


def read_xml(data: bytes) -> Element:
    """Return the root of an XML document in UTF-8.  Raises ForeignRefused."""
    if len(data) > XML_BYTES_MAX:
        raise _refused(f"it is longer than {XML_BYTES_MAX} bytes")
    builder = _Builder()
    # The encoding is ours, whatever the document claims: another one could hide what is forbidden.
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.forbidden
    parser.EntityDeclHandler = builder.forbidden
    parser.ExternalEntityRefHandler = builder.forbidden
    try:
        parser.ParseFile(BytesIO(data))
    except expat.ExpatError as error:
        raise _refused(f"it is not well formed ({expat.ErrorString(error.code)})") from error
    return builder.root


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def tag(name: str, *inside: str) -> str:
    """Return an element around other elements."""
    return f"<{name}>{''.join(inside)}</{name}>"


def text_tag(name: str, text: str) -> str:
    """Return an element around text, escaped; nothing at all for no text."""
    return f"<{name}>{text.translate(_ESCAPES)}</{name}>" if text else ""
