"""The command ``mcx``.

Making keys, issuing, verifying and inspecting need neither database nor settings, and start no web framework. What
runs a node is loaded when one of its commands is called.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from openmcx.kernel import terminal

_CORE = {
    "inspect": "openmcx.cli.inspect:inspect",
    "issue": "openmcx.cli.issue:issue",
    "jose": "openmcx.cli.jose:jose_group",
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

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        given = list(sys.argv[1:] if args is None else args)
        options = given[: given.index("--")] if "--" in given else given
        if not standalone_mode or "--json" not in options:
            return super().main(args, prog_name, complete_var, standalone_mode, **extra)
        # Whoever asked for JSON gets it for a wrong option, too: what reads the answer is a program.
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            click.echo(terminal.as_json({"error": error.format_message()}))
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo(terminal.as_json({"error": "Stopped before the end."}))
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="openmcx", prog_name="mcx")
def main() -> None:
    """Issue and verify micro-credentials, and run a node of an exchange network."""
