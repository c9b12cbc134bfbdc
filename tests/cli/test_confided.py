"""Whoever types a secret is told where it is kept."""

from tests.cli.conftest import Shell


def test_a_param_that_looks_like_a_secret_is_named_once_it_is_kept(shell: Shell) -> None:
    said = shell(
        "add", "private data", "--set", "hf_token=hf_0123456789abcdefghij0123456789abcd", "--set", "lr=0.1"
    )
    assert said.err.startswith("hf_token: what looks like a secret stays in the backlog as typed")
    assert "lr" not in said.err.partition(":")[0]
    assert "database_password" in shell("edit", 1, "--set", "database_password=hunter22").err


def test_ordinary_params_are_not_spoken_of(shell: Shell) -> None:
    assert shell("add", "longer", "--set", "max_tokens=512", "--set", "tokenizer=bert-base-uncased").err == ""
    assert shell("edit", 1, "--title", "longer still").err == ""
