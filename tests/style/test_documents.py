"""Documents are executed: what they name exists, and what a reader must be told is told on the first screen."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from tests.style.tree import ROOT, name_of, project_files

PAGES = [path for path in project_files() if path.suffix == ".md"]
KINDS = ROOT / "src/openline/catalogue/data/kinds"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
TERM = re.compile(r"\*\*([^*]+)\*\*")
SCREEN_LINES = 40  # what a reader sees before scrolling

STATUSES = ("stored", "presented", "acknowledged", "passed on", "answered")
ANSWERS = ("UNKNOWN", "WITHHELD", "CANNOT SAY", "NO INFORMATION", "NOT STATED", "TAKEN TO LEADERSHIP")
SILENCES = ("no path", "no answer", "unattended", "withholding", "refusing", "suspended")
PRECEDENCES = ("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE")
MARKINGS = ("ACTUAL", "EXERCISE", "TEST")


def shell_lines(page: Path) -> list[str]:
    """The commands a page tells its reader to type."""
    blocks = FENCE.findall(page.read_text(encoding="utf-8"))
    return [line for block in blocks for line in block.splitlines() if line and not line.startswith("#")]


def glossary_terms() -> list[str]:
    """The words defined in the first column of the glossary's tables, in order."""
    rows = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    first_cells = (row.split("|")[1] for row in rows if row.startswith("| **"))
    return [word.strip() for cell in first_cells for term in TERM.findall(cell) for word in term.split(",")]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8"))]
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_a_page_tells_to_type_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = {shlex.split(line, comments=True)[1] for line in shell_lines(page) if line.startswith("make ")}
    assert asked <= targets


def test_the_first_screen_says_what_it_is_for_whom_what_not_and_the_two_commands() -> None:
    screen = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:SCREEN_LINES])
    for needed in (
        "crisis line",
        "It is for",
        "does not protect against",
        "No outside review",
        "make demo",
        "make test",
    ):
        assert needed in screen


@pytest.mark.parametrize("word", [*STATUSES, *ANSWERS, *SILENCES, *PRECEDENCES, *MARKINGS])
def test_each_word_an_officer_must_not_mistake_has_one_line_in_the_glossary(word: str) -> None:
    assert glossary_terms().count(word) == 1


def test_each_reply_of_the_catalogue_has_one_line_in_the_glossary() -> None:
    """Officers read replies to each other; none may reach the screen without its meaning written down."""
    kinds = [tomllib.loads(path.read_text(encoding="utf-8")) for path in KINDS.glob("*.toml")]
    replies = {str(kind["code"]).replace("-", " ") for kind in kinds if kind["group"] == "reply"}
    assert len(replies) > 10
    assert replies - {term.upper() for term in glossary_terms()} == set()


def test_no_word_has_two_meanings() -> None:
    terms = glossary_terms()
    assert sorted(terms) == sorted(set(terms))


def test_decisions_are_numbered_indexed_and_name_what_was_rejected() -> None:
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    pages = [path for path in PAGES if re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)]
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        assert f"| [{page.name[:4]}]({page.name}) |" in index
        assert title.startswith(page.name[:4])
        assert "\nStatus: " in text
        for heading in ("## The question", "## Options", "## Decision", "## Costs"):
            assert heading in text, f"{page.name} lacks {heading}"
        assert "ejected" in text, f"{page.name} names no rejected option"


def test_the_locks_pin_every_package_by_hash_and_name_no_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pins = [line for line in lines if re.match(r"[a-z0-9]", line)]
        assert len(pins) > 20
        assert all(re.fullmatch(r"[a-z0-9.-]+==[^ ]+( ; [^\\]+)? \\", line) for line in pins)
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines if line not in pins)


def pins(name: str) -> set[str]:
    """The packages a lock pins, as name==version."""
    return set(re.findall(r"^([a-z0-9.-]+==[^ ;\\]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


def test_the_lock_of_the_demo_holds_the_build_back_end_and_the_other_lock_holds_it_all() -> None:
    """Else `pip install -e .` would fetch a back end unpinned, or fail on a machine without a network."""
    runtime, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {"hatchling", "editables"} <= {pin.partition("==")[0] for pin in runtime}
    assert runtime <= development


def test_every_dependency_is_locked() -> None:
    """Who adds one to pyproject.toml and forgets `make lock` finds out here and not on a bare machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": [item for item in project["dependency-groups"]["dev"] if isinstance(item, str)],
    }
    for lock, requirements in wanted.items():
        names = {re.split(r"[^A-Za-z0-9._-]", item)[0].lower().replace(".", "-") for item in requirements}
        assert names - {pin.partition("==")[0] for pin in pins(lock)} == set()
