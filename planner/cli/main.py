"""`planner`: its verbs, each loaded only when asked for, and the one place where errors become words."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from planner.cli import say
from planner.cli.session import Session
from planner.domain.mistake import Mistake

SECTIONS = {
    "Start": {
        "init": "init:init",
        "demo": "demo:demo",
        "config": "config:config",
        "doctor": "doctor:doctor",
        "serve": "serve:serve",
    },
    "Ideas": {
        "add": "add:add",
        "import": "importing:import_file",
        "list": "list:list_ideas",
        "show": "show:show",
        "edit": "edit:edit",
        "estimate": "edit:estimate",
        "start": "timer:start",
        "stop": "timer:stop",
        "spent": "timer:spent",
        "park": "place:park",
        "restore": "place:restore",
        "drop": "place:drop",
        "keep": "place:keep",
    },
    "Runs": {
        "next": "next:next_idea",
        "dispatch": "dispatch:dispatch",
        "status": "status:status",
        "runs": "runs:runs",
        "logs": "logs:logs",
        "stop-run": "queue:stop_run",
        "requeue": "queue:requeue",
        "replay": "replay:replay",
        "lr": "lr:lr",
        "sweep": "sweep:sweep",
        "gpu": "gpu:gpu",
    },
    "Outcomes": {
        "adopt": "adopt:adopt",
        "overrule": "correct:overrule",
        "decline": "correct:decline",
        "give-up": "correct:give_up",
        "strike": "correct:strike",
    },
    "Look back": {
        "review": "review:review",
        "calibration": "calibration:calibration",
        "export": "export:export",
        "undo": "history:undo",
        "redo": "history:redo",
    },
}
"""The verbs as `planner --help` shows them, each with its module and function in this package."""

VERBS = {verb: place for section in SECTIONS.values() for verb, place in section.items()}
"""The place of every verb."""

HELP = """Which experiment to try next, why, and what came of it.

Without a verb the planner opens on the whole terminal. Every verb takes --json: then stdout is one
JSON document and stderr tells the rest. `planner VERB --help` explains a verb with an example.

\b
Exit status: 0 done · 1 failed · 2 misuse · 3 nothing to do · 4 the store needs attention
"""


class Verbs(click.Group):
    """The verbs, of which only the one asked for is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click passes it
        """Every verb, in the order of the help."""
        return list(VERBS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  # click passes it
        cmd_name: str,
    ) -> click.Command | None:
        """The verb of that name; None when there is none."""
        if cmd_name not in VERBS:
            return None
        module, function = VERBS[cmd_name].split(":")
        command = getattr(import_module(f"planner.cli.{module}"), function)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb the arguments begin with; a Mistake that names the nearest one."""
        if args[0] not in VERBS and not args[0].startswith("-"):
            raise Mistake(f"no verb {args[0]!r}{_nearest(args[0])}; `planner --help` lists them")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs by section, each with its first sentence."""
        for section, verbs in SECTIONS.items():
            rows = [(verb, self.get_command(ctx, verb)) for verb in verbs]
            with formatter.section(section):
                formatter.write_dl(
                    [(verb, command.get_short_help_str(limit=90)) for verb, command in rows if command]
                )


def _nearest(word: str) -> str:
    from difflib import get_close_matches

    found = get_close_matches(word, VERBS, n=1)
    return f": did you mean `{found[0]}`?" if found else ""


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say.line(f"planner {version('experiment-planner')}")
        ctx.exit()


@click.group(
    cls=Verbs,
    options_metavar="[-C FOLDER]",
    subcommand_metavar="[VERB] ...",
    invoke_without_command=True,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("-C", "folder", metavar="FOLDER", help="Act as if started in FOLDER.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print it."
)
@click.pass_context
def planner(ctx: click.Context, folder: str | None) -> int | None:
    """Open the planner, or hand over to a verb."""
    ctx.obj = Session.at(folder)
    if ctx.invoked_subcommand is not None:
        return None
    from planner.cli.home import home

    return home(ctx.obj)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit status, and never raises."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if "_PLANNER_COMPLETE" in os.environ:
        planner.main(words, prog_name="planner")
    as_json = "--json" in words[: words.index("--")] if "--" in words else "--json" in words
    say.tolerate_odd_terminals()
    try:
        status = _run(words)
        say.flush()
        return status
    except BrokenPipeError:
        # Whoever read our output has seen enough: that is no failure.
        say.give_up_output()
        return 0
    except Mistake as mistake:
        say.error(str(mistake), as_json=as_json)
        return mistake.exit_code
    except click.UsageError as error:
        say.error(_usage(error), as_json=as_json)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        say.error("interrupted", as_json=as_json)
        return 130
    except OSError as error:
        say.give_up_output()
        say.error(_system(error), as_json=as_json)
        return 1
    except Exception as error:
        # A defect of ours: the person gets a sentence, the log gets what is needed to mend it.
        say.error(_defect(error, words), as_json=as_json)
        return 1


def _run(words: list[str]) -> int:
    try:
        with planner.make_context("planner", list(words)) as context:
            result = planner.invoke(context)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    return result if isinstance(result, int) else 0


def _usage(error: click.UsageError) -> str:
    """Click's complaint as one sentence of ours."""
    text = error.format_message().strip().rstrip(".").replace("\n", " ").replace(". ", "; ")
    verb = error.ctx.command_path if error.ctx else "planner"
    return f"{text[:1].lower()}{text[1:]}; `{verb} --help` shows how"


def _system(error: OSError) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    return f"{reason}: {error.filename}" if error.filename else reason


def _defect(error: Exception, words: list[str]) -> str:
    from planner.cli.defect import write_log

    log = write_log(error, _folder(words))
    return f"a defect of the planner's own ended this ({type(error).__name__}); the details are in {log}"


def _folder(words: list[str]) -> Path:
    place = words.index("-C") + 1 if "-C" in words else len(words)
    return Path(words[place]) if place < len(words) else Path()


if __name__ == "__main__":
    sys.exit(main())
