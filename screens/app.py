"""The face of the planner: screens over one frozen view, and every verb done beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

from planner.clock import Now, utc_now
from planner.domain.mistake import Mistake, NothingToDo
from screens.backlog import BacklogScreen
from screens.engine import Engine
from screens.foresight import after_a_breath, nudged
from screens.garbage import leave
from screens.guarded import guarded
from screens.live_keys import live_keys
from screens.looking import LookingApp
from screens.palette import PaletteApp
from screens.terminal import Terminal, end_on_signals, let_go_of_output
from screens.text import brief
from screens.type_ahead import TypeAheadApp

if TYPE_CHECKING:
    from screens.review import ReviewScreen
    from screens.runs import RunsScreen

Result = TypeVar("Result")
QUIT = "Close the planner; what runs goes on"
ALL = "Find every action that works here by its name"


def runs_screen() -> RunsScreen:
    """The Runs screen, loaded when first asked for."""
    from screens.runs import RunsScreen

    return RunsScreen()


def review_screen() -> ReviewScreen:
    """The Review screen, loaded when first asked for."""
    from screens.review import ReviewScreen

    return ReviewScreen()


class PlannerApp(PaletteApp, LookingApp, TypeAheadApp):
    """The planner in the terminal; closing it stops nothing."""

    TITLE = "planner"
    # The home screen's rules stand here: a screen that brings its own makes Textual parse all anew.
    CSS_PATH = ["app.tcss", "backlog.tcss"]
    MODES = {"backlog": BacklogScreen, "runs": runs_screen, "review": review_screen}
    DEFAULT_MODE = "backlog"
    BINDINGS = [
        Binding("u", "undo", "undo"),
        Binding("ctrl+r", "redo", "redo", show=False),
        Binding("b", "go('backlog')", "backlog", show=False, tooltip="The ideas, best first, and why"),
        Binding("r", "go('runs')", "runs", show=False, tooltip="What trains, what waits and why, what ended"),
        Binding("v", "go('review')", "review", show=False, tooltip="The week in four steps"),
        Binding("q", "quit", "quit", tooltip=QUIT),
        Binding("ctrl+q", "quit", "quit", show=False, priority=True, tooltip=QUIT),
        Binding(
            "ctrl+z", "suspend_process", "to the shell", show=False, tooltip="Suspend it; fg brings it back"
        ),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("z", "hush", "hide the note", show=False),
        Binding("C", "calibrate", "calibrate anew", show=False),
        Binding("I", "import", "import a file", show=False),
        Binding("colon", "command_palette", "Palette", show=False, tooltip=ALL),
        Binding("ctrl+p", "command_palette", "all", key_display="^p", tooltip=ALL),
    ]

    def __init__(self, engine: Engine, now: Now = utc_now) -> None:
        super().__init__(engine, now)
        self.draft = ""
        """What was typed as an idea and is not yet captured."""
        self._verbs = ThreadPoolExecutor(max_workers=1, thread_name_prefix="verb")

    def on_mount(self) -> None:
        """End properly when asked to."""
        if not self.is_headless:
            end_on_signals(self)

    def get_driver_class(self) -> type[Driver]:
        """On a real terminal, the driver that survives its end."""
        usual = super().get_driver_class()
        return Terminal if usual is LinuxDriver else usual

    def _handle_exception(self, error: Exception) -> None:
        """Fail over an error, unless the app is ending: a screen may be taken down while it is put up."""
        if self.return_code is None:
            super()._handle_exception(error)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action that works right now, for the palette."""
        for node, binding, key, told in live_keys(screen):
            does = partial(self.run_action, binding.action, node)
            yield SystemCommand(binding.description.capitalize(), f"{key}   {told}", does)
        yield SystemCommand("Theme", "dark, light and others", self.action_change_theme)

    # -- doing ----------------------------------------------------------------------------------

    async def perform(self, verb: Callable[[], Result]) -> Result:
        """Do a verb of the engine in its thread, after those before it; raises its Mistake."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._verbs, verb)
        finally:
            self.look()

    @work(group="verbs")
    async def tell(self, verb: Callable[[], object]) -> None:
        """Do a verb and say what came of it: its sentence, or why it would not."""
        try:
            said = await self.perform(verb)
        except NothingToDo as nothing:
            self.say(str(nothing))
        except Mistake as mistake:
            self.complain(mistake)
        else:
            if isinstance(said, str) and said:
                self.say(said)

    def nudge(self, idea_id: int, criterion: str, step: int) -> None:
        """Move a criterion of one's own estimate: drawn at once, written behind it."""
        assert self.view is not None
        try:
            self.ahead(nudged(self.view, idea_id, criterion, step, who=self.engine.who, at=self.now()))
        except Mistake as mistake:
            self.complain(mistake)
        else:
            verb = partial(self.engine.nudge, idea_id, criterion, step)
            self.call_after_refresh(self._write, partial(after_a_breath, verb))

    @work(group="verbs")
    async def _write(self, verb: Callable[[], object]) -> None:
        """Write what is already drawn; when that fails say so, and the next look takes it back."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._verbs, verb)
        except Mistake as mistake:
            self.complain(mistake)
        finally:
            self.written()

    def open_run(self, run_id: str) -> None:
        """Open one run on top of where one is."""
        from screens.run import RunScreen

        self.push_screen(RunScreen(run_id))

    def open_sweep(self, idea_id: int) -> None:
        """Open the sweep of an idea on top of where one is."""
        from screens.sweep import SweepScreen

        self.push_screen(SweepScreen(idea_id))

    def say(self, sentence: str) -> None:
        """Show a sentence for a few seconds."""
        self.notify(brief(sentence, keep="\n"), markup=False)

    def complain(self, mistake: Mistake) -> None:
        """Show why something would not do."""
        self.notify(
            brief(str(mistake), keep="\n"),
            severity="warning",
            markup=False,
            timeout=2 * self.NOTIFICATION_TIMEOUT,
        )

    # -- actions --------------------------------------------------------------------------------

    def action_go(self, place: str) -> None:
        """Go to a screen, leaving what was opened on top of it."""
        while place == self.current_mode and len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_mode(place)

    def action_undo(self) -> None:
        """Take back the newest change."""
        self.tell(lambda: f"{self.engine.undo()} · Ctrl+R does it again")

    def action_redo(self) -> None:
        """Do again what was undone."""
        self.tell(lambda: f"{self.engine.redo()} · u takes it back")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's own signature
        """A note can be hidden while there is one."""
        return action != "hush" or bool(self.notices)

    def action_hush(self) -> None:
        """Hide the note; it is not shown again until the planner is opened anew."""
        self.hush()

    def action_calibrate(self) -> None:
        """Learn anew from everything so far; scores may move."""
        self.tell(self.engine.calibrate_now)

    def action_import(self) -> None:
        """Bring in history, or ideas with their estimates."""
        from screens.correcting import import_file

        import_file(self)

    def action_help(self) -> None:
        """Explain what has the focus."""
        from screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen))


def run(engine: Engine) -> int:
    """Show the planner until the person leaves; the exit status of the process."""
    leave()
    app = PlannerApp(guarded(engine))
    app.run()
    let_go_of_output()
    return app.return_code or 0
