"""Marked secrets in every place one can come from, and the search for them in what a run leaves and prints."""

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

MARK = "pLaNtEd/sEcReT+"  # letters that addresses and base64 write otherwise
NAMES = [
    *("KAGGLE_KEY", "KAGGLE_API_TOKEN", "FRED_API_KEY", "PGPASSWORD"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("NOTIFY_URL", "NOTIFY_ROUTING_KEY", "NOTIFY_TEMPLATE"),
]


def secret(name: str) -> str:
    """The secret that lies there."""
    return f"{MARK}{name.lower()}"


def planted(folder: Path) -> Mapping[str, str]:
    """An environment that holds secrets, and whose home holds files of them."""
    (folder / ".kaggle").mkdir(parents=True)
    (folder / ".aws").mkdir()
    write = {
        ".kaggle/kaggle.json": json.dumps({"username": "cinephile", "key": secret("kaggle.json")}),
        ".pgpass": f"*:*:*:*:{secret('pgpass')}\n",
        ".aws/credentials": f"[default]\naws_access_key_id = AKIA\naws_secret_access_key = {secret('aws_file')}\n",
    }
    for name, text in write.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    proxy = f"http://cinephile:{quote(secret('proxy'), safe='')}@127.0.0.1:9"
    return {name: secret(name) for name in NAMES} | {
        "HOME": str(folder),
        "HTTPS_PROXY": proxy,
        "KAGGLE_USERNAME": "cinephile",
    }


def _forms(mark: str) -> list[bytes]:
    """The secret as text, as an address and as basic authorization write it, whatever its neighbours are."""
    inside = [base64.b64encode(b" " * shift + mark.encode())[4:-4] for shift in range(3)]
    return [mark.encode(), quote(mark, safe="").encode(), *inside]


def found_in_texts(texts: Iterable[str | bytes], mark: str = MARK) -> list[str]:
    """The texts that hold the secret, from there on."""
    raw = [text.encode(errors="replace") if isinstance(text, str) else text for text in texts]
    places = [(text, text.find(form)) for text in raw for form in _forms(mark)]
    return [text[max(0, at - 60) : at + 60].decode(errors="replace") for text, at in places if at >= 0]


def found_in_files(folder: Path, mark: str = MARK) -> list[str]:
    """The files below the folder that hold the secret, or have it in their names."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [str(path) for path in files if found_in_texts([str(path), path.read_bytes()], mark)]
