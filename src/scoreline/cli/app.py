"""The commands, and what happens to everything that can go wrong in them."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from scoreline.cli.changes import changes
from scoreline.cli.channels import channels
from scoreline.cli.check import check
from scoreline.cli.diff import diff
from scoreline.cli.duplicates import duplicates
from scoreline.cli.evidence import evidence
from scoreline.cli.export import export
from scoreline.cli.fill import fill
from scoreline.cli.importing import import_
from scoreline.cli.learn import learn
from scoreline.cli.moves import moves
from scoreline.cli.output import complain
from scoreline.cli.quality import quality
from scoreline.cli.records import explain, init
from scoreline.cli.score import demo, score
from scoreline.cli.versions import publish, rescore, rollback, versions, work
from scoreline.cli.workspace import event, history, merge, register, unmerge, worklist
from scoreline.errors import ScorelineError

app = typer.Typer(
    name="scoreline",
    help="Customer scoring you can explain: every score is a table of points.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
COMMANDS = (
    *(
        demo,
        init,
        score,
        explain,
        check,
        diff,
        quality,
        duplicates,
        changes,
        learn,
        evidence,
        channels,
        fill,
        export,
    ),
    *(import_, register, event, publish, rollback, versions),
    *(rescore, history, moves, worklist, merge, unmerge, work),
)
for command in COMMANDS:
    name = command.__name__.rstrip("_")
    app.command(name, epilog=getattr(command, "example", None))(command)


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
        return _invoke(arguments)
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
        _drop_stdout()
        return 0
    except ScorelineError as error:
        complain(error.message, error.hint)
        return 2
    except MemoryError:
        complain("There is not enough memory for this.", "Try fewer columns, or a larger machine.")
        return 2
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            _drop_stdout()
            complain(f"The output can't be written: {FULL[error.errno]}.", "Free some space.")
            return 2
        if os.environ.get("SCORELINE_DEBUG"):
            traceback.print_exc()
        # The text of an unforeseen error may hold customers' data: only its kind is shown.
        complain(
            f"This is a fault of Scoreline, not yours ({type(error).__name__}).",
            "Run it again with SCORELINE_DEBUG=1 and send us the lines that end the message.",
        )
        return 70


FULL = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is too large for the disk",
}


def _invoke(arguments: Sequence[str]) -> int:
    """Run a command; the command's own `main` would make an exit code of a broken pipe."""
    command = get_command(app)
    try:
        with command.make_context("scoreline", list(arguments)) as context:
            command.invoke(context)
    except typer.Exit as done:
        sys.stdout.flush()
        return done.exit_code
    sys.stdout.flush()
    return 0


def _drop_stdout() -> None:
    """Send what is still to be printed nowhere, so that leaving doesn't fail a second time."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - closed by the end of the process
