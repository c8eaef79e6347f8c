"""Keys and the contact of a user: from the environment, else from a file that nobody else can read.

A key is in no message, log, manifest or cache: it is sent, and replaced wherever text about a request is written.
"""

import logging
import os
import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hubrank.core.errors import StudyError

CONTACT = "HUBRANK_CONTACT"
FILE = "HUBRANK_KEYS"  # the environment variable of another path
HIDDEN = "[key]"
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


def key_file() -> Path:
    """Return the path of the file of keys, which need not exist."""
    configured = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(os.environ.get(FILE) or Path(configured) / "hubrank" / "keys.toml")


def setting(name: str) -> str:
    """Return a key or the contact; "" where neither the environment nor the file has it.

    Raises StudyError where others can read the file, or where it is no table of texts.
    """
    if value := os.environ.get(name, "").strip():
        return _sendable(value, name)
    path = key_file()
    if not path.is_file():
        return ""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise StudyError(f"{path} contains keys and has mode {mode:o}: others can read it. chmod 600 {path}")
    try:
        value = tomllib.loads(path.read_text("utf-8")).get(name, "")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise StudyError(f'{path} is not TOML. One line for each key: {name} = "…"') from None
    if not isinstance(value, str):
        raise StudyError(f'{path}: {name} is not a text. Write {name} = "…"')
    return _sendable(value.strip(), name)


def _sendable(value: str, name: str) -> str:
    """Return a text that a request can contain."""
    if not (value.isascii() and value.isprintable()):
        raise StudyError(f"{name} contains characters that a key or an e-mail address does not have. Copy it again.")
    return value


class Hidden(logging.Filter):
    """Replaces a key in what other packages log of a request."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite a record that contains the key."""
        if self._key in (text := record.getMessage()):
            record.msg, record.args = text.replace(self._key, HIDDEN), ()
        return True


@contextmanager
def hidden_in_logs(key: str) -> Iterator[None]:
    """Keep a key out of the logs of the packages that send it."""
    hidden = Hidden(key)
    loggers = [logging.getLogger(name) for name in _LOGGERS] if key else []
    for logger in loggers:
        logger.addFilter(hidden)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(hidden)
