"""One party suspends the line, both go on talking, it resumes; then both close it: by the commands, between daemons."""

from pathlib import Path

from tests.system.stage import Stage, running, until


def charter(stage: Stage, name: str, word: str, *more: object) -> str:
    waited = ["--officer", 1, "--wait", "stored"]
    return str(stage.json("charter", word, "--home", stage.homes[name], *waited, *more)["id"])


def test_a_line_is_suspended_resumed_and_closed_and_each_side_is_shown_why(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "net")
    alba, bora = stage.homes["alba-1"], stage.homes["bora-1"]
    for home in (alba, bora):
        stage.run("attend", "--home", home)  # with no daemon yet: it is kept, and the first greeting says it
    with running(stage):
        stage.meet()
        assert stage.words("alba-1") == {"bora-1": "ANSWERS"}
        said = charter(stage, "bora-1", "suspend", "--reason", "the mission is away", "--until", "2030-01-01T00:00Z")
        assert stage.words("alba-1") == {"bora-1": "SUSPENDED"}
        words = stage.run("lines", "--home", alba)
        assert f"proof: {said}" in words
        shown = stage.run("show", "--home", alba, said)
        assert "the mission is away" in shown
        assert "2030-01-01 00:00 UTC" in shown
        # Nothing is held back in suspension: the other side speaks, is receipted, is answered.
        asked = stage.send("alba-1", "T1", "--wait", "stored", text="we heard you")
        stage.run("ack", "--home", bora, asked, "--officer", 1, "--wait", "stored")
        marks = until(lambda: stage.ask("alba-1", do="show", id=asked)["status"]["acknowledged"], "no word of it")
        assert marks[0]["station"] == "bora-1"
        charter(stage, "bora-1", "resume")
        until(lambda: stage.words("alba-1") == {"bora-1": "ANSWERS"} or None, "the line did not come back")
        for name in ("alba-1", "bora-1"):
            assert not stage.lines(name)["closed"]
            charter(stage, name, "close", "--reason", "the talks have ended")
        for home in (alba, bora):
            assert "CLOSED by every party" in stage.run("lines", "--home", home)
        stage.send("alba-1", "T1", "--wait", "stored", text="a closed line still carries what is said")
