"""A planner that can't run where it is says so, and blames nobody's idea."""

from __future__ import annotations

import sys
import sysconfig
from functools import partial
from pathlib import Path

import pytest

import planner.worker
from planner.worker.fault import OWN, own_fault
from tests.worker.making import make

ESTIMATOR = """
    import planner
    from sklearn.dummy import DummyClassifier

    def recipe(params):
        return planner.Trial(DummyClassifier(), ([[1]], [1]), validation=([[1]], [1]))
"""
PLANNERS, PROJECTS, OTHERS = str(OWN / "worker/fit.py"), "/project/experiment.py", "/lib/numpy/__init__.py"
FIT = "def fit():\n    import nothing_of_that_name"


def raised(last: str, *files: str) -> BaseException:
    """What running `last` raises, called from one file after another, the outermost first."""
    with pytest.raises((ImportError, SyntaxError, ValueError)) as caught:
        _run(last, *files)
    return caught.value


def _run(last: str, first: str, *rest: str) -> None:
    inner = partial(_run, last, *rest)
    exec(compile("inner()" if rest else last, first, "exec"), {"inner": inner})


def test_an_import_of_the_planners_own_that_fails_is_no_fault_of_the_idea(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "planner.worker.estimator", None)
    monkeypatch.delattr(planner.worker, "estimator", raising=False)  # where an earlier run has imported it
    run = make(tmp_path, ESTIMATOR)
    assert (run.ended.status, run.ended.metrics, run.code) == ("crashed", {}, 1)
    assert run.ended.cause.startswith("the planner itself can't run here: ModuleNotFoundError: import of ")
    assert run.ended.cause.endswith("; mend its installation, and `planner dispatch --resume` goes on")
    assert "(planner/worker/work.py:" in run.ended.cause


@pytest.mark.parametrize(
    ("last", "files"),
    [
        ("import nothing_of_that_name", (PLANNERS,)),
        ("from planner.worker import nothing", (PROJECTS, PLANNERS)),
        (f"exec(compile('import nothing_of_that_name', {OTHERS!r}, 'exec'))", (PLANNERS,)),
    ],
)
def test_an_import_in_the_planners_code_is_the_planners(last: str, files: tuple[str, ...]) -> None:
    assert own_fault(raised(last, *files), Path("/project"))


@pytest.mark.parametrize(
    ("last", "files"),
    [
        ("import nothing_of_that_name", (PLANNERS, PROJECTS)),
        (f"exec(compile({FIT!r}, {OTHERS!r}, 'exec'), globals()); fit()", (PLANNERS,)),
        ("import nothing_of_that_name", (PROJECTS,)),
        ("raise ValueError('no shape')", (PLANNERS,)),
        ("raise ImportError('no name', path='/project/token.py')", (PLANNERS,)),
        ("raise SyntaxError('no code', ('/project/experiment.py', 1, 1, ''))", (PLANNERS,)),
    ],
)
def test_whatever_the_project_may_have_caused_is_not(last: str, files: tuple[str, ...]) -> None:
    assert own_fault(raised(last, *files), Path("/project")) == ""


def test_what_a_library_imports_by_name_is_no_file_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # in which `<frozen importlib._bootstrap>` would lie, were it a file
    lazy = "import importlib; importlib.import_module('nothing_of_that_name')"
    error = raised(f"exec(compile({lazy!r}, {OTHERS!r}, 'exec'))", PLANNERS)
    assert own_fault(error, tmp_path)


def test_python_in_the_projects_folder_is_no_code_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "env" / "lib" / "python3"
    monkeypatch.setattr(sysconfig, "get_path", lambda name: {"stdlib": str(library)}[name])
    ctypes = f"exec(compile('import nothing_of_that_name', {str(library / 'ctypes.py')!r}, 'exec'))"
    assert own_fault(raised(ctypes, PLANNERS), tmp_path)
    assert not own_fault(raised(ctypes.replace("/env/", "/src/"), PLANNERS), tmp_path)


def test_a_project_that_is_reached_by_a_link_is_the_project(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "project")
    shadow = f"exec(compile('import nothing_of_that_name', {str(tmp_path / 'project/numpy.py')!r}, 'exec'))"
    assert not own_fault(raised(shadow, PLANNERS), tmp_path / "link")


def test_code_of_the_planners_own_that_can_not_be_read_is_the_planners() -> None:
    error = raised(f"raise SyntaxError('no code', ({PLANNERS!r}, 1, 1, ''))", PLANNERS)
    assert "SyntaxError: no code" in own_fault(error, Path("/project"))
