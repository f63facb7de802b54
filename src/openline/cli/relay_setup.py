"""`openline relay create` and `admit`: what an operator does before a relay runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from openline.cli.answers import as_json, tell
from openline.errors import Misuse

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("create")
@click.option("--home", type=FOLDER, required=True, help="New folder of the relay.")
@click.option("--host", required=True, help="Address of this machine to listen on, such as 192.0.2.7.")
@click.option("--port", default=443, show_default=True, type=click.IntRange(1, 65_535), help="Port to listen on.")
@as_json
def relay_create(home: Path, host: str, port: int, *, as_json: bool) -> None:
    """Make a relay's folder and key. Its pin goes into the roster of every party that fetches here.

    \b
      openline relay create --home relay --host 192.0.2.7 --port 8443
    """
    from openline.relay import create_relay_home, relay_settings
    from openline.runtime.files import write_new

    settings = relay_settings(host, port)
    pin = create_relay_home(home)
    write_new(home / "relay.toml", settings)
    text = f"pin: {pin.hex()}\nGive it to the parties, with the address at which they reach this relay."
    tell({"home": str(home), "pin": pin.hex(), "host": host, "port": port}, json_wanted=as_json, words=text)


@click.command("admit")
@click.option("--home", type=FOLDER, required=True, help="Folder of the relay.")
@click.argument("post_keys", nargs=-1, required=True)
@as_json
def relay_admit(home: Path, post_keys: Sequence[str], *, as_json: bool) -> None:
    """Admit a line: the post keys of all its stations, as `openline roster post-keys` lists them.

    A relay that runs reads the list again on SIGHUP.

    \b
      openline relay admit --home relay 5f16… 83aa… c09d…
    """
    from openline.relay import admit_line

    try:
        keys = [bytes.fromhex(key) for key in post_keys]
    except ValueError as error:
        raise Misuse("a post key is 64 hexadecimal digits", hint="See: openline roster post-keys") from error
    admit_line(home, keys)
    tell({"admitted": len(keys)}, json_wanted=as_json, words=f"Admitted: a line of {len(keys)} stations.")
