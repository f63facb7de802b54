"""What station.toml says of one watch: what is not known is refused, with what would be."""

from pathlib import Path

import pytest

from openline.dialogue import Rota, Step
from openline.errors import Misuse
from openline.runtime.homes import read_settings
from openline.wire.statement import Precedence


def settings(folder: Path, text: str) -> Path:
    (folder / "station.toml").write_text(f'name = "here"\nlanguage = "en"\n{text}', encoding="utf-8")
    return folder


def test_a_station_without_tables_goes_by_the_charter(tmp_path: Path) -> None:
    local = read_settings(settings(tmp_path, "")).local
    assert (dict(local.translation.sight_s), local.translation.none_from) == ({}, frozenset())


def test_the_times_of_translations_are_minutes_by_precedence(tmp_path: Path) -> None:
    text = '[translation]\nnone_from = ["bora"]\nsight_minutes = {FLASH = 5}\nofficial_minutes = {ROUTINE = 60}\n'
    translation = read_settings(settings(tmp_path, text)).local.translation
    assert translation.sight_s == {Precedence.FLASH: 300}
    assert translation.official_s == {Precedence.ROUTINE: 3600}
    assert translation.none_from == {"bora"}


def test_deputies_are_called_in_the_order_of_their_minutes(tmp_path: Path) -> None:
    text = "[[rota]]\nafter_minutes = 15\ncall = 'head of the watch'\n[[rota]]\ncall = 'deputy officer 4'\n"
    rota = read_settings(settings(tmp_path, text)).local.rota
    assert rota == Rota((Step(0, "deputy officer 4"), Step(900, "head of the watch")))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("translation = 5", "must be a dict"),
        ("[translation]\nnone = 5", "unknown key 'none'"),
        ("[translation]\nnone_from = 'bora'", "list of parties"),
        ("[translation]\nnone_from = [5]", "list of parties"),
        ("[translation]\nsight_minutes = 5", "table of precedences"),
        ("[translation]\nsight_minutes = {URGENT = 5}", "unknown key 'URGENT'"),
        ("[translation]\nsight_minutes = {FLASH = 0}", "from 1 to"),
        ("[translation]\nsight_minutes = {FLASH = true}", "from 1 to"),
        ("[translation]\nofficial_minutes = {FLASH = 99999}", "from 1 to"),
        ("rota = [5]", "up to 8 tables"),
        ("[[rota]]\ncall = 'deputy 1'\n" * 9, "up to 8 tables"),
        ("[[rota]]\nname = 'deputy 1'", "unknown key 'name'"),
        ("[[rota]]\nafter_minutes = 5", "a role and number"),
        ("[[rota]]\ncall = ''", "a role and number"),
        ('[[rota]]\ncall = "x\\u0007"', "a role and number"),
        ("[[rota]]\nafter_minutes = -5\ncall = 'deputy 1'", "from 1 to"),
    ],
)
def test_what_a_table_does_not_know_is_refused(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Misuse, match=named) as refused:
        read_settings(settings(tmp_path, text))
    assert refused.value.hint
