"""The commands that run a node; ``mcx`` imports this module only when one of them is called."""

from __future__ import annotations

import os
import sys

import click

from openmcx.config import env as environment


def _django() -> None:
    """Start Django, or stop with the list of what is wrong with the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmcx.config.settings")
    import django  # noqa: PLC0415  (only commands of the node pay for it)

    try:
        django.setup()
    except environment.SettingsError as error:
        raise click.ClickException(str(error)) from None


@click.group()
def node() -> None:
    """Run a node."""


@node.command(context_settings={"ignore_unknown_options": True, "help_option_names": []}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Pass a command on to Django, for instance `mcx manage shell`."""
    _django()
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["mcx manage", *arguments])


if __name__ == "__main__":
    sys.exit(node())
