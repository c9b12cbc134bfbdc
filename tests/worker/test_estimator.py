"""Scikit-learn estimators as recipes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.worker.making import Made, make, prepare

CLASSIFIER = """
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression
    from planner import Trial

    def recipe(params):
        x, y = load_digits(return_X_y=True)
        return Trial(
            LogisticRegression(max_iter=300, C=params["c"]),
            train=(x[:600], y[:600]),
            validation=(x[600:900], y[600:900]),
            slices={"sevens": y[600:900] == 7, "first": [0, 1, 2], "none": [], "wrong": [True]},
            fit={"epochs": 3, "batch_size": 16},
            labels=["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
        )
"""

REGRESSOR = """
    from sklearn.datasets import load_diabetes
    from sklearn.linear_model import Ridge
    from planner import Trial

    def recipe(params):
        x, y = load_diabetes(return_X_y=True)
        return Trial(Ridge(), train=(x[:300], y[:300]), validation=(x[300:], y[300:]))
"""


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("classifier"), CLASSIFIER, params={"c": 0.1})


def test_a_classifier_reports_accuracy_and_log_loss(classifier: Made) -> None:
    assert classifier.ended.status == "finished"
    assert set(classifier.ended.metrics) == {"accuracy", "loss", "val_accuracy", "val_loss"}
    assert 0.8 < classifier.ended.metrics["val_accuracy"] <= 1


def test_a_fit_is_one_epoch(classifier: Made) -> None:
    assert [(epoch.epoch, epoch.epochs) for epoch in classifier.epochs] == [(1, 1)]


def test_slices_have_their_own_metrics_and_a_wrong_one_is_named(classifier: Made) -> None:
    evaluation = classifier.folder.read_evaluation()
    assert evaluation is not None
    assert [(part.name, part.size) for part in evaluation.slices][1:] == [("first", 3), ("none", 0)]
    assert evaluation.slices[0].metrics.keys() == {"accuracy", "loss"}
    assert any("the slice wrong is a mask of 1, and there are 300" in text for text in classifier.alerts)


def test_the_worst_examples_carry_the_names_of_the_classes(classifier: Made) -> None:
    evaluation = classifier.folder.read_evaluation()
    assert evaluation is not None
    losses = [example.loss for example in evaluation.worst]
    assert losses == sorted(losses, reverse=True)
    assert len(losses) == 20
    assert evaluation.labels[7] == "seven"
    assert evaluation.worst[0].expected in evaluation.labels
    assert sum(map(sum, evaluation.confusion)) == 300


def test_the_diagonal_of_the_confusion_is_the_accuracy(classifier: Made) -> None:
    evaluation = classifier.folder.read_evaluation()
    assert evaluation is not None
    right = sum(row[place] for place, row in enumerate(evaluation.confusion))
    assert right / 300 == pytest.approx(classifier.ended.metrics["val_accuracy"])


def test_a_run_without_keras_does_not_pay_for_keras(tmp_path: Path) -> None:
    folder = prepare(tmp_path, CLASSIFIER, params={"c": 0.1})
    subprocess.run([sys.executable, "-m", "planner.worker", folder.path], check=True, timeout=120)
    assert (folder.read_context() or {"backend": "?"})["backend"] is None


def test_the_context_names_the_estimator_and_its_data(classifier: Made) -> None:
    assert classifier.context["model"]["class"] == "LogisticRegression"
    assert classifier.context["data"]["train"]["examples"] == 600


def test_a_regressor_reports_its_errors(tmp_path: Path) -> None:
    run = make(tmp_path, REGRESSOR, metric="val_rmse", direction="min")
    assert run.ended.status == "finished"
    metrics = run.ended.metrics
    assert metrics["val_rmse"] == pytest.approx(metrics["val_mse"] ** 0.5)
    assert metrics["val_loss"] == metrics["val_mse"]
    assert {"val_r2", "val_mae", "r2", "mae"} <= metrics.keys()
    evaluation = run.folder.read_evaluation()
    assert evaluation is not None
    assert evaluation.confusion == ()
    worst = evaluation.worst[0]
    assert worst.confidence is None
    assert worst.loss == pytest.approx((float(worst.expected) - float(worst.got)) ** 2, rel=0.01)


def test_the_fraction_trains_on_fewer_examples(tmp_path: Path) -> None:
    recipe = """
        import numpy as np
        from sklearn.dummy import DummyClassifier
        from planner import Trial

        class Counting(DummyClassifier):
            def fit(self, x, y):
                print("examples", len(x))
                return super().fit(x, y)

            def predict(self, x):
                return np.zeros(len(x), int) + (len(x) == 25)

        def recipe(params):
            x, y = np.arange(100).reshape(-1, 1), np.ones(100, int)
            return Trial(Counting(), (x, y), (x, y))
    """
    run = make(tmp_path, recipe, fraction=0.25)
    assert run.ended.metrics["accuracy"] == 1  # it predicts right when it sees 25 examples
    assert run.ended.metrics["val_accuracy"] == 0


def test_the_check_fits_a_copy_on_a_few_examples_of_every_class(tmp_path: Path) -> None:
    run = make(tmp_path, CLASSIFIER, rung="check", params={"c": 1.0})
    assert [(check.name, check.passed) for check in run.checks] == [
        ("recipe", True),
        ("fit", True),
        ("score", True),
        ("metric", True),
    ]
    assert run.ended.metrics == {}


def test_the_check_names_the_metric_that_was_meant(tmp_path: Path) -> None:
    run = make(tmp_path, CLASSIFIER, rung="check", params={"c": 1.0}, metric="val_acc")
    assert run.ended.status == "failed"
    assert run.ended.cause == (
        "the run reports accuracy, loss, val_accuracy, val_loss; planner.toml's metric val_acc is not among "
        "them; did you mean val_accuracy?"
    )
    assert not run.checks[-1].passed


def test_a_full_run_without_the_goals_metric_fails(tmp_path: Path) -> None:
    run = make(tmp_path, REGRESSOR, metric="val_accuracy")
    assert run.ended.status == "failed"
    assert "planner.toml's metric val_accuracy is not among them" in run.ended.cause
    assert run.code == 1


UNUSUAL = """
    import numpy as np
    import scipy.sparse
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.tree import DecisionTreeClassifier
    from planner import Trial

    class Own:
        def get_params(self, deep=True):
            return {}

        def fit(self, x, y):
            self.classes_ = np.unique(y)

        def predict(self, x):
            return (x[:, 0] > 0).astype(int)

    def recipe(params):
        x = np.random.default_rng(0).normal(size=(800, 3))
        one, rare, several = (x[:, 0] > 0) * 1, (np.arange(800) % 400 < 3) * 1, (x > 0) * 1
        model, x, y = {
            "sparse": (LogisticRegression(), scipy.sparse.coo_matrix(x), one),
            "own": (Own(), x, one),
            "several labels": (OneVsRestClassifier(LogisticRegression()), x, several),
            "decisions on several labels": (KNeighborsClassifier(), x, several),
            "several outputs": (DecisionTreeClassifier(), x, several + [[0, 0, 1]]),
            "a rare class": (GridSearchCV(LogisticRegression(), {"C": [1, 2]}, error_score="raise"), x, rare),
            "many neighbours": (KNeighborsClassifier(n_neighbors=300), x, one),
            "texts": (LogisticRegression(), x, np.where(one, "yes", "no").tolist()),
        }[params["kind"]]
        return Trial(model, (x, y), (x, y), slices={"some": [1, 2, 3]})
"""
KINDS = {
    "sparse": "classes", "own": "classes", "several labels": "several", "decisions on several labels": None,
    "several outputs": None, "a rare class": "classes", "many neighbours": "classes", "texts": "classes",
}  # fmt: skip
"""Estimators, inputs and labels, and how their single answers are looked at."""


@pytest.mark.parametrize("kind", KINDS)
def test_estimators_of_any_kind_are_checked_and_judged(tmp_path: Path, kind: str) -> None:
    checked = make(tmp_path, UNUSUAL, rung="check", params={"kind": kind})
    assert checked.ended.status == "finished", checked.ended.cause
    run = make(tmp_path, UNUSUAL, params={"kind": kind})
    assert 0.7 < run.ended.metrics["val_accuracy"] <= 1
    evaluation = run.folder.read_evaluation()
    assert evaluation is not None
    assert evaluation.slices[0].size == 3
    assert bool(evaluation.worst) == (KINDS[kind] is not None)
    assert bool(evaluation.confusion) == (KINDS[kind] == "classes")
    assert run.alerts == []


def test_an_estimator_that_can_predict_only_once_it_is_fitted_is_one(tmp_path: Path) -> None:
    model = "StackingClassifier([('a', DummyClassifier())], DummyClassifier(), cv=2)"
    recipe = f"""
        from sklearn.dummy import DummyClassifier
        from sklearn.ensemble import StackingClassifier
        from planner import Trial

        def recipe(params):
            data = [[0], [1], [2], [3]], [0, 1, 0, 1]
            return Trial({model}, train=data, validation=data)
    """
    assert make(tmp_path, recipe).ended.metrics["val_accuracy"] == 0.5


def test_a_class_in_the_place_of_an_estimator_is_named(tmp_path: Path) -> None:
    recipe = """
        from sklearn.dummy import DummyClassifier
        from planner import Trial

        def recipe(params):
            return Trial(DummyClassifier, train=([[1]], [1]), validation=([[1]], [1]))
    """
    assert make(tmp_path, recipe).ended.cause == (
        "experiment:recipe returned a Trial whose model is the class DummyClassifier: write DummyClassifier()"
    )
