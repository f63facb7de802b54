"""The page of commands is what `--help` prints."""

from openline.cli import main
from tools.command_pages import PAGE, commands, page


def test_the_page_of_commands_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tools.command_pages"


def test_every_command_has_its_section() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"# openline {' '.join(path)}\n" in text for path, _ in commands(main))
