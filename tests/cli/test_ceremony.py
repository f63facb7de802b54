"""Two parties that share nothing but voices and a memory stick open a line, amend it, and are refused what is wrong."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from openline.charter import draft_charter
from openline.runtime.ceremony import Office, read_charter_file, write_charter_file
from openline.runtime.homes import documents_of, open_store, read_lines
from tests.cli.parties import FORM, World, drafted, opened, ready, staffed


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world with a line in force, made once: opening one takes a second of key derivations."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "stick").mkdir()
    opened(World(folder))
    return folder


@pytest.fixture
def world(tmp_path: Path, template: Path) -> World:
    (tmp_path / "stick").mkdir()
    return World(tmp_path, template=template)


@pytest.fixture
def world_apart(tmp_path: Path) -> World:
    (tmp_path / "stick").mkdir()
    return World(tmp_path, apart=True)


def files_of(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_two_strangers_open_a_line(world_apart: World) -> None:
    world = world_apart
    alba, bora = opened(world)
    lines = [machine.json("charter", "list", "--dir", machine.office)["lines"] for machine in (alba, bora)]
    assert lines[0] == lines[1]
    for machine in (alba, bora):
        signed = staffed(world, machine)
        assert isinstance(signed["stop_notices"], list)
        assert len(signed["stop_notices"]) == 3
    for machine, other in ((alba, "bora.roster"), (bora, "alba.roster")):
        taken = machine.json("roster", "import", "--dir", machine.office, world.stick(other))
        assert taken["outcome"] == "in_force"
    shown = [machine.json("roster", "show", "--dir", machine.office)["rosters"] for machine in (alba, bora)]
    assert shown[0] == shown[1]
    digests = {Office(machine.folder / "office").line(None).documents().documents_digest() for machine in (alba, bora)}
    assert len(digests) == 1


def test_secrets_are_for_their_owner_alone(world: World) -> None:
    alba, _ = opened(world)
    staffed(world, alba)
    secret = [path for path in files_of(alba.folder) if path.suffix == ".key" or path.parent.name == "stops"]
    assert len(secret) == 1 + 3 + 3
    assert {path.stat().st_mode & 0o777 for path in secret} == {0o600}
    assert not [path for path in files_of(world.folder) if path.name.startswith(".")]


def test_the_missing_signature_is_named(world: World) -> None:
    alba, bora = drafted(world)
    draft = world.stick("draft.charter")
    status = bora.json("charter", "status", draft)
    assert status["missing"] == [
        {"party": number, "code": code, "root": "present"} for number, code in ((1, "alba"), (2, "bora"))
    ]
    refused = bora.run("charter", "activate", "--dir", bora.office, draft, status=1)
    assert "R87" in refused
    assert "the signatures of alba, bora are missing" in refused
    world.sign(alba, "draft.charter", "alba.charter", alba.words("charter", "fingerprint", draft))
    refused = bora.run("charter", "activate", "--dir", bora.office, world.stick("alba.charter"), status=1)
    assert "the signature of bora is missing" in refused


def test_words_that_differ_stop_the_ceremony_r112(world: World) -> None:
    alba, bora = world.party("alba"), world.party("bora")
    heard = bora.words("party", "show", "--dir", bora.office).split()
    wrong = " ".join([*heard[:5], "bababa" if heard[5] != "bababa" else "totoli", *heard[6:]])
    card = world.stick("bora.json")
    for words in (wrong, " ".join(heard[:11]), " ".join([*heard, "bababa"])):
        refused = alba.run("party", "import", "--dir", alba.office, card, "--words", words, status=1)
        assert "R112" in refused
    assert not (alba.folder / "office/parties").exists()


def test_an_officer_ticks_each_word_and_types_yes(world: World) -> None:
    alba, _ = world.party("alba"), world.party("bora")
    card = world.stick("bora.json")
    at = ["party", "import", "--dir", alba.office, card]
    assert "R112" in alba.run(*at, status=1, text="y\n" * 11 + "n\n")
    alba.run(*at, status=1, text="y\n" * 12 + "no\n")
    assert "Compared and kept" in alba.run(*at, text="y\n" * 12 + "yes\n")
    assert "exists already" in alba.run(*at, status=2, text="y\n" * 12 + "yes\n")


def test_a_root_exchanged_on_the_way_is_not_signed_r113(world: World) -> None:
    """The bringer of the draft puts a root of its own in Bora's place."""
    alba, bora = drafted(world)
    thief = world.machine("thief")
    false = ["party", "create", "--dir", thief.office, "--code", "bora", "--name", "en=Bora", "--name", "ko=보라"]
    thief.run(*false, "--passphrase-file", "pass")
    alba_card = world.stick("alba.json")
    heard = alba.words("party", "show", "--dir", alba.office)
    thief.run("party", "import", "--dir", thief.office, alba_card, "--words", heard)
    (thief.folder / "form.toml").write_text(FORM)
    thief.run(
        "charter", "draft", "--dir", thief.office, "--member", "alba", "--member", "bora", "--form", "form.toml",
        "--out", world.stick("false.charter"),
    )  # fmt: skip
    words = alba.words("charter", "fingerprint", world.stick("false.charter"))
    refused = alba.run(
        "charter", "sign", "--dir", alba.office, world.stick("false.charter"), "--words", words, "--passphrase-file",
        "pass", "--out", world.stick("signed.charter"), status=1,
    )  # fmt: skip
    assert "R113" in refused
    assert not world.stick("signed.charter").exists()
    assert bora.folder.exists()


def test_nobody_is_a_member_whose_words_were_not_compared(world: World) -> None:
    alba, _ = world.party("alba"), world.party("bora")
    refused = alba.run(
        "charter", "draft", "--dir", alba.office, "--member", "alba", "--member", "bora", "--out", "x", status=2
    )
    assert "the words of bora have not been compared" in refused


def test_a_charter_is_printed_in_its_languages(world: World) -> None:
    alba, bora = drafted(world)
    draft = world.stick("draft.charter")
    text = bora.run("charter", "print", draft)
    assert "당사자들은 이 선을 연다." in text
    assert "The parties open this line." in text
    assert "헌장 1" in text
    bora.run("charter", "print", draft, "--html", "--language", "ko", "--out", "print.html")
    page = (bora.folder / "print.html").read_text()
    assert '<html lang="ko">' in page
    assert "센드라" not in page
    assert "보라" in page
    assert "missing" in alba.run("charter", "show", draft)


def test_nothing_is_overwritten_and_wrong_files_are_named(world: World) -> None:
    alba, bora = opened(world)
    complete = world.stick("complete.charter")
    again = alba.run("charter", "merge", complete, complete, "--out", complete, status=2)
    assert "exists already" in again
    create = [
        "party",
        "create",
        "--dir",
        alba.office,
        "--code",
        "alba",
        "--name",
        "en=Alba",
        "--passphrase-file",
        "pass",
    ]
    assert "exists already" in alba.run(*create, status=2)
    assert "holds no charter" in bora.run("charter", "show", world.stick("bora.json"), status=2)
    assert "cannot be read" in bora.run("charter", "show", world.stick("nothing"), status=3)
    assert "no party card" in bora.run("party", "import", "--dir", bora.office, complete, "--words", "x", status=2)
    alba.run("charter", "activate", "--dir", alba.office, complete)


def test_a_wrong_passphrase_signs_nothing(world: World) -> None:
    alba, _ = drafted(world)
    (alba.folder / "wrong").write_text("another passphrase\n")
    draft = world.stick("draft.charter")
    words = alba.words("charter", "fingerprint", draft)
    refused = alba.run(
        "charter", "sign", "--dir", alba.office, draft, "--words", words, "--passphrase-file", "wrong", "--out", "x",
        status=2,
    )  # fmt: skip
    assert "passphrase" in refused
    assert not (alba.folder / "x").exists()


def test_a_charter_of_another_catalogue_is_not_signed(world: World) -> None:
    """In force, it would let nothing be said at a station of this release."""
    alba, _ = drafted(world)
    draft = read_charter_file(world.stick("draft.charter"))
    write_charter_file(world.stick("other"), draft_charter(replace(draft.charter, catalogue=bytes(32))))
    sign = ["charter", "sign", "--dir", alba.office, world.stick("other"), "--words", "x", "--out", "x"]
    assert "another catalogue" in alba.run(*sign, status=2)


def test_a_home_where_nothing_can_be_written_is_told(world: World) -> None:
    alba, _ = opened(world)
    staffed(world, alba)
    papers = [world.stick("complete.charter"), world.stick("alba.roster")]
    key = ["--key", "keys/station-1.key"]
    assert "cannot be written" in alba.run("roster", "open-station", "--home", "pass/home", *key, *papers, status=4)


def test_a_passphrase_that_the_station_could_not_read_makes_no_key(world: World) -> None:
    """Read with replacements, any two passphrases of other letters than ASCII would have been one."""
    alba, _ = opened(world)
    (alba.folder / "latin").write_bytes("sechs zufällige Wörter\n".encode("latin-1"))
    key = ["roster", "officer-key", world.stick("complete.charter"), "--party", "alba", "--number", 1, "--role", "duty"]
    refused = alba.run(*key, "--passphrase-file", "latin", "--out", "keys", status=2)
    assert "latin is not in UTF-8" in refused
    assert not (alba.folder / "keys").exists()


def test_a_mediator_is_added_by_an_amendment_that_all_three_sign(world: World) -> None:
    alba, bora = opened(world)
    cendra = world.party("cendra")
    for machine in (alba, bora):
        world.compare(machine, cendra)
    amend = ["charter", "amend", "--dir", alba.office, "--add", "cendra:mediator"]
    alba.run(*amend, "--out", world.stick("second.charter"))
    # Who is new has no office of the line yet: it is given the charter in force as well.
    complete = world.stick("complete.charter")
    second = ["charter", "activate", "--dir", cendra.office, world.stick("second.charter")]
    assert "the charter before number 2 is not in force here" in cendra.run(*second, status=3)
    cendra.run("charter", "activate", "--dir", cendra.office, complete)
    sign = ["charter", "sign", "--dir", cendra.office, complete, "--words", "x", "--out", "x"]
    assert "cendra is no member" in cendra.run(*sign, status=2)
    words = alba.words("charter", "fingerprint", world.stick("second.charter"))
    for machine in (alba, bora):
        world.sign(machine, "second.charter", f"second.{machine.name}", words)
    half = [world.stick(f"second.{name}") for name in ("alba", "bora")]
    office = ["--dir", alba.office]
    alba.run("charter", "merge", *half, *office, "--out", world.stick("second.half"))
    refused = alba.run("charter", "activate", *office, world.stick("second.half"), status=1)
    assert "the signature of cendra is missing" in refused
    world.sign(cendra, "second.charter", "second.cendra", words)
    files = [world.stick("second.half"), world.stick("second.cendra")]
    alba.run("charter", "merge", *files, *office, "--out", world.stick("second.complete"))
    for machine in (alba, bora, cendra):
        done = machine.json("charter", "activate", "--dir", machine.office, world.stick("second.complete"))
        assert done["number"] == 2


def test_a_root_signs_one_amendment_for_each_number(world: World) -> None:
    alba, _ = opened(world)
    for name, rate in (("one", 100), ("two", 200)):
        (alba.folder / f"{name}.toml").write_text(f"entries_a_minute = {rate}\n")
        amend = ["charter", "amend", "--dir", alba.office, "--form", f"{name}.toml"]
        alba.run(*amend, "--out", world.stick(name))
    world.sign(alba, "one", "one.signed", alba.words("charter", "fingerprint", world.stick("one")))
    world.sign(alba, "one", "one.signed.again", alba.words("charter", "fingerprint", world.stick("one")))
    sign = ["charter", "sign", "--dir", alba.office, world.stick("two"), "--passphrase-file", "pass", "--out", "x"]
    words = alba.words("charter", "fingerprint", world.stick("two"))
    assert "has signed another charter 2" in alba.run(*sign, "--words", words, status=2)
    alba.run(
        "charter", "amend", "--dir", alba.office, "--number", 3, "--form", "two.toml", "--out", world.stick("three")
    )
    world.sign(alba, "three", "three.signed", alba.words("charter", "fingerprint", world.stick("three")))


def test_an_officer_is_stopped_without_the_root(world: World) -> None:
    alba, bora = opened(world)
    staffed(world, alba)
    bora.run("roster", "import", "--dir", bora.office, world.stick("alba.roster"))
    (alba.folder / "office/root.key").unlink()
    alba.run("roster", "stop", "--dir", alba.office, "--officer", 2, "--out", world.stick("officer-2.stop"))
    taken = bora.json("roster", "import", "--dir", bora.office, world.stick("officer-2.stop"))
    assert taken["outcome"] == "stopped"
    for machine in (alba, bora):
        documents = Office(machine.folder / "office").line(None).documents()
        assert documents.officer_stopped(1, 2)
        assert documents.officer_stopped(1, 1) is None


def test_a_roster_is_changed_item_by_item(world: World) -> None:
    alba, bora = opened(world)
    staffed(world, alba)
    at = ["--dir", alba.office]
    assert "no roster is being drafted" in alba.run("roster", "show", *at, "--draft", status=3)
    alba.run("roster", "draft", *at)
    assert "exists already" in alba.run("roster", "draft", *at, status=2)
    assert "in the roster already" in alba.run("roster", "add-station", *at, "keys/station-1.item", status=2)
    assert "the item of a station" in alba.run("roster", "add-officer", *at, "keys/station-1.item", status=2)
    assert "no item of a roster" in alba.run("roster", "add-officer", *at, "keys/officer-1.key", status=2)
    assert "no officer 9" in alba.run("roster", "remove", *at, "officer", 9, status=2)
    assert "64 hexadecimal digits" in alba.run("roster", "add-relay", *at, "r.example:1", "--pin", "no", status=2)
    assert "R93" in alba.run("roster", "add-relay", *at, "no-port", "--pin", "ab" * 32, status=1)
    alba.run("roster", "remove", *at, "officer", 2)
    alba.run("roster", "remove", *at, "relay", "relay.example:443")
    assert "relay.example" not in alba.run("roster", "show", *at, "--draft")
    signed = alba.json("roster", "sign", *at, "--passphrase-file", "pass")
    assert (signed["number"], signed["stop_notices"]) == (2, [])
    alba.run("roster", "export", *at, "--out", world.stick("alba-2.roster"))
    # The older one may come later: it changes nothing.
    for name, outcome in (("alba-2.roster", "in_force"), ("alba.roster", "unchanged")):
        assert bora.json("roster", "import", "--dir", bora.office, world.stick(name))["outcome"] == outcome
    foreign = bora.run("roster", "stop", "--dir", bora.office, "--officer", 1, "--out", "x", status=3)
    assert "no stop notice" in foreign
    assert "name one station or one officer" in bora.run("roster", "stop", "--dir", bora.office, "--out", "x", status=2)
    assert "no roster in force" in bora.run("roster", "export", "--dir", bora.office, "--out", "x", status=3)


def test_a_roster_of_a_line_that_is_not_here_is_refused(world: World) -> None:
    alba, bora = opened(world)
    staffed(world, alba)
    stranger = world.party("cendra")
    refused = stranger.run("roster", "import", "--dir", stranger.office, world.stick("alba.roster"), status=2)
    assert "no line here" in refused
    wrong = bora.run("roster", "import", "--dir", bora.office, world.stick("complete.charter"), status=2)
    assert "this is a charter" in wrong


def test_what_was_signed_becomes_a_station_that_can_start(world: World) -> None:
    machines = opened(world)
    for machine in machines:
        staffed(world, machine)
    rosters = [world.stick(f"{machine.name}.roster") for machine in machines]
    for party, machine in enumerate(machines, 1):
        start = ["roster", "open-station", "--home", "home", "--key", "keys/station-1.key", "--name", machine.name]
        assert "no charter is among" in machine.run(*start, *rosters, status=2)
        assert "lists this station" in machine.run(
            *start, world.stick("complete.charter"), rosters[2 - party], status=2
        )
        officer = ["roster", "open-station", "--home", "home", "--key", "keys/officer-1.key"]
        assert "needs its passphrase" in machine.run(*officer, *rosters, status=2)
        made = machine.json(*start, *rosters, world.stick("complete.charter"))
        assert (made["party"], made["number"]) == (party, 1)
        store = open_store(machine.folder / "home")
        (home,) = read_lines(store)
        documents = documents_of(store, home.line)
        store.close()
        assert documents.charter
        assert [item.party for item in documents.all_stations()] == [1, 2]
        machine.run("roster", "import", "--dir", machine.office, rosters[2 - party])
        keys = machine.json("roster", "post-keys", "--dir", machine.office)["post_keys"]
        assert keys == [item.post.hex() for item in documents.all_stations()]


def test_a_passphrase_is_asked_for_twice_when_it_is_new(world: World) -> None:
    alba = world.machine("alba")
    create = ["party", "create", "--dir", alba.office, "--code", "alba", "--name", "en=Alba"]
    alba.run(*create, status=1, text="correct horse\nanother horse\n")
    assert "alba: Alba (en)" in alba.run(*create, text="correct horse\ncorrect horse\n")
    (alba.folder / "empty").write_text("")
    assert "empty is empty" in alba.run(*create, "--passphrase-file", "empty", status=2)
    (alba.folder / "short").write_text("short\n")
    assert "shorter than 8" in alba.run(*create, "--passphrase-file", "short", status=2)


def test_wrong_use_is_told_with_what_to_write_instead(world: World) -> None:
    alba = world.machine("alba")
    create = ["party", "create", "--dir", alba.office, "--code", "alba", "--passphrase-file", "pass"]
    assert 'Write --name en="Republic of Alba"' in alba.run(*create, "--name", "Alba", status=2)
    assert "No such option" in alba.run(*create, "--nmae", "x", status=2)
    alba.run(*create, "--name", "en=Alba")
    draft = ["charter", "draft", "--dir", alba.office, "--member", "alba:king", "--out", "x"]
    assert "roles are party, mediator, observer" in alba.run(*draft, status=2)
    assert "No line yet" in alba.run("charter", "list", "--dir", alba.office)
    assert "languages" in alba.run("charter", "form")
    assert alba.run("charter", "form", "--help")


def test_an_amendment_is_judged_with_the_charter_before_it(world: World) -> None:
    alba, bora = opened(world)
    amend = ["charter", "amend", "--dir", alba.office, "--without", "bora", "--out", world.stick("without")]
    assert "R83" in alba.run(*amend, status=1)
    (alba.folder / "rate.toml").write_text("entries_a_minute = 100\n")
    alba.run("charter", "amend", "--dir", alba.office, "--form", "rate.toml", "--out", world.stick("second"))
    assert "Name the office that has it" in bora.run("charter", "show", world.stick("second"), status=2)
    shown = bora.run("charter", "show", world.stick("second"), "--dir", bora.office)
    assert "Charter 2" in shown
    status = bora.run("charter", "status", world.stick("second"), "--dir", bora.office)
    assert "missing: alba, bora" in status
    assert "charter 1" in bora.run("charter", "list", "--dir", bora.office)


def test_a_false_root_is_told_with_an_alarm(world: World) -> None:
    alba, bora = opened(world)
    line = next((alba.folder / "office/lines").iterdir()).name
    for name in ("one", "two"):
        alba.run("roster", "draft", "--dir", alba.office)
        alba.run("roster", "sign", "--dir", alba.office, "--passphrase-file", "pass")
        alba.run("roster", "export", "--dir", alba.office, "--out", world.stick(name))
        (alba.folder / "office/lines" / line / "roster-1-1").unlink()
        (alba.folder / "office/signed" / f"{line}-roster-1").unlink()
    bora.run("roster", "import", "--dir", bora.office, world.stick("one"))
    assert "ALARM" in bora.run("roster", "import", "--dir", bora.office, world.stick("two"))


def test_a_pin_of_another_length_is_refused_where_it_is_typed(world: World) -> None:
    alba, _ = opened(world)
    alba.run("roster", "draft", "--dir", alba.office)
    for pin in ("5f16", "no pin", "ab" * 33):
        told = alba.run("roster", "add-relay", "--dir", alba.office, "relay.example:443", "--pin", pin, status=2)
        assert "64 hexadecimal digits" in told


def test_a_station_names_whose_signature_a_charter_lacks_r87(world: World) -> None:
    machines = opened(world)
    alba, _ = machines
    for machine in machines:
        staffed(world, machine)
    ready(world, alba, *(world.stick(f"{machine.name}.roster") for machine in machines))
    (alba.folder / "rate.toml").write_text("entries_a_minute = 100\n")
    second = world.stick("second.charter")
    alba.run("charter", "amend", "--dir", alba.office, "--form", "rate.toml", "--out", second)
    words = alba.words("charter", "fingerprint", second)
    for machine in machines:
        world.sign(machine, "second.charter", f"second.{machine.name}", words)
    halves = [world.stick(f"second.{machine.name}") for machine in machines]
    bring = ["station", "bring", "--home", "home"]
    for refused in (alba.run(*bring, halves[0], status=1), alba.run(*bring, halves[0], status=1)):
        assert "R87: charter 2 is not in force: the signature of bora is missing" in refused
    assert "charter 1" in alba.run("lines", "--home", "home")
    assert "has taken the charter" in alba.run(*bring, halves[1]), "it kept the first half"
    assert "charter 2" in alba.run("lines", "--home", "home")
