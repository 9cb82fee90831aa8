# SPDX-License-Identifier: MIT
"""The commands for the zoo: networks of others, which the user fetches."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from ..models.table import Network
from ..models.zoo import Zoo
from .flags import Command
from .terminal import bytes_bar, in_columns

app = typer.Typer(
    help="Fetch networks of others, for options that take a model.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A name that models list shows.")]


@app.callback()
def _common(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


@app.command("list", cls=Command)
def list_command(
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON, with addresses and digests.")
    ] = False,
) -> None:
    """Show the networks that there are, and which of them are fetched."""
    zoo = Zoo()
    if as_json:
        rows = [_described(network, zoo) for network in zoo.networks]
        typer.echo(json.dumps(rows, indent=2))
        return
    table = [("NAME", "KIND", "SIZE", "LICENCE", "FETCHED", "WHAT IT DOES")]
    typer.echo(in_columns([*table, *(_row(network, zoo) for network in zoo.networks)]), nl=False)


@app.command("get", cls=Command)
def get_command(name: Name) -> None:
    """Fetch a network, unless it is here, and print the path of its file."""
    with bytes_bar(name) as progress:
        path = Zoo().get(name, progress)
    typer.echo(path)


@app.command("remove", cls=Command)
def remove_command(name: Name) -> None:
    """Remove a network that was fetched."""
    Zoo().remove(name)


@app.command("path", cls=Command)
def path_command(name: Name) -> None:
    """Print the path of a network that was fetched, for ffmpeg and other programs."""
    typer.echo(Zoo().path(name))


def _row(network: Network, zoo: Zoo) -> tuple[str, ...]:
    size = f"{network.size / 2**20:.1f} MiB" if network.size else ""
    fetched = "yes" if zoo.fetched(network) else "no"
    about = f"{network.about} ({network.refusal})" if network.refusal else network.about
    state = "-" if network.refusal else fetched
    return network.name, network.kind, size, network.licence, state, about


def _described(network: Network, zoo: Zoo) -> dict[str, Any]:
    path = zoo.fetched(network)
    return {
        "name": network.name,
        "kind": network.kind,
        "about": network.about,
        "licence": network.licence,
        "bytes": network.size or None,
        "address": network.address or None,
        "sha256": network.sha256 or None,
        "trained_on": network.trained_on or None,
        "fetched": path is not None,
        "path": None if path is None else str(path),
        "refusal": network.refusal or None,
    }
