"""OASIS Common Alerting Protocol 1.2: export of notices and warnings, import of alerts.

Every field also stands in a `parameter` named `openline:KIND:field` with its JSON form, so that an alert of ours
comes back exactly; what other systems understand of it stands in the elements they know.  An alert from elsewhere
is imported as S2, a danger warning, with what had no place listed; a person reads both before anything is sent.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from openline.catalogue.formats.errors import ForeignRefused, NotExpressible
from openline.catalogue.formats.message import Earlier, Message, drawn, feet, heights_of, window_of
from openline.catalogue.formats.xml_tree import Element, read_xml, tag, text_tag
from openline.catalogue.kinds import CATALOGUE, Catalogue, CatalogueError, Refused, body_from_json
from openline.catalogue.kinds.places import (
    RADIUS_METRES_MAX,
    STEPS_PER_DEGREE,
    Circle,
    Place,
    Point,
    Polygon,
    make_circle,
    make_point,
    make_polygon,
)
from openline.catalogue.kinds.texts import clean
from openline.catalogue.kinds.values import Certain, FieldValue, Json
from openline.wire.statement import TIME_MAX

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
PREFIX = "openline"

CATEGORIES: Mapping[str, str] = {
    "L4": "Other", "N1": "Safety", "N2": "Safety", "N3": "Safety", "N4": "Security", "N5": "Security",
    "N6": "Safety", "N7": "Safety", "N8": "Security", "N9": "CBRNE", "N10": "Rescue", "S1": "Other", "S2": "Safety",
    "K1": "Other", "K2": "Other", "K3": "Other", "K4": "Other",
}  # fmt: skip
"""The kinds that have a place in CAP, and CAP's category for each."""

RESPONSES: Mapping[str, str] = {"N1": "Avoid", "N2": "Avoid", "N6": "Avoid", "S2": "Avoid", "N9": "Assess"}
MESSAGE_TYPES: Mapping[str, str] = {"N2": "Update", "K1": "Update", "K2": "Update", "K3": "Cancel", "K4": "Cancel"}
STATUSES: Mapping[str, str] = {"ACTUAL": "Actual", "EXERCISE": "Exercise", "TEST": "Test"}
URGENCIES: Mapping[str, str] = {"FLASH": "Immediate", "IMMEDIATE": "Expected"}
_FROM_STATUS = {cap: ours for ours, cap in STATUSES.items()}


def to_cap(message: Message) -> bytes:
    """Return the CAP 1.2 alert of a message, UTF-8.  Raises NotExpressible, CatalogueError."""
    kind = message.kind
    if kind.code not in CATEGORIES:
        raise NotExpressible(f"CAP has no place for {kind.code}", hint=f"CAP takes {', '.join(CATEGORIES)}.")
    values = message.values()
    changes = MESSAGE_TYPES.get(kind.code, "Alert")
    if changes != "Alert" and not message.earlier:
        raise NotExpressible(
            f"{kind.code} changes a message that is not known here", hint="Export it where that message is."
        )
    exercise = "" if message.status == "ACTUAL" else f"{message.status} {message.status} {message.status}"
    alert = [
        text_tag("identifier", message.identifier),
        text_tag("sender", _word(message.sender)),
        text_tag("sent", _cap_time(message.sent)),
        text_tag("status", STATUSES[message.status]),
        text_tag("msgType", changes),
        text_tag("scope", "Restricted"),
        text_tag("restriction", "For the members of the line and those they pass it on to."),
        text_tag("note", exercise),
        text_tag("references", " ".join(_reference(earlier) for earlier in message.earlier)),
        _info(message, values, exercise),
    ]
    body = "".join(alert)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="{NAMESPACE}">{body}</alert>\n'.encode()


def _word(name: str) -> str:
    """CAP's senders hold neither spaces nor commas."""
    return name.replace(" ", "-").replace(",", "-")


def _reference(earlier: Earlier) -> str:
    return f"{_word(earlier.sender)},{earlier.identifier},{_cap_time(earlier.sent)}"


def _cap_time(seconds: int) -> str:
    """CAP wants an offset and no Z; UTC is written -00:00."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _info(message: Message, values: Mapping[str, FieldValue], exercise: str) -> str:
    kind = message.kind
    window = window_of(values)
    headline = message.headline or kind.name
    lines = message.description or "\n".join(f"{name}: {value.text()}" for name, value in values.items())
    end = window.end if window is not None else None
    return tag(
        "info",
        text_tag("language", message.language),
        text_tag("category", CATEGORIES[kind.code]),
        text_tag("event", kind.name),
        text_tag("responseType", RESPONSES.get(kind.code, "Monitor")),
        text_tag("urgency", URGENCIES.get(message.precedence, "Future")),
        text_tag("severity", "Unknown"),  # how bad it is, is a judgement; none is made for anybody
        text_tag("certainty", _certainty(values)),
        tag("eventCode", text_tag("valueName", PREFIX), text_tag("value", kind.code)),
        text_tag("effective", _cap_time(message.sent)),
        text_tag("onset", _cap_time(window.start) if window is not None else ""),
        text_tag("expires", _cap_time(end) if end is not None else ""),
        text_tag("senderName", message.sender),
        text_tag("headline", f"{exercise} {headline}".strip()),
        text_tag("description", f"{exercise}\n{lines}".strip()),
        *(_parameter(kind.code, name, value) for name, value in values.items()),
        *_areas(values),
    )


def _certainty(values: Mapping[str, FieldValue]) -> str:
    stated = next((value.certainty.code for value in values.values() if isinstance(value, Certain)), "unknown")
    return stated.capitalize()


def _parameter(code: str, name: str, value: FieldValue) -> str:
    form = json.dumps(value.to_json(), ensure_ascii=False, separators=(",", ":"))
    return tag("parameter", text_tag("valueName", f"{PREFIX}:{code}:{name}"), text_tag("value", form))


def _areas(values: Mapping[str, FieldValue]) -> list[str]:
    heights = heights_of(values)
    lower = feet(heights.lower, upwards=False) if heights else None
    upper = feet(heights.upper, upwards=True) if heights else None
    vertical = text_tag("altitude", "" if lower is None else str(lower)) + text_tag(
        "ceiling", "" if upper is None or lower is None else str(upper)
    )
    return [
        tag("area", text_tag("areaDesc", f"{path}: {place.text()}"), _shape(place), vertical)
        for path, place in drawn(values)
    ]


def _shape(place: Place) -> str:
    if isinstance(place, Point):
        return text_tag("circle", f"{_pair(place)} 0")
    if isinstance(place, Circle):
        return text_tag("circle", f"{_pair(place.centre)} {Decimal(place.radius) / 1000}")
    if isinstance(place, Polygon):
        return text_tag("polygon", " ".join(_pair(corner) for corner in (*place.corners, place.corners[0])))
    return ""  # a name is in areaDesc


def _pair(point: Point) -> str:
    """CAP has the latitude first, as we do."""
    return f"{_decimal(point.latitude)},{_decimal(point.longitude)}"


def _decimal(steps: int) -> str:
    whole, rest = divmod(abs(steps), STEPS_PER_DEGREE)
    return f"{'-' if steps < 0 else ''}{whole}.{rest:04d}"


# ---------------------------------------------------------------- import


@dataclass(frozen=True, slots=True)
class CapImport:
    """An alert as read: a proposal for a person, never a message by itself.

    fields    JSON fields of `kind`; empty for one that has none
    exact     whether it is one of ours and came back whole
    lost      what the alert says that has no place in `kind`, in order
    """

    kind: str
    fields: Mapping[str, Json]
    identifier: str
    sender: str
    sent: int
    status: str
    message_type: str
    references: str
    exact: bool
    lost: tuple[str, ...]


def from_cap(data: bytes, catalogue: Catalogue = CATALOGUE) -> CapImport:
    """Return what a CAP 1.2 alert proposes.  Raises ForeignRefused."""
    alert = read_xml(data)
    if alert.name != f"{NAMESPACE} alert":
        raise ForeignRefused("it is not an alert of CAP 1.2", hint="Convert older alerts first.")
    status = _FROM_STATUS.get(alert.one("status"))
    sent = _seconds(alert.one("sent"))
    if status is None or sent is None or not alert.one("identifier") or not alert.one("sender"):
        raise ForeignRefused(
            "it has no identifier, sender, time or a status of Actual, Exercise or Test",
            hint="Ask its sender whether it is meant in earnest.",
        )
    infos = alert.all("info")
    own = _own_fields(infos[0], catalogue) if len(infos) == 1 else None
    fields, lost = (own[1], ()) if own is not None else _foreign(alert, infos)
    return CapImport(
        kind=own[0] if own is not None else "S2",
        fields=fields,
        identifier=alert.one("identifier"),
        sender=alert.one("sender"),
        sent=sent,
        status=status,
        message_type=alert.one("msgType"),
        references=alert.one("references"),
        exact=own is not None,
        lost=lost,
    )


SECONDS_MAX = TIME_MAX - 60  # an end grows to its whole minute, and must still be a time that can be said


def _seconds(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    seconds = moment.timestamp() if moment.tzinfo is not None else -1
    return int(seconds) if 0 <= seconds <= SECONDS_MAX else None


def _own_fields(info: Element, catalogue: Catalogue) -> tuple[str, dict[str, Json]] | None:
    """Kind and fields if the alert is one of ours and every field in it is still good; else None."""
    code = next((item.one("value") for item in info.all("eventCode") if item.one("valueName") == PREFIX), "")
    start = f"{PREFIX}:{code}:"
    fields: dict[str, Json] = {}
    try:
        for parameter in info.all("parameter"):
            if parameter.one("valueName").startswith(start):
                fields[parameter.one("valueName").removeprefix(start)] = json.loads(parameter.one("value"))
        body_from_json(catalogue.kind(code), fields)
    except (CatalogueError, ValueError, RecursionError):
        return None
    return code, fields


def _foreign(alert: Element, infos: list[Element]) -> tuple[dict[str, Json], tuple[str, ...]]:
    if alert.one("msgType") not in ("Alert", "Update") or not infos:
        raise ForeignRefused(
            f"an alert of the type {alert.one('msgType') or 'none'} cannot become a warning",
            hint="Find the message that it changes, and change that one.",
        )
    info = infos[0]
    lost = [f"info {at}: a further language or event" for at in range(2, len(infos) + 1)]
    places, unread = _places(info)
    window = _window(info)
    fields: dict[str, Json] = {"danger": "other", "where": places or "UNKNOWN", "when": window or "UNKNOWN"}
    words = info.one("headline") or info.one("event")
    try:
        fields["remark"] = clean(words, 400, lines=False)
    except Refused:
        lost.append("headline: too long, or with characters that may not be sent")
    lost += unread
    lost += _times_lost(info, window)
    kept = {"headline", "event", "onset", "effective", "expires", "area"} | (
        {"effective"} if info.one("onset") else set()
    )
    lost += [f"{child.local}: {child.text[:60]}" for child in info.children if child.local not in kept]
    kept = {"identifier", "sender", "sent", "status", "msgType", "references", "info"}
    lost += [f"{child.local}: {child.text[:60]}" for child in alert.children if child.local not in kept]
    return fields, tuple(lost)


def _window(info: Element) -> str:
    start, end = _seconds(info.one("onset") or info.one("effective")), _seconds(info.one("expires"))
    if start is None:
        return ""
    first = datetime.fromtimestamp(start - start % 60, UTC)
    if end is None or end <= start:
        return f"{first:%Y-%m-%dT%H:%MZ}/.."
    last = datetime.fromtimestamp(-(-end // 60) * 60, UTC)  # whole minutes, so that the time grows
    return f"{first:%Y-%m-%dT%H:%MZ}/{last:%Y-%m-%dT%H:%MZ}"


def _times_lost(info: Element, window: str) -> list[str]:
    """What the alert says of times that the window does not hold: none, too far ahead, or an end before its start."""
    beginning = info.one("onset") or info.one("effective")
    lost = [f"onset: {beginning[:60]}"] if beginning and not window else []
    if info.one("expires") and (not window or window.endswith("..")):
        lost.append(f"expires: {info.one('expires')[:60]}")
    return lost


WHERE_MAX = 4  # places that an S2 takes


def _places(info: Element) -> tuple[list[Json], list[str]]:
    """Places of all areas, and what of them could not be kept."""
    found: list[Json] = []
    lost: list[str] = []
    for area in info.all("area"):
        for child in area.children:
            if child.local not in ("polygon", "circle"):
                lost.append(f"area {child.local}: {child.text[:60]}")
                continue
            try:
                place = _polygon(child.text) if child.local == "polygon" else _circle(child.text)
            except (Refused, ValueError):
                lost.append(f"area {child.local}: not a shape that can be read")
                continue
            if len(found) < WHERE_MAX and place.to_json() not in found:
                found.append(place.to_json())
            else:
                lost.append(f"area {child.local}: one more than {WHERE_MAX}, or the same again")
    return found, lost


def _point(text: str) -> Point:
    """The nearest point of our resolution; latitude first.  Raises ValueError, Refused."""
    latitude, _, longitude = text.partition(",")
    steps = float(latitude) * STEPS_PER_DEGREE, float(longitude) * STEPS_PER_DEGREE
    if not all(math.isfinite(number) for number in steps):  # the product may be infinite where no factor is
        raise ValueError("not a number")
    return make_point(round(steps[0]), round(steps[1]))


def _polygon(text: str) -> Polygon:
    corners = tuple(_point(pair) for pair in text.split())
    return make_polygon(corners[:-1] if corners[:1] == corners[-1:] else corners)


def _circle(text: str) -> Place:
    centre, _, radius = text.partition(" ")
    try:
        metres = Decimal(radius) * 1000  # a float would make 16,226 metres of 16.225 kilometres
    except ArithmeticError as error:  # no number at all, or one beyond what a decimal holds
        raise ValueError("not a number") from error
    if not metres.is_finite() or not 0 <= metres <= RADIUS_METRES_MAX:
        raise ValueError("not a radius")
    return make_circle(_point(centre), math.ceil(metres)) if metres else _point(centre)
