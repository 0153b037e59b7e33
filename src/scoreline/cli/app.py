"""The commands, and what happens to everything that can go wrong in them."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from scoreline.cli.channels import channels
from scoreline.cli.check import check
from scoreline.cli.diff import diff
from scoreline.cli.output import complain
from scoreline.cli.records import explain, init
from scoreline.cli.score import demo, score
from scoreline.errors import ScorelineError

app = typer.Typer(
    name="scoreline",
    help="Customer scoring you can explain: every score is a table of points.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (demo, init, score, explain, check, diff, channels):
    app.command(epilog=getattr(command, "example", None))(command)


@app.callback(invoke_without_command=True)
def options(
    version: bool = typer.Option(False, "--version", help="Show the version and stop."),
) -> None:
    """Customer scoring you can explain: every score is a table of points."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"scoreline {installed('scoreline')}")
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """The exit code of a command line: 0 done, 1 rejected rows or findings, 2 wrong use."""
    try:
        found = get_command(app).main(list(arguments), "scoreline", standalone_mode=False)
        return found if isinstance(found, int) else 0
    except TyperException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "scoreline"
        complain(error.format_message(), f"`{path} --help` shows how it is used.")
        return 2
    except (typer.Abort, KeyboardInterrupt):
        complain("Stopped; files that were not finished are not there.")
        return 130
    except BrokenPipeError:
        # The reader of our output left (`| head`); leave quietly, as other tools do.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - closed by the end of the process
        return 0
    except ScorelineError as error:
        complain(error.message, error.hint)
        return 2
    except MemoryError:
        complain("There is not enough memory for this.", "Try fewer columns, or a larger machine.")
        return 2
    except Exception as error:
        if os.environ.get("SCORELINE_DEBUG"):
            traceback.print_exc()
        # The text of an unforeseen error may hold customers' data: only its kind is shown.
        complain(
            f"This is a fault of Scoreline, not yours ({type(error).__name__}).",
            "Run it again with SCORELINE_DEBUG=1 and send us the lines that end the message.",
        )
        return 70
