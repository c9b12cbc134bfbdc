"""What may be written down of params, addresses and command lines."""

from __future__ import annotations

import pytest

from planner.worker.redact import (
    is_secret_file,
    redacted,
    redacted_arguments,
    without_login,
    without_secrets,
)


def test_what_is_named_as_a_secret_is_replaced_at_any_depth() -> None:
    params = {"hf_token": "x" * 12, "inner": [{"api-key": "y" * 12, "lr": 0.1}], "max_tokens": 512}
    assert redacted(params) == {
        "hf_token": "[redacted]",
        "inner": [{"api-key": "[redacted]", "lr": 0.1}],
        "max_tokens": 512,
    }


@pytest.mark.parametrize("name", ["tokenizer", "pad_token", "attention_keys", "author", "monkey"])
def test_the_words_of_the_trade_are_no_secrets(name: str) -> None:
    assert redacted({name: "bpe"}) == {name: "bpe"}


def test_tokens_are_known_by_their_form() -> None:
    assert without_secrets(f"use ghp_{'a' * 36} here") == "use [redacted] here"
    assert without_secrets("postgres://me:pass@host/db") == "postgres://[redacted]@host/db"
    assert without_secrets("s3://bucket/a:b") == "s3://bucket/a:b"


def test_a_remote_loses_its_login() -> None:
    assert without_login("https://me:secret@example.org/x.git") == "https://example.org/x.git"
    assert without_login("https://token@example.org/x.git") == "https://example.org/x.git"
    assert without_login("git@example.org:me/x.git") == "git@example.org:me/x.git"


def test_options_that_name_a_secret_lose_its_value() -> None:
    assert redacted_arguments(["train", "--token", "abc", "--password=abc", "--lr=1"]) == [
        "train",
        "--token",
        "[redacted]",
        "--password=[redacted]",
        "--lr=1",
    ]


def test_files_that_hold_secrets_are_known_by_name() -> None:
    secret = [".env", "a/.env.local", "id_rsa", "server.pem", "my_secrets.yaml", ".netrc"]
    assert all(is_secret_file(name) for name in secret)
    assert not any(is_secret_file(name) for name in ["net.py", "keys.py", "environment.yml"])
