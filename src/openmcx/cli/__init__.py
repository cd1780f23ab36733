"""The command ``mcx``.

Making keys, issuing, verifying and inspecting need neither database nor settings, and start no web framework. What
runs a node is loaded when one of its commands is called.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

_CORE = {
    "inspect": "openmcx.cli.inspect:inspect",
    "issue": "openmcx.cli.issue:issue",
    "keys": "openmcx.cli.keys:keys",
    "verify": "openmcx.cli.verify:verify",
}
_NODE = "openmcx.config.commands"


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*_CORE, *sorted(import_module(_NODE).NAMES)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _CORE:
            module, _, name = _CORE[cmd_name].partition(":")
            command: Any = getattr(import_module(module), name)
        else:
            command = import_module(_NODE).node.get_command(ctx, cmd_name)
        return command if isinstance(command, click.Command) else None


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="openmcx", prog_name="mcx")
def main() -> None:
    """Issue and verify micro-credentials, and run a node of an exchange network."""
