"""The messages of an exercise that uses most kinds: each with its fields as a script gives them."""

from __future__ import annotations

from openline.catalogue.kinds.values import Json

M5, M6, M12, M15, M16 = ("05" * 20, "06" * 20, "12" * 20, "15" * 20, "16" * 20)


def _hazard(east: str) -> dict[str, Json]:
    corners: list[Json] = ["39.50N 131.50E", f"39.50N {east}", f"38.00N {east}", "38.00N 131.50E"]
    return {
        "hazard": "live firing",
        "area": {"corners": corners},
        "heights": "surface to 18,000 m",
        "period": "2017-12-09 12:00Z/2017-12-10 12:00Z",
    }


INJECTS: list[tuple[str, dict[str, Json]]] = [
    ("L4", {"phase": "begin", "scenario": "december-2017", "begins": "2017-12-04T00:00Z", "ends": "2017-12-15T16:00Z"}),
    ("L1", {"check": 1, "nonce": "0011223344556677", "glyphs": "한글/Ж/ع", "utc_offset": "+08:30"}),
    ("ECHO", {"check": 1, "nonce": "0011223344556677", "open_dialogues": 0, "last_seen": 0, "utc_offset": "-05:00"}),
    (
        "P8",
        {
            "level": "vice ministers",
            "level_detail": "under-secretary-general with foreign minister and vice-minister",
            "channel": "in person",
            "place": "Pyongyang",
            "times": "2017-12-05/08",
            "agenda": ["policy dialogue"],
            "invites": "alba",
        },
    ),
    ("STANDBY", {"until": "2017-12-04T15:00Z"}),
    (
        "ACCEPT-WITH-RESERVATION",
        {
            "changes": {
                "kind": "P8",
                "fields": {
                    "agenda": ["policy dialogue", "Council resolutions and tests", "channels of communication"],
                    "public_line": "wide-ranging policy discussion",
                },
            }
        },
    ),
    ("N6", _hazard("132.50E")),
    ("K1", {"wrong_fields": ["N6.area"], "data": {"kind": "N6", "fields": _hazard("133.50E")}}),
    (
        "P9",
        {
            "topic": "Council sanctions",
            "stance": "oppose",
            "conditions": "WITHHELD",
            "commitment": "none",
            "source": "said",
            "said": "on the line",
        },
    ),
    (
        "P9",
        {
            "topic": "negotiations",
            "stance": "not now",
            "conditions": [{"what": "behaviour improves"}, {"what": "no further tests", "relation": "before"}],
            "commitment": "none",
            "source": "said",
        },
    ),
    (
        "P1",
        {
            "acts": [
                {
                    "who": "both watches",
                    "act": "staff line",
                    "negation": "would",
                    "detail": "24 h, hourly check, safety messages only",
                    "when": "2018-01-01T00:00Z/..",
                }
            ],
            "all_or_nothing": True,
            "verification": "the record",
            "expiry": "2017-12-14T18:00Z",
            "carry_to": "bora",
            "carry_attribution": "unattributed",
            "carry_words": "these words only",
            "carry_until": "2017-12-14T18:00Z",
        },
    ),
    ("CARRIED", {"to": "bora", "time": "2017-12-07T04:00Z", "state": "with their leadership"}),
    ("TAKEN-TO-LEADERSHIP", {}),
    (
        "P6",
        {
            "item": "The visit was only a beginning and the dialogue should continue",
            "status": "agreed",
            "reservations": [],
        },
    ),
    (
        "P7",
        {
            "sessions": [
                "2017-12-06T01:00Z/2017-12-06T05:00Z",
                "2017-12-06T06:30Z/2017-12-06T09:30Z",
                "2017-12-07T01:00Z/2017-12-07T05:00Z",
                "2017-12-07T06:30Z/2017-12-07T09:00Z",
                "2017-12-08T01:00Z/2017-12-08T03:30Z",
            ],
            "record": [{"point": "resolutions"}, {"point": "end to tests"}, {"point": "channels of communication"}],
            "commitments": "NONE",
            "referred_to_leadership": "yes",
            "dissents": [],
        },
    ),
    (
        "N1",
        {
            "class": "space launch vehicle",
            "count": 1,
            "site": "WITHHELD",
            "window": "2017-12-09 20:00Z/2017-12-10 02:00Z",
            "azimuth": "100°",
            "impact_areas": "circle 39.30N 133.70E radius 40 km",
            "purpose": "space",
            "notices": "UNKNOWN",
        },
    ),
    (
        "UNDERSTOOD",
        {
            "read_back": {
                "kind": "N1",
                "fields": {
                    "window": "2017-12-09T20:00Z/2017-12-10T02:00Z",
                    "count": 1,
                    "impact_areas": [{"centre": "39.30N 133.70E", "radius": "40 km"}],
                },
            }
        },
    ),
    (
        "S5",
        {
            "event": "planned launch",
            "events": [M12],
            "basis": "our hazard area",
            "bases": [M6],
            "explanation_wanted": ["will window or area move?"],
        },
    ),
    ("K3", {"reason": "WITHHELD"}),
    ("Q3", {"outcome": "cancelled"}),
    (
        "N8",
        {
            "object": "unmanned aircraft",
            "object_detail": "small",
            "first_seen": "2017-12-09T18:26Z",
            "place": "38.65N 129.70E",
            "heading": 305,
            "speed": "90 kt",
            "effect": "none",
            "yours": "is it yours",
        },
    ),
    ("YES", {}),
    (
        "N7",
        {
            "type": "system failure",
            "time": "2017-12-09T18:24Z",
            "place": "38.62N 129.75E",
            "object": "unmanned aircraft",
            "object_detail": "target aircraft",
            "heading": 305,
            "armed": "NO",
            "self_destruct": "UNKNOWN",
            "state": "continuing",
            "cause_status": "not known",
            "cause": "UNKNOWN",
            "hostile_intent": "none",
            "casualties": "UNKNOWN",
            "steps_taken": "control link being tried",
            "next_update_by": "2017-12-09T18:57Z",
        },
    ),
    ("PASSED-ON", {"unit": "air defence unit", "means": "telephone", "time": "2017-12-09T18:31Z", "officer": 2}),
    (
        "C1",
        {
            "reason": "unidentified object and incident",
            "related": [M15, M16],
            "check_interval": "5 min",
            "next_contact": "2017-12-09T18:38Z",
        },
    ),
    (
        "JOINED",
        {"read_back": {"kind": "C1", "fields": {"check_interval": "5 min", "next_contact": "2017-12-09T18:38Z"}}},
    ),
    (
        "C2",
        {
            "period": "2017-12-09T18:38Z/2017-12-09T18:43Z",
            "news": "changed",
            "own_facts": [{"what": "object fell in the sea", "time": "2017-12-09T18:41Z"}],
            "next_due": "2017-12-09T18:48Z",
        },
    ),
    (
        "C2",
        {
            "period": "2017-12-09T18:43Z/2017-12-09T18:48Z",
            "news": "nothing changed",
            "next_due": "2017-12-09T18:53Z",
        },
    ),
    ("C4", {"fact": "object down", "time": "2017-12-09T18:41Z"}),
    (
        "K2",
        {
            "changes": {
                "kind": "N7",
                "fields": {
                    "state": "ended",
                    "end_time": "2017-12-09T18:41Z",
                    "end_place": "38.86N 129.30E",
                    "cause_status": "assumed",
                    "cause": "control link lost",
                    "casualties": "UNKNOWN",
                },
            }
        },
    ),
    ("S2", {"danger": "live firing", "where": "38.9N 129.3E", "when": "2017-12-09T18:50Z/.."}),
    ("K4", {"cause": "sent in error", "tell": "whoever was told"}),
    (
        "C3",
        {
            "conditions_met": ["object down", "own facts exchanged", "no movement by either since 18:33Z"],
            "follow_ups": [
                {"what": "technical note", "by_whom": "alba", "to_whom": "bora", "due": "2017-12-12T19:31Z"}
            ],
        },
    ),
    ("Q1", {"statement": "The principal approved the offer of 12 December", "about": [M5, M6]}),
    ("CANNOT-SAY", {}),
    (
        "P4",
        {
            "number": 1,
            "items": [{"item": 1, "text": "The line stays open."}],
            "packages": [
                {"package": 1, "text": "the military line stays open after 31 Dec, one check a day"},
                {"package": 2, "text": "a first direct working meeting in January 2018"},
            ],
            "round_end": "2017-12-14T18:00Z",
            "respond_to": "sealed offers",
        },
    ),
    ("P3", {"step": "commit", "commitments": ["ab" * 32, "cd" * 32], "openings_sealed": "ef" * 100}),
    ("L4", {"phase": "end", "scenario": "december-2017", "begins": "2017-12-04T00:00Z", "ends": "2017-12-15T16:00Z"}),
    ("L3", {"as_of": "2017-12-09T00:00Z", "in_force": "NONE"}),
    ("T1", {"text": "Line check heard late; the officer was away."}),
]
