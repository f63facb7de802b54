"""One target under atheris: `python -m fuzz.guided TARGET [options of libFuzzer]`.

The package is instrumented as it is imported, so inputs that reach something new are kept and altered further.  Only
for platforms that atheris has a wheel for; elsewhere `python -m tools.fuzz` makes its inputs by itself.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import atheris

if TYPE_CHECKING:
    from fuzz.target import Target


def main(arguments: list[str]) -> None:
    """Fuzz one target until libFuzzer's own limits; ends the process."""
    with atheris.instrument_imports(include=["openline"]):
        # Only now: what is imported before is not instrumented.
        target: Target = importlib.import_module("fuzz.targets").TARGETS[arguments[1]]

    def one(data: bytes) -> None:
        target.accepts(data)

    atheris.Setup([arguments[0], *arguments[2:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
