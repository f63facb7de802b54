"""`openline station seal`: the page key of a store goes under a passphrase, under another one, or is laid open."""

from __future__ import annotations

from pathlib import Path

import click

from openline.cli.answers import as_json, tell
from openline.cli.ceremony import FILE, passphrase
from openline.cli.station_call import chosen_home, home_option, passphrase_option, read_passphrase
from openline.errors import Misuse


@click.command("seal")
@home_option
@passphrase_option
@click.option("--new-passphrase-file", type=FILE, help="Take the new passphrase from a file's first line.")
@click.option("--open", "laid_open", is_flag=True, help="Lay the key open: the station starts by itself.")
@as_json
def station_seal(
    home: Path | None, passphrase_file: Path | None, new_passphrase_file: Path | None, *, laid_open: bool, as_json: bool
) -> None:
    """Put the page key of a station's store under a passphrase, which is then asked for at each start.

    Whoever takes the disk has nothing then; but no station starts by itself after a power cut. Nobody can recover a
    lost passphrase: the station is then made anew, and the others give it back what was said. A daemon that runs goes
    on. Who has copied the open key before still has it.

    \b
      openline station seal --home alba-1
      openline station seal --home alba-1 --open
    """
    from openline.runtime.homes import read_settings, seal_page_key

    if laid_open and new_passphrase_file is not None:
        raise Misuse("a key that lies open has no passphrase", hint="Give --open or --new-passphrase-file, not both.")
    place = chosen_home(home)
    read_settings(place)
    old = read_passphrase(passphrase_file, place / "page.key")
    seal_page_key(place, old, None if laid_open else passphrase(new_passphrase_file, new=True))
    words = (
        "the page key lies open beside the store"
        if laid_open
        else "the page key is under the passphrase, which the next start needs"
    )
    tell({"home": str(place), "sealed": not laid_open}, json_wanted=as_json, words=words)
