"""The verb that looks whether all is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from bot.cli.verbs import COMPLETE, NOTHING, Json, verb, words
from bot.console import print_json

if TYPE_CHECKING:
    from bot.doctor import Finding

MARKS = {"fine": ("✓", "green"), "doubtful": ("!", "yellow"), "wrong": ("✗", "red")}


@verb
def doctor(json_: Json = False) -> None:
    from bot.doctor import State, examine

    findings: list[Finding] = []
    for finding in examine():
        findings.append(finding)
        if not json_:
            tell(finding)
    if json_:
        print_json({"findings": [as_json(finding) for finding in findings]})
    else:
        typer.echo("\n" + words(f"doctor.{worst(findings)}"))
    raise typer.Exit(NOTHING if any(finding.state is State.WRONG for finding in findings) else COMPLETE)


def tell(finding: Finding) -> None:
    """A line with what was found, and below it what to do about it."""
    mark, colour = MARKS[finding.state]
    typer.echo(f"{typer.style(mark, fg=colour)} {said(finding)}")
    if finding.state != "fine":
        typer.echo(f"  → {remedy(finding)}")


def said(finding: Finding) -> str:
    return words.error(finding.error) if finding.error else words(finding.key, **finding.values)


def remedy(finding: Finding) -> str:
    return words(f"{finding.key}.do", **finding.values)


def as_json(finding: Finding) -> dict[str, str]:
    told = {"check": finding.check, "state": finding.state.value, "told": said(finding)}
    return told if finding.state == "fine" else {**told, "remedy": remedy(finding)}


def worst(findings: list[Finding]) -> str:
    states = {finding.state.value for finding in findings}
    return next(state for state in ("wrong", "doubtful", "fine") if state in states)
