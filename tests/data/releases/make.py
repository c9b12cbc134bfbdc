"""Makes the frozen project of a release with the real product; README.md beside it tells how it was run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from planner.clock import utc_now
from planner.domain.gpu import GpuReading
from planner.store import archive, encoding
from planner.store.layout import Layout
from planner.workspace.records import calibrate_now
from planner.workspace.workspace import Workspace

PATIENCE = 600.0
"""Seconds after which something that should happen has failed to."""
LARGEST = 50_000
"""Bytes of a file that is kept."""
BACKUPS = 3
"""Newest backups that are kept."""

LOOP = '''"""A loop of its own, and a command: what `lift` adds is what an idea is worth."""

import json
import sys
import time

NOISE = (0.000, 0.001, -0.001)


def train(params, run):
    for epoch in range(1, params["epochs"] + 1):
        time.sleep(params["pause"])
        wobble = params["wobble"] * (1 if run.seed % 2 else -1)
        run.log(epoch, val_accuracy=0.9 + params["lift"] + wobble + NOISE[run.seed], epochs=params["epochs"])
        if run.stopping:
            break


if __name__ == "__main__":
    for epoch in (1, 2):
        print(json.dumps({"epoch": epoch, "val_accuracy": 0.9 + float(sys.argv[1])}), flush=True)
'''
TOML = """
[goal]
metric = "val_accuracy"
minimum_effect = 0.005
target = 0.985

[recipe]
{recipe}

[baseline.params]
{params}

[rungs.full]
seeds = 2
hours = 0.003
"""
OWN_LOOP = TOML.format(
    recipe='entry = "loop:train"', params="lift = 0.0\nwobble = 0.0\npause = 0.0\nepochs = 2"
)
COMMAND = OWN_LOOP.replace('entry = "loop:train"', 'command = ["python3", "loop.py", "{lift}"]')
HISTORY = "idea,val_accuracy,hours\nbaseline,0.900,\nweight averaging,0.912,2\nlinear warmup,0.899,1\n"


class Story:
    """A project that people work on through the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.layout = Layout(folder)

    def say(self, *words: object, by: str = "ana", status: int = 0) -> str:
        """Run one command; it must end with that status."""
        command = [sys.executable, "-m", "planner.cli.main", "-C", str(self.folder), *map(str, words)]
        done = subprocess.run(
            command, env={**os.environ, "PLANNER_BY": by}, text=True, capture_output=True, check=False
        )
        print("$ planner", *words, "\n", done.stdout[-400:], done.stderr[-400:], flush=True)
        assert done.returncode == status, done.returncode
        return done.stdout

    def facts(self, *words: object) -> list[dict[str, object]]:
        """What a command says as JSON."""
        found: list[dict[str, object]] = json.loads(self.say(*words, "--json"))
        return found

    def settings(self, text: str) -> None:
        """Write planner.toml."""
        self.layout.toml.write_text(text)

    def idea(self, title: str, *words: object, by: str = "ana") -> int:
        """Capture an idea; its number."""
        made = json.loads(self.say("add", title, *words, "--json", by=by))
        return int(made["id"])

    def running(self, idea: int, rung: str = "full") -> str:
        """The run of an idea that is under way, once it has finished an epoch."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            for run in self.facts("runs", "--idea", idea):
                events = self.layout.run(str(run["id"])).events
                epochs = events.read_text().count('"epoch"') if events.exists() else 0
                if (run["status"], run["rung"]) == ("running", rung) and epochs > 1:
                    return str(run["id"])
            time.sleep(0.3)
        raise AssertionError("it never ran")

    def rested(self) -> None:
        """Return when no run is under way and none will start."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            view = Workspace(self.layout).view()
            live = any(run.run.status in ("queued", "running") for run in view.runs)
            climbs = any(row.status in ("queued", "running") for row in view.ranked)
            if not (live or climbs or view.dispatcher):
                return
            time.sleep(0.3)
        raise AssertionError("it never rested")


def keras(story: Story) -> None:
    """The demo project with few epochs: an improvement, an estimator, a bug, a stop."""
    toml = (story.folder / "planner.toml").read_text()
    story.settings(toml.replace("epochs = 20", "epochs = 2").replace("seeds = 5", "seeds = 2"))
    story.say("dispatch", 1, "--wait")
    svc = story.idea("support vectors", "--set", "model=svc", "-l", "40%", "-t", "30m-2h", by="bo")
    story.say("dispatch", svc, "--wait", by="bo")
    bug = story.idea("an optimiser nobody has written", "--set", "optimizer=nonsense")
    story.say("dispatch", bug, "--wait", status=1)
    long = story.idea("train much longer", "--set", "epochs=5000", "-i", "+0.5pp..2pp", "-l", "20-60%")
    story.say("dispatch", long)
    story.say("stop-run", story.running(long))
    story.rested()


def own_loop(story: Story) -> None:
    """A loop of its own: every verdict, and a run that is killed until its idea is halted."""
    (story.folder / "loop.py").write_text(LOOP)
    story.settings(OWN_LOOP)
    for title, lift, wobble in (
        ("mixup", 0.02, 0.0),
        ("cutmix", 0.0, 0.0),
        ("higher dropout", -0.02, 0.0),
        ("label smoothing", 0.006, 0.012),
    ):
        number = story.idea(
            title, "--set", f"lift={lift}", "--set", f"wobble={wobble}", "-l", "50%", "-t", "1h"
        )
        story.say("estimate", number, "--by", "cleo", "-l", "20-40%", "-c", "2")
        story.say("dispatch", number, "--wait")
    slow = story.idea("a slow one", "--set", "pause=0.5", "--set", "epochs=600")
    story.say("dispatch", slow)
    for _ in range(2):
        run = story.running(slow)
        claim = story.layout.run(run).read_claim()
        assert claim is not None
        os.kill(int(claim["pid"]), signal.SIGKILL)
        while next(one for one in story.facts("runs") if one["id"] == run)["status"] == "running":
            time.sleep(0.3)
    story.rested()


def command(story: Story) -> None:
    """A command of its own."""
    story.settings(COMMAND)
    story.say("dispatch", story.idea("a command", "--set", "lift=0.03", by="bo"), "--wait", by="bo")


def people(story: Story) -> None:
    """What people say and correct, bring in, take back and review."""
    newest = next(one for one in story.facts("runs") if one["rung"] == "full" and one["idea"])
    story.say("overrule", 1, "inconclusive", "--because", "two epochs are too few")
    story.say("strike", newest["id"], "--because", "the disk was full")
    story.say("give-up", 8, "--because", "needs labels nobody has", "--hours", "3h", by="bo")
    more(story)


def more(story: Story) -> None:
    """The rest of what people do."""
    story.say("decline", 19, "--because", "twice the memory")
    story.say("park", 4)
    story.say("drop", 5, by="bo")
    story.say("keep", 6)
    story.say("start", 7)
    story.say("stop", 7, "--hours", "90m")
    story.say("start", 9, by="cleo")
    story.say("spent", 19, "2h")
    story.say(
        "edit", 10, "--title", "a title with <b>markup</b> [/] and «ünïcödé»", "--tag", "odd", "--after", 7
    )
    story.say("estimate", 10, "-t", "2h-8h", "-c", "1-3", "-i", "+0.1pp..0.5pp", "-l", "10-30%", by="cleo")
    (story.folder / "log.csv").write_text(HISTORY)
    story.say("import", "log.csv")
    story.say("dispatch", 11)
    story.say("park", 12)
    story.say("undo")
    story.say("redo")
    story.say("undo", by="bo")
    story.say("review", "--write")


def trimmed(story: Story) -> None:
    """What is small enough to keep, with an archive and readings of a GPU, which this machine may lack."""
    archive.MOST, archive.KEPT = 4, 2
    calibrate_now(Workspace(story.layout, who="ana").project)
    story.say("estimate", 2, "-l", "45%")
    story.say("undo")
    runs = sorted(story.layout.runs.iterdir())
    reading = GpuReading(
        at=utc_now(), index=0, uuid="GPU-0", name="a GPU", utilisation=50.0, memory_used=2**30, power=200.0
    )
    (runs[0] / "gpu.jsonl").write_bytes(encoding.encode(reading) + b"\n")
    for backup in sorted(story.layout.backups.glob("0*.json"))[:-BACKUPS]:
        backup.unlink()
    for path in sorted(story.layout.runs.rglob("*"), reverse=True):
        if path.is_dir() and path.name in {"checkpoints", "resume"}:
            shutil.rmtree(path)
        elif path.is_file() and (path.stat().st_size > LARGEST or path.suffix == ".npz"):
            path.unlink()
    for name in ("lock", "dispatcher.lock", "dispatcher.log", ".gitignore", "settings.json"):
        (story.layout.home / name).unlink(missing_ok=True)


def main(folder: Path) -> None:
    """Live through it all in a new folder."""
    story = Story(folder)
    subprocess.run(
        [sys.executable, "-m", "planner.cli.main", "demo", str(folder)],
        env={**os.environ, "PLANNER_BY": "ana"},
        check=True,
    )
    for chapter in CHAPTERS:
        chapter(story)
        story.rested()


CHAPTERS = (keras, own_loop, command, people, trimmed)
"""What happens to the project, in order."""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
