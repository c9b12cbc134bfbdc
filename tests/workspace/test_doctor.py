"""The doctor finds what is wrong and names what mends it; nothing is imported or changed to look."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.domain.finding import Finding
from planner.domain.run import Run
from planner.workspace import doctor
from planner.workspace.doctor import examine, examine_machine
from planner.workspace.linger import Ask, logout
from planner.workspace.workspace import Workspace


def found(work: Workspace) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(work.project)}


def test_every_finding_that_is_not_ok_says_what_to_do_or_that_nothing_can_be(work: Workspace) -> None:
    (work.layout.project / "experiment.py").unlink()
    for finding in examine(work.project):
        assert finding.text
        assert "\n" not in finding.text
    assert found(work)["recipe"].state == "warning"


def test_runs_that_wait_without_a_dispatcher_are_a_warning(work: Workspace) -> None:
    run = Run(
        id="r1-aaaa",
        idea=None,
        baseline=1,
        rung="full",
        seed=0,
        params={},
        queued_at="2026-11-16T09:00:00.000Z",
        order=0,
    )
    with work.project.store.transaction("queue", by="test", undoable=False) as tables:
        tables.put(run)
    finding = found(work)["dispatcher"]
    assert (finding.state, finding.command) == ("warning", "planner dispatch --resume")


def test_a_pause_is_a_warning(work: Workspace) -> None:
    with work.project.store.transaction("pause", by="test", undoable=False) as tables:
        tables.set_paused("r1 vanished")
    assert "r1 vanished" in found(work)["dispatcher"].text


def test_a_folder_outside_git_is_a_warning(tmp_path: Path) -> None:
    findings = {finding.name: finding for finding in examine_machine(None, tmp_path)}
    assert findings["git"].command == f"git -C {tmp_path} init"


def test_keras_is_looked_for_where_runs_train_and_never_imported(
    work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "keras.py"
    trap.write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "keras"]:
        monkeypatch.delitem(sys.modules, name)
    assert found(work)["keras"].state == "ok"
    assert "keras" not in sys.modules


def test_a_missing_backend_is_a_problem(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    versions = {"keras": "3.15.0", "tensorflow": "2.21.0", "jax": None, "torch": None, "openvino": None}
    monkeypatch.setattr(doctor, "_packages", lambda _python: versions)
    finding = found(work)["keras"]
    assert finding.state == "problem"
    assert finding.command is not None
    assert finding.command.endswith("-m pip install jax")


def test_without_keras_other_recipes_still_run(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_packages", lambda _python: {"keras": None})
    assert found(work)["keras"].state == "warning"


def test_an_interpreter_that_does_not_run_is_a_problem(work: Workspace) -> None:
    toml = work.layout.toml
    toml.write_text(toml.read_text() + '\n[dispatch]\npython = "/nowhere/python"\n')
    finding = found(work)["keras"]
    assert finding.state == "problem"
    assert "/nowhere/python" in finding.text
    assert finding.command == f"${{EDITOR:-vi}} {toml}"


def test_the_backend_is_what_the_file_or_the_environment_says_or_what_is_there(
    work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    both = {"tensorflow": "2.21.0", "torch": "2.9"}
    assert doctor._backend(both) == "tensorflow"
    (tmp_path / "keras.json").write_text('{"backend": "torch"}')
    assert doctor._backend(both) == "torch"
    assert doctor._backend({"jax": "0.8"}) == "jax", "what Keras's file names is not installed"
    assert doctor._backend({}) == "torch"
    (tmp_path / "keras.json").write_text("[1")
    assert doctor._backend(both) == "tensorflow"
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert doctor._backend(both) == "jax"
    monkeypatch.setattr(doctor, "_packages", lambda _python: {"keras": "3.15", "jax": "0.8"})
    work.layout.toml.write_text(
        work.layout.toml.read_text().replace("[recipe]", '[recipe]\nbackend = "torch"')
    )
    assert found(work)["keras"].text == "keras 3.15 is there and its backend torch is not"


def test_looking_changes_nothing(work: Workspace) -> None:
    work.ideas.add("one")
    assert work.settings, "they are checked and remembered already"

    def everything() -> dict[str, bytes]:
        files = (
            path for path in work.layout.project.rglob("*") if path.is_file() and ".git/" not in str(path)
        )
        return {str(path): path.read_bytes() for path in files if path.name != "dispatcher.lock"}

    before = everything()
    examine(work.project)
    assert everything() == before


def answers(**by_command: str) -> Callable[[list[str]], str | None]:
    """A system whose commands answer as told, by a word that tells them apart."""

    def ask(command: list[str]) -> str | None:
        words = [word for word in by_command if word in " ".join(command)]
        return by_command[words[0]] if words else None

    return ask


def test_without_systemd_a_logout_ends_nothing() -> None:
    assert logout(answers()).state == "ok"


@pytest.mark.parametrize(
    ("ask", "state"),
    [
        (answers(version="systemd 252", KillUserProcesses="b false"), "ok"),
        (answers(version="systemd 252", KillUserProcesses="b true", Linger="yes"), "ok"),
        (answers(version="systemd 252", KillUserProcesses="b true", Linger="no"), "problem"),
        (answers(version="systemd 252", KillUserProcesses="b true"), "problem"),
    ],
)
def test_a_logout_that_ends_runs_is_a_problem_unless_they_linger(ask: Ask, state: str) -> None:
    finding = logout(ask, settings=())
    assert finding.state == state
    assert finding.command == (None if state == "ok" else "loginctl enable-linger")


def test_where_logind_does_not_answer_its_files_do(tmp_path: Path) -> None:
    whole, extra = tmp_path / "logind.conf", tmp_path / "logind.conf.d"
    whole.write_text("[Login]\n#KillUserProcesses=yes\nKillUserProcesses=no\n")
    settings = (str(whole), str(extra))
    assert logout(answers(version="systemd 252"), settings).state == "ok"
    extra.mkdir()
    (extra / "10-site.conf").write_text("[Login]\nKillUserProcesses = yes\n")
    assert logout(answers(version="systemd 252"), settings).state == "problem"


def test_a_second_pynvml_is_a_warning_with_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "conflict", lambda: "both bring a module pynvml")
    (finding,) = doctor._pynvml()
    assert finding.command is not None
    assert "uninstall -y pynvml" in finding.command


def test_a_repository_without_a_commit_is_a_warning(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert "committed" in doctor._git(tmp_path).text


def test_an_interpreter_that_is_slow_is_not_taken_for_one_that_does_not_run(
    work: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nexec sleep 600\n")
    slow.chmod(0o755)
    monkeypatch.setattr(doctor, "SLOWEST", 0.1)
    finding = doctor._keras(str(slow), work.layout.toml, None)
    assert (finding.state, finding.command) == ("warning", None)
    assert "did not say in 0.1 s which packages it has" in finding.text
