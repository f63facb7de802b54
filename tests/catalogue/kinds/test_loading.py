"""The catalogue's own files are judged whole: a slip of the pen in one of them stops everything."""

from __future__ import annotations

import pytest

from openline.catalogue import kinds
from openline.catalogue.kinds import CATALOGUE, Catalogue, CatalogueBroken, UnknownKind, body_from_json
from openline.catalogue.kinds.catalogue import manifest_hash, package_files

FILES = package_files()


def broken(path: str, old: str, new: str) -> str:
    """Return what the loader says when `old` is replaced once by `new` in a file."""
    text = FILES[path].decode("utf-8")
    assert old in text
    with pytest.raises(CatalogueBroken) as caught:
        assert Catalogue(FILES | {path: text.replace(old, new, 1).encode("utf-8")}).kinds
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "old", "new", "problem"),
    [
        ("kinds/N1.toml", "", "code N1\n", "not TOML"),
        ("kinds/N1.toml", 'code = "N1"', 'code = "N2"', "not the file's name"),
        ("kinds/N1.toml", 'code = "N1"', "code = 1", "code is not a text"),
        ("kinds/N1.toml", "number = 4", "number = 5", "number 5 belongs to"),
        ("kinds/N1.toml", "number = 4", "number = 255", "not below 255"),
        ("kinds/N1.toml", "number = 4", 'number = "4"', "not a whole number"),
        ("kinds/N1.toml", 'response = "R"', 'response = "X"', "response is none of"),
        ("kinds/N1.toml", 'response = "R"', 'responce = "R"', "response is not a text"),
        ("kinds/N1.toml", 'who = ["2"]', 'who = ["3"]', "who, statuses or roles"),
        ("kinds/N1.toml", 'who = ["2"]', 'who = "2"', "not a list of texts"),
        ("kinds/N1.toml", 'who = ["2"]', 'who = ["2", "2"]', "something twice"),
        ("kinds/N1.toml", 'ref = "none"', 'ref = "none"\nreff = 1', "unknown keys reff"),
        ("kinds/N1.toml", 'approvals = [["duty"', 'approvals = [["butler"', "who, statuses or roles"),
        ("kinds/N1.toml", 'approvals = [["duty", "releaser"]]', "approvals = 2", "not a list of lists"),
        ("kinds/N1.toml", '"window", "count"', '"windows", "count"', "read_back names no field"),
        ("kinds/N1.toml", '"N2", "K3"', '"N2", "K9"', "it names K9"),
        ("kinds/N1.toml", 'notice = "24 h"', 'notice = "24 hours"', "the limit notice"),
        ("kinds/N1.toml", 'notice = "24 h"', "notice = 24", "notice is not a text"),
        ("kinds/N1.toml", "[limits]\n", "limits = 5\n[more]\n", "limits is not a table"),
        ("kinds/N1.toml", 'name = "class"', 'name = "Class"', "a field needs a lower-case name"),
        ("kinds/N1.toml", 'name = "count"', 'name = "class"', "stands twice"),
        ("kinds/N1.toml", "number = 2\n", "number = 1\n", "stands twice"),
        ("kinds/N1.toml", "number = 1\n", "number = 24\n", "a number from 1 to 23"),
        ("kinds/N1.toml", "number = 1\n", "number = 0\n", "a number from 1 to 23"),
        ("kinds/N1.toml", "How many will be launched.", "How many", "a sentence of help"),
        ("kinds/N1.toml", 'type = "count"', 'type = "amount"', "type is none of"),
        ("kinds/N1.toml", "max = 1000", "max = 0", "of the type count lacks"),
        ("kinds/N1.toml", "required = true", 'required = "yes"', "neither true nor false"),
        ("kinds/N1.toml", '"icbm"', '"unknown"', "of the type enumeration lacks"),
        ("kinds/N1.toml", '"icbm"', '"ICBM"', "of the type enumeration lacks"),
        ("kinds/N1.toml", "[[field]]", "[[fields]]", "unknown keys fields"),
        ("kinds/N6.toml", '"circle"', '"square"', "of the type place lacks"),
        ("kinds/N6.toml", 'list = "hazard"', 'list = "hazards"', "of the type enumeration lacks"),
        ("kinds/N7.toml", '"km/h"', '"mph"', "of the type quantity lacks"),
        ("kinds/N8.toml", "many = 12", "many = 0", "of the type records lacks"),
        ("kinds/N8.toml", "many = 12", "many = 12\ncertainty = true", "certainty belongs"),
        ("kinds/K1.toml", "embeds = 2", "embeds = -1", "of the type data lacks"),
        ("kinds/T1.toml", "text_characters_max = 4000", "", "without being made of them"),
        ("kinds/YES.toml", 'body = "empty"', "", "without being made of them"),
        ("kinds/YES.toml", 'answers = ["A"]', 'answers = ["Z"]', "answers a response type"),
        ("kinds/L4.toml", '"begins", "ends"', '"begins", "end"', "a rule names no field"),
        ("kinds/N1.toml", "count = 1\n", "count = 1.5\n", "a float has no place in an example"),
        ("kinds/YES.toml", 'code = "YES"', 'example = 5\ncode = "YES"', "example is not a table"),
        ("lists.toml", "[certainty]", "[uncertainty]", "no list of certainties"),
        ("lists.toml", "[act]", "act = 5\n[acts]", "of the type enumeration lacks"),
        ("units.toml", "number = 1\n", "number = 0\n", "stands twice"),
        ("units.toml", 'symbol = "km"', 'symbol = "m"', "stands twice"),
        ("units.toml", "[[unit]]", "[unit]", "not TOML"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_named(path: str, old: str, new: str, problem: str) -> None:
    assert problem in broken(path, old, new)


def test_a_table_where_there_must_be_several_is_named() -> None:
    files = FILES | {"units.toml": b"[unit]\nnumber = 0\n"}
    with pytest.raises(CatalogueBroken, match="not an array of tables"):
        assert Catalogue(files).kinds
    fewer = {path: content for path, content in FILES.items() if path != "lists.toml"}
    with pytest.raises(CatalogueBroken, match="it is missing"):
        assert Catalogue(fewer).kinds


def test_a_lost_field_changes_the_hash_and_a_comment_does_too() -> None:
    """Both sides sign the hash of the very files: nobody has to ask whether a change mattered."""
    changed = Catalogue(FILES | {"kinds/N1.toml": FILES["kinds/N1.toml"] + b"# more\n"})
    assert changed.kinds == CATALOGUE.kinds
    assert changed.hash() != CATALOGUE.hash() == kinds.catalogue_hash()
    renamed = {path.replace("kinds/N1", "kinds/n1"): content for path, content in FILES.items()}
    assert Catalogue(renamed).hash() != CATALOGUE.hash()


def test_the_manifest_proves_a_single_file() -> None:
    manifest = CATALOGUE.manifest()
    assert manifest_hash(manifest) == CATALOGUE.hash()
    assert [path for path, _ in manifest] == sorted(FILES)
    assert {"lists.toml", "units.toml", "kinds/N1.toml"} <= {path for path, _ in manifest}
    assert CATALOGUE.kind_file("n1") == FILES["kinds/N1.toml"]
    with pytest.raises(UnknownKind):
        CATALOGUE.kind_file("N11")


def test_every_file_says_what_its_kind_is_for_and_ends_in_a_sentence() -> None:
    for kind in CATALOGUE.kinds.values():
        first = FILES[f"kinds/{kind.code}.toml"].decode("utf-8").splitlines()[0]
        assert first == f"# {kind.code}: {kind.meaning}"
        assert kind.meaning.endswith((".", "?"))


def test_every_kind_has_an_example_that_may_be_sent_and_uses_what_its_row_names() -> None:
    for kind in CATALOGUE.kinds.values():
        body = body_from_json(kind, kind.example)
        assert (body is None) == (kind.body == "empty")
        assert set(kind.read_back) <= kind.example.keys() | {path for path in kind.read_back if "." in path}


def test_default_precedence_is_the_kinds_own_or_that_of_what_it_belongs_to() -> None:
    assert CATALOGUE.kind("N7").default_precedence() == "FLASH"
    assert CATALOGUE.kind("UNDERSTOOD").default_precedence("IMMEDIATE") == "IMMEDIATE"
    assert CATALOGUE.kind("Q1").default_precedence() == "ROUTINE"


def test_replies_by_the_package_are_those_of_the_catalogue() -> None:
    kind = CATALOGUE.kind("N8")
    assert kinds.replies_allowed(kind) == CATALOGUE.replies_allowed(kind)
