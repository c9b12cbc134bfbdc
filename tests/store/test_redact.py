"""What may be written down of params, addresses, texts and command lines."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from planner.store.redact import redacted, redacted_arguments, without_login, without_secrets
from planner.store.secret import is_secret, is_secret_file
from tests.drills.fake_secrets import ORDINARY, Kind, hidden, planted
from tests.drills.figure import Figure

Written = Callable[[Kind, str], object]

NAMED: dict[str, Written] = {
    "under its name": lambda kind, secret: redacted({kind.name: secret}),
    "deep within": lambda kind, secret: redacted({"service": [{"keys": {camel(kind.name): secret}}]}),
    "after an option": lambda kind, secret: redacted_arguments(["train", option(kind), secret]),
    "with an option": lambda kind, secret: redacted_arguments(["train", f"{option(kind)}={secret}"]),
    "before a command": lambda kind, secret: without_secrets(f"{kind.name}={secret} python train.py"),
    "in YAML": lambda kind, secret: without_secrets(f"  {kind.name.lower()}: {secret}\n"),
    "in JSON": lambda kind, secret: without_secrets(f'  "{kind.name}": {json.dumps(secret)},\n'),
    "in code": lambda kind, secret: without_secrets(f"+    {kind.name} = {secret!r}\n", code=True),
    "in a header": lambda kind, secret: without_secrets(f"-H 'Authorization: Bearer {secret}'"),
}
"""Places in which a name stands beside the secret."""
BARE: dict[str, Written] = {
    "as a value": lambda kind, secret: redacted({"note": secret}),
    "in a sentence": lambda kind, secret: without_secrets(f"use {secret} here, please"),
    "as an argument": lambda kind, secret: redacted_arguments(["train", secret]),
    "in a query": lambda kind, secret: without_secrets(f"https://example.org/x?access_token={secret}&page=1"),
}
"""Places in which only the form of a secret tells."""


def camel(name: str) -> str:
    first, *rest = name.lower().split("_")
    return first + "".join(word.title() for word in rest)


def option(kind: Kind) -> str:
    return "--" + kind.name.lower().replace("_", "-")


def test_secrets_of_every_sort_are_replaced_wherever_they_stand(publish: Callable[[Figure], None]) -> None:
    tried, told = 0, []
    for kind, secret in planted(400, seed=4):
        for place, write in {**NAMED, **(BARE if kind.bare else {})}.items():
            tried += 1
            if not hidden(secret, str(write(kind, secret))):
                told.append((kind.name, place, secret))
    held = tried - len(told)
    publish(
        Figure(
            what="secrets kept out of what is written down",
            tried=tried,
            held=held,
            note=", ".join(map(str, told[:3])),
        )
    )


def test_ordinary_params_are_left_alone(publish: Callable[[Figure], None]) -> None:
    changed = [name for name, value in ORDINARY.items() if redacted({name: value}) != {name: value}]
    held = len(ORDINARY) - len(changed)
    publish(
        Figure(
            what="ordinary params taken for no secret",
            tried=len(ORDINARY),
            held=held,
            note=", ".join(changed),
        )
    )


def test_what_is_named_as_a_secret_is_replaced_at_any_depth() -> None:
    params = {"hf_token": "x" * 20, "inner": [{"api-key": "y" * 20, "lr": 0.1}], "max_tokens": 512}
    assert redacted(params) == {
        "hf_token": "[redacted]",
        "inner": [{"api-key": "[redacted]", "lr": 0.1}],
        "max_tokens": 512,
    }
    assert redacted({"password": 12345678, "login": {"secret": "a b c d"}}) == {
        "password": "[redacted]",
        "login": {"secret": "[redacted]"},
    }


def test_a_text_keeps_all_but_its_secret() -> None:
    assert without_secrets(f"use ghp_{'a1' * 18} here") == "use [redacted] here"
    assert without_secrets("postgres://me:p@ss@host/db") == "postgres://[redacted]@host/db"
    assert without_secrets("s3://bucket/a:b") == "s3://bucket/a:b"
    assert without_secrets("a password = 'hunter2'; lr = 0.1") == "a password = '[redacted]'; lr = 0.1"


def test_a_value_of_several_words_is_hidden_whole_and_once() -> None:
    for text, told in (
        ('run --password "Tr0ub4dor zebra9" --lr 1', 'run --password "[redacted]" --lr 1'),
        ("run --password 'correct horse battery' x", "run --password '[redacted]' x"),
        ('run --password "hunter22"more33 x', 'run --password "[redacted] x'),
        ('sh -c "run --token abcd1234efgh5678 --lr 1"', 'sh -c "run --token [redacted] --lr 1"'),
        ("password='a api_key=hunter2222 b' x", "password='[redacted]' x"),
    ):
        assert without_secrets(text) == told


def test_a_remote_loses_its_login_and_its_query() -> None:
    assert without_login("https://me:secret@example.org/x.git") == "https://example.org/x.git"
    assert without_login("https://token@example.org/x.git") == "https://example.org/x.git"
    assert without_login("https://example.org/x.git?access_token=1#a") == "https://example.org/x.git"
    assert (
        without_login("ssh://deploy:pa/ss@example.org:22/x.git") != "ssh://deploy:pa/ss@example.org:22/x.git"
    )
    assert without_login("me:secret@example.org:lab/x.git") == "example.org:lab/x.git"
    assert without_login("git@example.org:me/x.git") == "git@example.org:me/x.git"
    assert without_login("../recipes.git") == "../recipes.git"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["--token", "abcdefg8", "--lr=1"], ["--token", "[redacted]", "--lr=1"]),
        (["--password=abcde"], ["--password=[redacted]"]),
        (["curl", "-u", "ana:hunter2hunter2"], ["curl", "-u", "ana:[redacted]"]),
        (["mysql", "-phunter2hunter2"], ["mysql", "-p[redacted]"]),
        (["sshpass", "-p", "hunter2hunter2"], ["sshpass", "-p", "[redacted]"]),
        (["-p", "lr=0.01", "-u", "train.py"], ["-p", "lr=0.01", "-u", "train.py"]),
        (["--token={hf_token}", "--epochs", "{epochs}"], ["--token={hf_token}", "--epochs", "{epochs}"]),
        (
            ["python", "-m", "train", "--config", "a/b.yaml"],
            ["python", "-m", "train", "--config", "a/b.yaml"],
        ),
    ],
)
def test_a_command_line_loses_the_values_of_options_that_name_a_secret(
    given: list[str], kept: list[str]
) -> None:
    assert redacted_arguments(given) == kept


def test_code_keeps_its_names_and_calls() -> None:
    code = (
        "password = getpass()\ntoken = tokenizer.next_token\nheaders = {'Authorization': f'Bearer {token}'}\n"
    )
    assert without_secrets(code, code=True) == code


def test_what_only_might_be_a_secret_by_its_name_is_one_from_sixteen_odd_signs_on() -> None:
    assert is_secret("A1b2C3d4E5f6G7h8", "sort_key")
    assert not is_secret("A1b2C3d4E5f6G7h", "sort_key")
    assert not is_secret("validation_accuracy", "sort_key")


def test_files_that_hold_secrets_are_known_by_name() -> None:
    secret = [
        ".env",
        "a/.env.local",
        "prod.env",
        "id_rsa",
        "server.pem",
        "my_secrets.yaml",
        ".netrc",
        "kaggle.json",
    ]
    assert all(is_secret_file(name) for name in secret)
    assert not any(
        is_secret_file(name) for name in ["net.py", "keys.py", "environment.yml", "secret_model.py"]
    )


PIECES = (
    "x=", "token=$", "a", "sk-", "x-", "eyJ-", "x=\\\\\\", "key=aaaa", 'x="', "://a@", "Bearer ",
    "cookie:", "-a ", "is ", "password = '$", "x.y-", "AAAA0",
)  # fmt: skip
"""What a text may repeat on and on, each of which once took time that grew with its square, or nearly did."""
LIMITED = """
import resource, sys
from planner.store.redact import without_secrets
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))  # which one squared text alone takes
for piece in sys.argv[1:]:
    without_secrets(piece * (60_000 // len(piece)))
"""


def test_the_work_grows_with_the_text_and_not_with_its_square() -> None:
    subprocess.run([sys.executable, "-c", LIMITED, *PIECES], check=True)


def test_a_long_value_is_judged_by_its_ends() -> None:
    long = "a1" * 50_000
    assert without_secrets(f"password = '{long}'") == "password = '[redacted]'"
    assert without_secrets(f"token = <{long}>") == f"token = <{long}>"
    assert without_secrets(f"x=1{long}2,token={'b2' * 9}") == f"x=1{long}2,token=[redacted]"
