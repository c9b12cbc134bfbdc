"""Secrets that are none, in the forms of real ones, and params that look like secrets to a careless eye."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable
from dataclasses import dataclass

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits
WORDS = ("correct", "horse", "battery", "staple", "winter", "tulip", "harbour", "copper")


@dataclass(frozen=True)
class Kind:
    """One sort of secret."""

    name: str
    """The name it usually goes under."""
    make: Callable[[random.Random], str]
    """A fresh one."""
    bare: bool = True
    """Whether it can be told without its name."""


def drawn(draw: random.Random, signs: str, length: int) -> str:
    return "".join(draw.choices(signs, k=length))


def token(prefix: str, length: int, signs: str = LETTERS) -> Callable[[random.Random], str]:
    return lambda draw: prefix + drawn(draw, signs, length)


def jwt(draw: random.Random) -> str:
    parts = (
        b'{"alg":"HS256","typ":"JWT"}',
        drawn(draw, LETTERS, 30).encode(),
        drawn(draw, LETTERS, 32).encode(),
    )
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def private_key(draw: random.Random) -> str:
    body = "\n".join(drawn(draw, LETTERS + "+/", 64) for _ in range(3))
    return f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----"


def database(draw: random.Random) -> str:
    scheme = draw.choice(("postgresql", "mysql+pymysql", "mongodb+srv", "redis", "amqp"))
    return f"{scheme}://trainer:{drawn(draw, LETTERS, 14)}@db.example.org:5432/runs"


def passphrase(draw: random.Random) -> str:
    return " ".join(draw.choices(WORDS, k=4)) + f" {draw.randrange(100)}"


def encoded(draw: random.Random) -> str:
    return base64.b64encode(f"me:{drawn(draw, LETTERS, 20)}".encode()).decode()


KINDS = (
    Kind("GITHUB_TOKEN", token("ghp_", 36)),
    Kind("github_pat", lambda draw: f"github_pat_{drawn(draw, LETTERS, 22)}_{drawn(draw, LETTERS, 59)}"),
    Kind("GITLAB_TOKEN", token("glpat-", 20)),
    Kind("HF_TOKEN", token("hf_", 34)),
    Kind("OPENAI_API_KEY", token("sk-proj-", 48)),
    Kind("ANTHROPIC_API_KEY", token("sk-ant-api03-", 80)),
    Kind("AWS_ACCESS_KEY_ID", token("AKIA", 16, UPPER)),
    Kind("AWS_SECRET_ACCESS_KEY", token("", 40, LETTERS + "+/"), bare=False),
    Kind("GOOGLE_API_KEY", token("AIza", 35)),
    Kind("google_oauth", token("ya29.a0", 60)),
    Kind("azure_connection_string", lambda draw: (
        f"DefaultEndpointsProtocol=https;AccountName=runs;AccountKey={drawn(draw, LETTERS + '+/', 86)}=="
    )),
    Kind("AZURE_CLIENT_SECRET", lambda draw: f"{drawn(draw, LETTERS, 3)}8Q~{drawn(draw, LETTERS, 34)}"),
    Kind("slack_bot", lambda draw: f"xoxb-{draw.randrange(10**11, 10**12)}-{drawn(draw, LETTERS, 24)}"),
    Kind("slack_webhook", lambda draw: (
        f"https://hooks.slack.com/services/T0{drawn(draw, UPPER, 8)}/B07ABCDEF12/{drawn(draw, LETTERS, 24)}"
    )),
    Kind("stripe", token("sk_live_", 24)),
    Kind("TWILIO_AUTH_TOKEN", token("", 32, HEX), bare=False),
    Kind("twilio", token("SK", 32, HEX)),
    Kind("NPM_TOKEN", token("npm_", 36)),
    Kind("pypi", token("pypi-AgEIcHlwaS5vcmc", 80)),
    Kind("docker", token("dckr_pat_", 27)),
    Kind("WANDB_API_KEY", token("", 40, HEX), bare=False),
    Kind("KAGGLE_KEY", token("", 32, HEX), bare=False),
    Kind("jwt", jwt),
    Kind("deploy", private_key),
    Kind("DATABASE_URL", database),
    Kind("storage_password", token("", 12), bare=False),
    Kind("SMTP_PASSWORD", passphrase, bare=False),
    Kind("registry_credentials", token("", 24), bare=False),
    Kind("sendgrid", lambda draw: f"SG.{drawn(draw, LETTERS, 22)}.{drawn(draw, LETTERS, 43)}"),
    Kind("mlflow_secret", token("", 20), bare=False),
    Kind("basic_auth", encoded),
    Kind("databricks", token("dapi", 32, HEX)),
    Kind("replicate", token("r8_", 37)),
    Kind("nvidia", token("nvapi-", 64)),
    Kind("telegram", lambda draw: f"{draw.randrange(10**8, 10**9)}:AA{drawn(draw, LETTERS, 33)}"),
    Kind("neptune", lambda draw: "eyJ" + drawn(draw, LETTERS, 120) + "=="),
    Kind("vault", token("hvs.", 24)),
    Kind("session_key", token("", 32, LETTERS), bare=False),
    Kind("comet_api_key", token("", 25), bare=False),
    Kind("client_secret", token("", 40, LETTERS + "-_"), bare=False),
)  # fmt: skip
"""The sorts that people have lying about."""

ORDINARY: dict[str, object] = {
    "lr": 3e-4,
    "epochs": 20,
    "batch_size": 64,
    "optimizer": "adamw",
    "schedule": "cosine-with-warmup",
    "weight_decay": 0.05,
    "dropout": 0.1,
    "max_tokens": 512,
    "pad_token": "<pad>",
    "eos_token": "<|endoftext|>",
    "mask_token": "[MASK]",
    "bos_token_id": 50256,
    "tokenizer": "bert-base-uncased",
    "token_mixing": "mlp-mixer",
    "num_tokens": 1_000_000,
    "tokens_per_batch": 65536,
    "image_token": "<image_placeholder>",
    "token": "subword",
    "unk_token": "<unknown_word>",
    "special_tokens": ["<pad>", "<|endoftext|>"],
    "token_dropout": 0.15,
    "token_type_vocab_size": 2,
    "class_token": True,
    "extra_class_token": "learned-from-scratch",
    "attention_keys": 8,
    "key": "image",
    "key_dim": 64,
    "sort_key": "val_accuracy_top5",
    "primary_key": "sample_id",
    "key_query_dim": 128,
    "monkey": "capuchin",
    "author": "ana",
    "authors": ["ana", "bert"],
    "hockey": "puck2",
    "dataset_version": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "data_sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "data_md5": "d41d8cd98f00b204e9800998ecf8427e",
    "commit": "0123456789abcdef0123456789abcdef01234567",
    "run_uuid": "123e4567-e89b-12d3-a456-426614174000",
    "backbone": "EfficientNetV2B0ImageNetPretrained",
    "timm_model": "vit_base_patch16_clip_224.laion2b_ft_in12k",
    "keras_preset": "bert_base_en_uncased_sst2",
    "hub": "google/vit-base-patch16-224-in21k",
    "layers": [64, 64, 10],
    "augment": {"mixup": 0.2, "cutmix": 1.0, "policy": "rand-m9-mstd0.5-inc1"},
    "path": "/data/imagenet-1k/train-00000-of-01024.parquet",
    "csv": "s3://bucket/experiments/2026-11-21/train.csv",
    "url": "https://example.org/datasets/cifar10.tar.gz?download=1",
    "zenodo": "https://zenodo.org/record/1234567",
    "remote": "git@example.org:lab/recipes.git",
    "checkpoint": "checkpoints/epoch=12-step=34567.ckpt",
    "high_pass": 0.5,
    "low_pass": "butterworth-4",
    "passes": 3,
    "forward_pass": "checkpointed",
    "bypass": True,
    "compass": "north",
    "passthrough": "residual-connection",
    "secretary": "problem",
    "authority": "hub-score",
    "loss": "sparse_categorical_crossentropy",
    "metrics": ["accuracy", "top_k_categorical_accuracy"],
    "activation": "gelu",
    "norm": "LayerNormalization",
    "precision": "mixed_bfloat16",
    "seed_offset": 1234567890,
    "note": "as in https://arxiv.org/abs/1706.03762, table 3",
    "smiles": "CC(=O)OC1=CC=CC=C1C(=O)O",
    "peptide": "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQAPILSRVGDGTQDNLSGAEKAVQVKVKALPDAQFEVV",
    "dna": "ACGTACGTTAGCTAGCTAGGATCCGATCGATTACGATCGATCG",
    "columns": "age,income,zip_code,education_years",
    "split": "train[:80%]",
    "regex": r"^[A-Za-z0-9_]+\.jpe?g$",
    "glob": "data/**/*.tfrecord",
    "prompt": "Classify the following sentence as positive or negative:",
    "template": "{question}\n{answer}",
    "env": "HalfCheetah-v4",
    "arch": "resnet50d.ra2_in1k",
    "stages": "2-2-6-2",
    "kernel": "3x3",
    "flag": None,
    "lora_target": "q_proj,k_proj,v_proj,o_proj",
    "rope_theta": 10000.0,
    "hidden": 768,
    "heads": 12,
    "temperature": 0.7,
    "top_p": 0.95,
    "label_smoothing": 0.1,
    "ema": 0.9999,
    "warmup_steps": 1000,
    "clip": 1.0,
    "betas": [0.9, 0.999],
    "password_strength_labels": 4,
    "spam_keywords": ["password", "token"],
    "task": "credential-stuffing-detection",
    "dataset": "leaked-passwords-length-histogram",
    "window": "7d",
    "signature": "(m,n),(n,p)->(m,p)",
    "hash_buckets": 100_000,
    "bert": "distilbert-base-multilingual-cased",
    "formula": "C6H12O6",
    "model": "meta-llama/Llama-3.1-8B-Instruct",
    "gguf": "Q4_K_M",
    "when": "2026-11-21T09:00:00Z",
}
"""Params as people really have them."""


def planted(count: int, seed: int) -> list[tuple[Kind, str]]:
    """So many different secrets, of each kind in turn."""
    draw = random.Random(seed)
    return [(kind, kind.make(draw)) for kind in (KINDS[place % len(KINDS)] for place in range(count))]


def hidden(secret: str, text: str) -> bool:
    """Whether a text holds no telling piece of a secret, in whatever way its lines and quotes are written."""
    return not any(piece in text for piece in pieces(secret))


def pieces(secret: str) -> list[str]:
    """What gives a secret away: the password of an address, a line of a key, else all of it."""
    if "://" in secret and "@" in secret:
        return [secret.partition("@")[0].rpartition(":")[2]]
    if secret.startswith("https://hooks."):
        return [secret.rpartition("/")[2]]
    if "AccountKey=" in secret:
        return [secret.partition("AccountKey=")[2]]
    return [line for line in secret.splitlines() if not line.startswith("-----")]
