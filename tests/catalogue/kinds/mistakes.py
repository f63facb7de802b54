"""Right spellings and likely mistakes for every type that is read back, made without the code that judges them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from openline.catalogue.kinds import Field
from openline.catalogue.kinds.values import Json

# type: sample values in JSON form, and for each the spellings that must pass
SAMPLES: dict[str, list[tuple[Json, list[str]]]] = {
    "instant": [
        (
            "2017-12-09T18:24Z",
            [
                *["2017-12-09T18:24Z", "2017-12-09 18:24 UTC", "2017-12-09 18:24", "2017-12-09T18:24:00Z", "18:24Z"],
                *[
                    "18:24",
                    "1824",
                    "1824Z",
                    "091824Z",
                    "091824",
                    "09 1824Z",
                    "091824Z DEC 17",
                    "091824ZDEC2017",
                    "١٨:٢٤",
                    "２０１７-１２-０９ １８:２４",
                ],
            ],
        ),
        ("2017-12-09T18:24:05Z", ["2017-12-09T18:24:05Z", "18:24:05"]),
        ("2017-12-09", ["2017-12-09"]),
    ],
    "window": [
        (
            "2017-12-09T20:00Z/2017-12-10T02:00Z",
            [
                *["2017-12-09T20:00Z/2017-12-10T02:00Z", "2017-12-09 20:00 UTC - 2017-12-10 02:00 UTC"],
                *["2017-12-09 20:00 to 2017-12-10 02:00", "092000Z/100200Z", "092000Z DEC 17 – 100200Z DEC 17"],
                *["09 20:00 to 10 02:00"],
            ],
        ),
        ("2017-12-05/2017-12-08", ["2017-12-05/2017-12-08", "2017-12-05/08", "2017-12-05 to 2017-12-08"]),
    ],
    "place": [
        (
            "39.50N 131.25E",
            [
                *["39.50N 131.25E", "39.5N 131.25E", "39.5000 N, 131.2500 E", "N39.5 E131.25", "39-30N 131-15E"],
                *["39°30'N 131°15'E", "39°30′00″N 131°15′00″E", "39 30 N 131 15 E", "3930N 13115E", "393000N 1311500E"],
                *["39.5n 131.25e", "39-30.0N 131-15.0E"],
            ],
        ),
        ("38.6543S 129.7012W", ["38.6543S 129.7012W", "S38.6543 W129.7012", "38-39.26S 129-42.07W"]),
        (
            {"centre": "39.30N 133.70E", "radius": "40 km"},
            [
                *["circle 39.30N 133.70E radius 40 km", "39.3N 133.7E radius 40 km", "39-18N 133-42E radius 40000 m"],
                *["39.3N 133.7E, radius 40,000 m"],
            ],
        ),
        (
            {"corners": ["39.50N 131.50E", "39.50N 133.50E", "38.00N 133.50E", "38.00N 131.50E"]},
            [
                "39.50N 131.50E, 39.50N 133.50E, 38.00N 133.50E, 38.00N 131.50E",
                "polygon 38N 133.5E, 38N 131.5E, 39.5N 131.5E, 39.5N 133.5E",
                "38N 131.5E 38N 133.5E 39.5N 133.5E 39.5N 131.5E 38N 131.5E",
                "39-30N 131-30E; 39-30N 133-30E; 38-00N 133-30E; 38-00N 131-30E",
            ],
        ),
    ],
    "azimuth": [(100, ["100", "100°", "100 true"]), (5, ["005", "5", "5°"]), ("095-105", ["095-105", "95 to 105"])],
    "height": [
        ("18000 m", ["18000 m", "18,000 m", "18 km"]),
        ("59000 ft", ["59000 ft", "59,000 ft"]),
        ("FL590", ["FL590", "fl 590"]),
        ("surface", ["surface", "SFC"]),
    ],
    "heights": [({"lower": "surface", "upper": "18000 m"}, ["surface to 18,000 m", "SFC/18 km", "surface - 18000 m"])],
    "count": [(3, ["3", " 3 "]), ("10-20", ["10-20", "10 to 20"]), ("at least 15", ["at least 15", "15+"])],
    "quantity": [("5 min", ["5 min", "5.0 min"]), ("90 kt", ["90 kt", "90.0 kt"]), ("3 h", ["3 h", "180 min"])],
    "number": [(12, ["12"])],
    "offset": [("+08:30", ["+08:30", "+0830", "UTC+08:30"])],
    "yes_no": [("no", ["NO", "no", "No"]), ("yes", ["YES", "yes"])],
    "name": [("air defence unit", ["air defence unit", "Air Defence Unit", "AIR DEFENCE  UNIT"])],
    "code": [("A1234/17", ["A1234/17", "a1234/17"])],
}


def samples(field: Field) -> list[tuple[Json, list[str]]]:
    """Sample values that the field allows, with the spellings that must pass."""
    if field.type == "enumeration":
        codes = {field.values[0], field.values[-1]}
        return [(code, [code, code.replace("_", " "), code.replace("_", "-").upper()]) for code in sorted(codes)]
    chosen = SAMPLES[field.type]
    if field.type == "quantity":
        chosen = [pair for pair in chosen if str(pair[0]).split()[1] in field.units]
        chosen = [(value, [t for t in texts if t.split()[1] in field.units]) for value, texts in chosen] or [
            (f"15 {field.units[0]}", [f"15 {field.units[0]}"])
        ]
    if field.type == "place" and field.shapes:
        shapes = ["point", "point", "circle", "polygon"]
        chosen = [pair for pair, shape in zip(chosen, shapes, strict=True) if shape in field.shapes]
    if field.type == "count":
        chosen = [pair for pair in chosen if field.max >= 100]
    return chosen


def mistakes(field: Field, spelling: str) -> Iterator[str]:
    """Every likely slip in a right spelling; none of them says the same."""
    yield from _digit_slips(spelling)
    yield from _by_type(field, spelling)


def _digit_slips(text: str) -> Iterator[str]:
    for at, character in enumerate(text):
        if character.isdigit():
            yield from (text[:at] + digit + text[at + 1 :] for digit in "0123456789" if int(digit) != int(character))
            if text[at + 1 : at + 2].isdigit() and text[at + 1] != character:
                yield text[:at] + text[at + 1] + character + text[at + 2 :]


_CLOCK = re.compile(r"(\d{2})(:?)(\d{2})(?=(?::\d{2})?(?:Z| UTC|$| -| to|/))")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DEGREES = re.compile(r"(\d+\.\d{2,4})")


def _by_type(field: Field, text: str) -> Iterator[str]:
    if field.type in ("instant", "window"):
        yield from _time_slips(text)
    elif field.type == "place":
        yield from _place_slips(text)
    elif field.type in ("enumeration", "yes_no"):
        code = text.lower().replace("-", "_").replace(" ", "_")
        yield from (other for other in field.values if other != code)
        yield text.replace("not", "").replace("NOT", "") if "not" in text.lower() else f"not {text}"
    elif field.type in ("name", "code"):
        yield text[:-1]
        yield text + text[-1]
        yield text.replace(text[0], "x", 1)
    elif field.type in ("height", "heights", "quantity"):
        units = ["m", "km", "ft", "kt", "min", "h", "d", "s"]
        for unit in units:
            if text.endswith(f" {unit}"):
                yield from (text.removesuffix(unit) + other for other in units if other != unit)
                yield text.removesuffix(unit).strip()
    elif field.type == "offset":
        yield text.replace("+", "-")


def _time_slips(text: str) -> Iterator[str]:
    for match in _CLOCK.finditer(text):
        hour, colon, minute = int(match[1]), match[2], int(match[3])
        if hour > 23 or minute > 59:
            continue
        for other in {(hour + 12) % 24, (hour + 1) % 24, (hour - 1) % 24}:
            yield f"{text[: match.start()]}{other:02d}{colon}{match[3]}{text[match.end() :]}"
        for other in {(minute + 1) % 60, (minute - 1) % 60}:
            yield f"{text[: match.start()]}{match[1]}{colon}{other:02d}{text[match.end() :]}"
        half = f"{(hour - 1) % 12 + 1:02d}{colon}{match[3]} {'PM' if hour >= 12 else 'AM'}"
        yield text[: match.start()] + half
    for match in _DATE.finditer(text):
        if not match[0].isascii():
            continue
        day = datetime.fromisoformat(match[0]).replace(tzinfo=UTC)
        for days in (-1, 1, -365, 365, 31):
            yield f"{text[: match.start()]}{day + timedelta(days=days):%Y-%m-%d}{text[match.end() :]}"


_OPPOSITE = str.maketrans("NSEWnsew", "SNWEsnwe")


def _place_slips(text: str) -> Iterator[str]:
    for match in re.finditer(r"(?<=\d)\s?[NSEWnsew]|\b[NSEW](?=\d)|(?<=['′″])[NSEW]", text):
        yield text[: match.start()] + match[0].translate(_OPPOSITE) + text[match.end() :]
    pair = re.search(r"(\d+\.\d+)([NS]) (\d+\.\d+)([EW])", text)
    if pair is not None:
        yield f"{text[: pair.start()]}{pair[3]}{pair[2]} {pair[1]}{pair[4]}{text[pair.end() :]}"
        yield f"{text[: pair.start()]}{pair[3]}{pair[4]} {pair[1]}{pair[2]}{text[pair.end() :]}"
    for match in _DEGREES.finditer(text):
        for step in (-1, 1):  # one step beyond the tolerance, which is none at 0.0001 degree
            steps = round(float(match[0]) * 10_000) + step
            yield f"{text[: match.start()]}{steps // 10_000}.{steps % 10_000:04d}{text[match.end() :]}"
    if " km" in text:
        yield text.replace(" km", " NM")
        yield text.replace(" km", " m")
    if text.count(",") >= 2:
        yield text.rpartition(",")[0]
