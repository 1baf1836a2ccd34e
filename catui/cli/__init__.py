"""The commands, one file a group. Heavy things are imported inside the commands, so that `--help` is quick.

Exit codes: 0 done, 1 failed, 2 wrong usage or config, 3 ended HALTED by risk, 4 a broken journal, tape or ledger.
"""

import sys

import typer

from catui.cli import (
    attach,
    config,
    console,
    doctor,
    exchange,
    kill,
    libraries,
    locate,
    new,
    record,
    run,
    serve,
    tape,
    verify,
)
from catui.errors import CatuiError

app = typer.Typer(
    help="A trading desk in a terminal: strategies as tested compositions, a day that replays to the byte.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("console")(console.console)
app.command("run")(run.run)
app.command("attach")(attach.attach)
app.command("serve")(serve.serve)
app.command("kill")(kill.kill)
app.command("exchange")(exchange.exchange)
app.command("record")(record.record)
app.command("doctor")(doctor.doctor)
app.command("locate")(locate.locate)
app.command("strategies")(libraries.strategies)
app.command("features")(libraries.features)
app.command("verify")(verify.verify)
app.add_typer(new.app, name="new")
app.add_typer(tape.app, name="tape")
app.add_typer(config.app, name="config")


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Without a command: the console, on the embedded exchange, with paper money."""
    if context.invoked_subcommand is None:
        console.console()


def main() -> None:
    """Run a command; whatever is foreseen to go wrong is one clear line and an exit code."""
    try:
        app()
    except CatuiError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(1)
