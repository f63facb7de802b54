"""Targets at the edges where people, files and other systems come in: catalogue, formats, press, control."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from fuzz.choices import TEXTS, Choices, written
from fuzz.target import ROOT, Broken, Target, vectors
from openline.catalogue.formats import ForeignRefused, NotExpressible, from_cap, places_from_geojson, read_notam, to_cap
from openline.catalogue.formats.message import Message
from openline.catalogue.kinds import (
    CATALOGUE,
    CatalogueError,
    Kind,
    body_from_json,
    body_to_json,
)
from openline.catalogue.rendering import Metadata, languages, render, sample_glossary
from openline.catalogue.untrusted import is_hidden, without_isolates
from openline.control.protocol import decode_line, encode_line
from openline.engine.acts import Act, decode_act, encode_act
from openline.errors import Malformed, Misuse
from openline.press import PageRejected, read_page
from openline.wire.cbor import Value, decode, encode
from openline.wire.statement import Body, Status

# ---------------------------------------------------------------- catalogue


@cache
def bodies() -> tuple[tuple[int, Body], ...]:
    """Kind number and body of every published body that its kind allows."""
    content = json.loads((ROOT / "vectors/catalogue/bodies.json").read_text(encoding="utf-8"))
    return tuple((item["number"], _as_body(decode(bytes.fromhex(item["body"])))) for item in content["good"])


def _as_body(value: Value) -> Body:
    if value is None or isinstance(value, str | Mapping):
        return value
    raise Malformed("R15", "a body is null, text or a map of fields")


def _kinds() -> tuple[Kind, ...]:
    return tuple(CATALOGUE.kinds.values())


def _body(data: bytes) -> None:
    """A kind's body in CBOR: what is allowed has one JSON form, and that form gives the same body."""
    kind = _kinds()[(data[0] if data else 0) % len(_kinds())]
    check_body(kind, _as_body(decode(data[1:])))


def check_body(kind: Kind, body: Body) -> None:
    """Raise CatalogueError if the kind does not allow the body, Broken if it has more than one form."""
    fields = body_to_json(kind, body)
    again = body_from_json(kind, json.loads(json.dumps(fields)))
    if encode(again) != encode(body):
        raise Broken(f"{kind.code}: a body comes back from its JSON form as another one")


def _altered_body(data: bytes) -> None:
    """A good body with a few places changed."""
    choices = Choices(data)
    number, body = choices.pick(bodies())
    value: Value = body
    for _ in range(1 + choices.number(4)):
        value = choices.altered(value)
    kind = CATALOGUE.kind(number)
    check_body(kind, _as_body(decode(written(value))))


def _fields(data: bytes) -> None:
    """A kind's fields in JSON, as a person or a script gives them."""
    kind = _kinds()[(data[0] if data else 0) % len(_kinds())]
    given = _json(data[1:])
    if not isinstance(given, dict):
        raise Malformed("R16", "control refuses what is no object")
    check_body(kind, body_from_json(kind, given))


def _json(data: bytes) -> object:
    try:
        value: object = json.loads(data)
        return value
    except (ValueError, RecursionError) as error:
        raise Malformed("R7", "control refuses what is no JSON") from error


def _body_seeds() -> Iterator[bytes]:
    order = [kind.number for kind in _kinds()]
    for number, body in bodies():
        yield bytes((order.index(number),)) + encode(body)


def _fields_seeds() -> Iterator[bytes]:
    order = [kind.number for kind in _kinds()]
    for vector in vectors("catalogue/bodies"):
        if "fields" in vector and "number" in vector:
            yield bytes((order.index(vector["number"]),)) + json.dumps(vector["fields"]).encode()


# ---------------------------------------------------------------- what an officer reads


def _rendering(data: bytes) -> None:
    """A good body with a few places changed, with any metadata, in any language: nothing hidden reaches the eye."""
    choices = Choices(data)
    number, body = choices.pick(bodies())
    value: Value = body
    for _ in range(choices.number(4)):
        value = choices.altered(value)
    metadata = Metadata(
        sender=choices.pick(("alba", *TEXTS)), authored=choices.pick(_TIMES), status=choices.pick(list(Status)),
        respond_by=choices.pick((None, *_TIMES)), valid_until=choices.pick((None, *_TIMES)),
        pass_to=choices.pick(TEXTS), clearance=(choices.pick(TEXTS),),
    )  # fmt: skip
    kind = CATALOGUE.kind(number)
    tag = choices.pick(languages()).tag
    rendered = render(kind, _as_body(decode(written(value))), metadata, tag, sample_glossary())
    text = without_isolates(rendered.text()).replace("\n", "")
    json.dumps(rendered.to_json())
    if any(map(is_hidden, text)):
        raise Broken(f"{kind.code} in {tag}: a hidden character stands raw in a rendering")


_TIMES = (0, 1, 1_800_000_000, 2**32 - 1)


# ---------------------------------------------------------------- other people's formats


def _cap(data: bytes) -> None:
    """An alert: what is proposed from it is a body that the kind allows."""
    proposal = from_cap(data)
    kind = CATALOGUE.kind(proposal.kind)
    check_body(kind, body_from_json(kind, proposal.fields))


def _cap_seeds() -> Iterator[bytes]:
    for number, body in bodies():
        kind = CATALOGUE.kind(number)
        message = Message(
            kind=kind, body=body, identifier="0" * 40, sender="alba", sent=1_800_000_000, status="EXERCISE",
            precedence="FLASH",
        )  # fmt: skip
        try:
            yield to_cap(message)
        except (NotExpressible, CatalogueError):
            continue
    yield FOREIGN_ALERT


FOREIGN_ALERT = b"""<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier><sender>b</sender>
<sent>2026-01-01T00:00:00-00:00</sent><status>Exercise</status><msgType>Alert</msgType><scope>Public</scope><info>
<category>Safety</category><event>Test</event><urgency>Future</urgency><severity>Minor</severity>
<certainty>Unknown</certainty><onset>2026-01-01T01:00:00+01:00</onset><expires>2026-01-02T00:00:00-00:00</expires>
<headline>A test</headline><area><areaDesc>A</areaDesc><polygon>1,1 1,2 2,2 1,1</polygon><circle>1.5,2 3</circle></area>
</info></alert>"""


def _geojson(data: bytes) -> None:
    for place in places_from_geojson(_text(data)):
        place.to_json()


def _notam(data: bytes) -> None:
    read_notam(_text(data))


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


_GEOJSON = (
    b"""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"radius_m":500},"geometry":
    {"type":"Point","coordinates":[23.1,56.2]}},{"type":"Feature","properties":{},"geometry":
    {"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}}]}""",
    b'{"type":"Polygon","coordinates":[[[179,1],[-179,1],[-179,2],[179,1]]]}',
)
_NOTAM = (
    b"""(A0001/26 NOTAMN
Q) ABCD/QWMLW/IV/BO/W/000/999/5612N02306E005
A) ABCD B) 2601010000 C) 2601020000
E) GUN FIRING WITHIN 9260M RADIUS OF 561200N0230600E
F) SFC G) UNL)""",
)

# ---------------------------------------------------------------- press, control


def _page(data: bytes) -> None:
    json.dumps(read_page(data).to_json())


def _page_seeds() -> Iterator[bytes]:
    pages = sorted((ROOT / "benchmarks/press/pages").glob("**/*"))
    yield from (page.read_bytes()[:4_096] for page in pages[:12] if page.is_file())
    yield "<html><head><title>A</title></head><body><p>“We are ready,” said the minister.</p></body></html>".encode()


def _line(data: bytes) -> None:
    value = decode_line(data)
    if decode_line(encode_line(value)) != value and "NaN" not in data.decode("utf-8", "replace"):
        raise Broken("a request does not come back as it was")


def _act(data: bytes) -> None:
    act, arguments = decode_act(data)
    if encode_act(act, *arguments) != data:
        raise Broken("an act has more than one form")


def _act_seeds() -> Iterator[bytes]:
    yield encode_act(Act.PRESENTED, [bytes(32)])
    yield encode_act(Act.DRAFT, b"\x87", None)
    yield encode_act(Act.APPROVE, bytes(32), 1, bytes(64))
    yield encode_act(Act.REFUSE, bytes(32), 1, "no")
    yield encode_act(Act.REMIND, bytes(32), 5)


def _of(*seeds: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: iter(seeds)


TARGETS = (
    Target("body", _body, _body_seeds, (Malformed, CatalogueError)),
    Target("altered-body", _altered_body, _of(bytes(16), bytes(range(32))), (Malformed, CatalogueError)),
    Target("rendering", _rendering, _of(bytes(16), bytes(range(32))), (Malformed, CatalogueError)),
    Target("fields", _fields, _fields_seeds, (Malformed, CatalogueError)),
    Target("cap", _cap, _cap_seeds, (ForeignRefused,)),
    Target("geojson", _geojson, _of(*_GEOJSON), (ForeignRefused,)),
    Target("notam", _notam, _of(*_NOTAM), (ForeignRefused,)),
    Target("page", _page, _page_seeds, (PageRejected,)),
    Target("request-line", _line, _of(b'{"do":"inbox"}\n', b'{"a":[1,2.5,null,"x"]}', b"[" * 12_000), (Misuse,)),
    Target("act", _act, _act_seeds, (Misuse,)),
)
