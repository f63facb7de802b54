"""Settings files: TOML with a fixed set of keys; whatever else stands in one is refused, with what is known."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openline.errors import Misuse


def read_toml(path: Path, types: Mapping[str, type], missing: str) -> dict[str, Any]:
    """Return a settings file's values.

    Raises Misuse: no file (`missing` is the hint), not readable, no TOML, unknown or wrong keys.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Misuse(f"{path} is missing", hint=missing) from error
    except OSError as error:
        raise Misuse(f"{path} cannot be read: {error.strerror}", hint="Check whose file and folder it is.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misuse(f"{path} is not TOML: {error}", hint="Mend the line that it names.") from error
    unknown = sorted(set(content) - set(types))
    if unknown:
        raise Misuse(f"{path} has the unknown key {unknown[0]!r}", hint=f"Known are: {', '.join(sorted(types))}.")
    for key, value in content.items():
        if type(value) is not types[key]:
            raise Misuse(f"{path}: {key} must be a {types[key].__name__}", hint="See docs/operations.md for every key.")
    return content
