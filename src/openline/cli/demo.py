"""`openline demo`: two parties that do not trust each other, a mediator, two relays that can read nothing."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from openline.cli.answers import OutOfTime, as_json, tell
from openline.cli.blocks import STATUSES, Reader, block, width, wrap
from openline.cli.lab import start, stop
from openline.cli.presenting import present
from openline.control import request
from openline.errors import Unavailable

LIMIT_S = 60.0
LOOK_S = 0.05

AREA = {"corners": ["39.50N 131.50E", "39.50N 133.50E", "38.00N 133.50E", "38.00N 131.50E"]}
PERIOD = "2026-12-09T12:00Z/2026-12-10T12:00Z"


class Demo:
    """One running demonstration: where its stations are, when it began, and what it says meanwhile."""

    def __init__(self, homes: Mapping[str, Path], say: Callable[[str], None]) -> None:
        self.homes = homes
        self.began = time.monotonic()
        self.say = say

    def at(self, words: str) -> None:
        """Say what happens, with the seconds since the start; every row says that it is an exercise."""
        prefix = f"EXERCISE {time.monotonic() - self.began:6.2f} s  "
        self.say("\n".join(wrap(prefix, words, width())))

    def ask(self, who: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Ask one station; wait for it to be up."""
        while True:
            try:
                return request(self.homes[who] / "control.sock", asked)
            except Unavailable:
                self._check_time("a station did not start")
                time.sleep(LOOK_S)

    def look(self, who: str) -> None:
        """Let an officer of one station look at the inbox."""
        present(lambda asked: self.ask(who, asked), self.ask(who, {"do": "inbox"}))

    def send(self, who: str, kind: str, officer: int = 1, **request_parts: Any) -> str:
        """Say something at one station; return its id."""
        prepared = self.ask(
            who, {"do": "prepare", "kind": kind, "officer": officer, "status": "EXERCISE", **request_parts}
        )
        submitted = {"do": "submit", "line": prepared["line"], "statement": prepared["statement"], "approvals": []}
        return str(self.ask(who, submitted)["id"])

    def until(self, who: str, identity: str, status: str) -> dict[str, Any]:
        """Wait until every addressee of a message has a status; return the message as its sender shows it."""
        while True:
            message = self.ask(who, {"do": "show", "id": identity})
            if status in message["complete"]:
                self.at(
                    f"  {status.replace('_', ' ')}: " + ", ".join(mark["station"] for mark in message["status"][status])
                )
                return message
            self._check_time(f"not {status} in time")
            time.sleep(LOOK_S)

    def _check_time(self, words: str) -> None:
        if time.monotonic() - self.began > LIMIT_S:
            raise OutOfTime(f"{words}: {LIMIT_S:g} seconds have passed", hint="Is this machine very busy? Try again.")


def play(demo: Demo) -> list[tuple[str, dict[str, Any]]]:
    """Play the exchange; return each message with the station that said it, every status reached."""
    demo.at("Cendra, the mediator, opens with a word to both")
    first = demo.send(
        "cendra", "T1", text="Exercise begins. This line is for safety messages; please answer what you receive."
    )
    opening = demo.until("cendra", first, "stored")
    demo.at("Alba announces live firing at sea, for Bora to act on")
    notice = demo.send("alba", "N6", fields={"hazard": "live_firing", "area": AREA, "period": PERIOD},
                       action=["bora"], precedence="FLASH", pass_to="air defence unit")  # fmt: skip
    demo.until("alba", notice, "stored")
    demo.look("bora")
    demo.look("cendra")
    demo.until("alba", notice, "presented")
    demo.at("An officer of Bora acknowledges, tells the unit, and reads area and period back")
    demo.send("bora", "ACKNOWLEDGED", officer=4, ref=notice)
    demo.until("alba", notice, "acknowledged")
    told = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    demo.send("bora", "PASSED-ON", officer=4, ref=notice,
              fields={"unit": "air defence unit", "means": "telephone", "time": told, "officer": 4})  # fmt: skip
    demo.until("alba", notice, "passed_on")
    demo.send(
        "bora",
        "UNDERSTOOD",
        officer=4,
        ref=notice,
        fields={"read_back": {"kind": "N6", "fields": {"area": AREA, "period": PERIOD}}},
    )
    answered = demo.until("alba", notice, "answered")
    time.sleep(1 - time.time() % 1)  # receipts have whole seconds: within one, what is shown and what is asked cross
    demo.at("Cendra asks Alba a question; Alba cannot say")
    question = demo.send("cendra", "Q1", action=["alba"],
                         fields={"statement": "The principal approved the offer of 12 December."})  # fmt: skip
    demo.until("cendra", question, "stored")
    demo.send("alba", "CANNOT-SAY", ref=question)
    asked = demo.until("cendra", question, "answered")
    return [("cendra", opening), ("alba", answered), ("cendra", asked)]


@click.command()
@click.option(
    "--headless", is_flag=True, help="Exit 0 only if every status was reached and verified again; show little."
)
@as_json
def demo(headless: bool, as_json: bool) -> None:
    """Show three stations and two relays on a live line: about ten seconds, in a folder that is removed afterwards.

    Everything is real but the distance: processes, keys, encrypted stores, TLS. Every block says EXERCISE.

    \b
      openline demo
      openline demo --headless --json
    """
    from openline.runtime.homes import open_store
    from openline.runtime.lab import create
    from openline.runtime.proofs import verify_message

    quiet = headless or as_json

    def say(words: str) -> None:
        click.echo(words, err=quiet)

    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="openline-demo-") as folder:
        made = create(Path(folder) / "lab", ["alba", "bora"], "cendra", 1, 2)
        homes = {party: Path(places[0]) for party, places in made["stations"].items()}
        processes = [start("relay", Path(home)) for home in made["relays"]]
        processes += [start("station", home) for home in homes.values()]
        running = Demo(homes, say)
        running.began = began
        try:
            running.at(f"line {made['line'][:16]}: Alba, Bora, the mediator Cendra; two relays that can read nothing")
            messages = play(running)
        finally:
            stop(processes)
        if not quiet:
            blocks = [block(message, Reader.of(message, "en"), width()) for _, message in messages]
            click.echo("\n" + "\n\n".join(blocks) + "\n")
        checked = 0
        for who, message in messages:
            store = open_store(homes[who])
            checked += verify_message(store, message)
            store.close()
        running.at(f"{checked} signatures behind these statuses verified again, from the stores alone")
    reached = sorted({name for _, message in messages for name in STATUSES if message["status"].get(name)})
    summary = {
        "line": made["line"],
        "exercise": "EXERCISE",
        "statuses": reached,
        "verified": checked,
        "seconds": round(time.monotonic() - began, 2),
        "messages": [message for _, message in messages],
    }
    if len(reached) != len(STATUSES):
        raise OutOfTime(f"not every status was reached: only {', '.join(reached)}")
    words = (
        f"every status reached and verified in {summary['seconds']} s\nnext, a network of your own: openline lab --help"
    )
    tell(summary, json_wanted=as_json, words=words)
