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
        ("rota = [5]", "at most 32 tables"),
        ("[[rota]]\ncall = 'deputy 1'\n" * 33, "at most 32 tables"),
        ("[[rota]]\nname = 'deputy 1'", "unknown key 'name'"),
        ("[[rota]]\nafter_minutes = 5", "number of your party"),
        ("[[rota]]\ncall = ''", "a role and number"),
        ('[[rota]]\ncall = "x\\u0007"', "a role and number"),
        ("[[rota]]\nafter_minutes = -5\ncall = 'deputy 1'", "from 1 to"),
    ],
)
def test_what_a_table_does_not_know_is_refused(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Misuse, match=named) as refused:
        read_settings(settings(tmp_path, text))
    assert refused.value.hint


WEEKDAYS = (
    '[[rota]]\nofficer = 4\nafter_minutes = 0\ndays = ["mon", "tue", "wed", "thu", "fri"]\nhours = "06:00-18:00"\n'
)
ALWAYS = "[[rota]]\nofficer = 2\nafter_minutes = 5\n"


def test_the_rota_says_who_is_called_when_and_after_how_long(tmp_path: Path) -> None:
    first, second = read_settings(settings(tmp_path, ALWAYS + WEEKDAYS)).local.rota.steps
    assert (first.officer, first.after_s, first.duty.words()) == (4, 0, "mon tue wed thu fri 06:00-18:00 UTC")
    assert (second.officer, second.after_s, second.duty.words()) == (2, 300, "every day, all day")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rota = 5", "must be a list"),
        ("rota = [5]", "at most 32 tables"),
        (ALWAYS + "name = 'x'", "unknown key 'name'"),
        ("[[rota]]\nofficer = 0\nafter_minutes = 5", "number of your party's roster"),
        ("[[rota]]\nofficer = 2\nafter_minutes = -1", "after_minutes must be"),
        ("[[rota]]\ncall = ''", "a role and number"),
        (ALWAYS + "days = []", "list of days"),
        (ALWAYS + 'days = ["monday"]', "list of days"),
        (ALWAYS + "hours = 5", "hours of the day"),
        (ALWAYS + 'hours = "06:00-06:00"', "hours of the day"),
        (ALWAYS + 'hours = "06:00-24:30"', "hours of the day"),
        (WEEKDAYS, "nobody on mon 00:00 UTC"),
        (ALWAYS + 'hours = "00:00-23:00"', "nobody on mon 23:00 UTC"),
        (ALWAYS + 'days = ["mon", "tue", "wed", "thu", "fri", "sun"]', "nobody on sat 00:00 UTC"),
    ],
)
def test_a_rota_that_is_not_whole_is_refused(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Misuse, match=named) as refused:
        read_settings(settings(tmp_path, text))
    assert refused.value.hint


def test_two_shifts_over_midnight_cover_the_week(tmp_path: Path) -> None:
    shifts = ALWAYS + 'hours = "06:00-18:00"\n' + ALWAYS + 'hours = "18:00-06:00"\n'
    day, night = read_settings(settings(tmp_path, shifts)).local.rota.steps
    monday = 4 * 86_400
    assert (day.duty.covers(monday + 7 * 3600), day.duty.covers(monday + 5 * 3600)) == (True, False)
    assert (night.duty.covers(monday + 23 * 3600), night.duty.covers(monday + 5 * 3600)) == (True, True)
