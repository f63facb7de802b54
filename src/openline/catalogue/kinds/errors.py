"""What is wrong with a body, a field or the catalogue's own files.

    CatalogueError (an OpenlineError)
    ├── UnknownKind        no kind has this code or number
    ├── WrongField         a field's value is not what its kind says
    ├── MissingField       a required field is absent
    ├── UnexpectedField    the kind has no such field
    ├── WrongBody          the body as a whole is not of its kind's shape
    └── CatalogueBroken    a data file of the catalogue itself is not well formed

None of their messages repeats what was given: it may be content. Who typed it finds it in the attribute `got`.
"""

from __future__ import annotations

from openline.errors import OpenlineError


class CatalogueError(OpenlineError):
    """A body is not one that the catalogue allows; the attributes say which field and what was expected.

    kind      code of the kind, such as "N1"
    field     path of the field, such as "impact_areas" or "track.2.time"; empty for the body as a whole
    got       what was given, for the screen of whoever gave it; never for a log
    expected  what would have been right, in words
    example   a value that would have been right, in its JSON form
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        field: str = "",
        got: object = None,
        expected: str = "",
        example: object = None,
    ) -> None:
        hint = f"Give {expected}." if expected else ""
        if example is not None:
            hint = f"Give {expected}, for example {example}."
        super().__init__(message, hint=hint, kind=kind, field=field, expected=expected)
        self.kind = kind
        self.field = field
        self.got = got
        self.expected = expected
        self.example = example


class UnknownKind(CatalogueError):
    """No kind has this code or number.  The other side may have another catalogue: compare the hashes."""


class OtherCatalogue(CatalogueError):
    """The charter in force names another catalogue than this station has: nothing is read or said by guessing."""

    def __init__(self) -> None:
        super().__init__("the charter in force names another catalogue than the one of this station", kind="")
        self.hint = "Install the release that the charter names, or agree on an amendment; until then nothing is read."


class WrongField(CatalogueError):
    """A field's value is not what its kind says.  Give what `expected` says."""


class MissingField(CatalogueError):
    """A required field is absent.  Give it, or say UNKNOWN or WITHHELD where the kind allows it."""


class UnexpectedField(CatalogueError):
    """The kind has no such field.  Leave it out, or choose the kind that has it."""


class WrongBody(CatalogueError):
    """The body as a whole is not of its kind's shape, or two of its fields contradict each other."""


class CatalogueBroken(CatalogueError):
    """A data file of the catalogue is not well formed.  Nothing can be sent before it is mended."""


class Refused(OpenlineError):
    """One value is refused, by a reader that knows neither kind nor field; they are added on the way out.

    `path` leads from the outermost level reached so far to the value.
    """

    def __init__(self, expected: str, got: object, example: object = None) -> None:
        super().__init__("a value is not what was expected", hint=f"Give {expected}.")
        self.expected = expected
        self.got = got
        self.example = example
        self.path = ""

    def under(self, step: str) -> Refused:
        """Return the same refusal, seen from one level further out."""
        self.path = f"{step}.{self.path}" if self.path else step
        return self


class Absent(Refused):
    """A required field is not there."""


class NoSuchField(Refused):
    """A field is there that its kind or record does not have."""
