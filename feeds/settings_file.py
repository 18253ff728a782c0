"""The settings' file: which one it is, what stands in it before it is validated, which archive it names.

To look at an archive is a matter of a moment: nothing that the models of the settings need is loaded here.
"""

from __future__ import annotations

import tomllib
from argparse import Namespace
from pathlib import Path
from typing import Any

FILE = "publish.toml"
ARCHIVE = "tagwire.db"
EXAMPLE = Path(__file__).parent.parent / "sources" / "example" / FILE


class SettingsError(Exception):
    """The settings are wrong. The message names the file, the line or the key, and the mend."""


def read_file(path: Path) -> dict[str, Any]:
    """Return what stands in a file of settings. Raises SettingsError where it is no TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}; check the path") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: {error}; mend the TOML there") from error


def settings_file(arguments: Namespace) -> Path:
    """Return the file that a command means: the one named, the one in this folder, or the example's."""
    if getattr(arguments, "settings", None):
        return Path(arguments.settings)
    return Path(FILE) if Path(FILE).exists() else EXAMPLE


def archive_file(arguments: Namespace) -> Path:
    """Return the archive that a command means. Raises SettingsError when there is none."""
    path = Path(arguments.archive or _archive_in_use(arguments))
    if not path.exists():
        raise SettingsError(f"{path}: no archive here yet; run build first, or name one with --archive")
    return path


def _archive_in_use(arguments: Namespace) -> str:
    settings = settings_file(arguments)
    if settings == EXAMPLE and Path(ARCHIVE).exists():
        return ARCHIVE
    found = read_file(settings).get("archive", ARCHIVE)
    if not isinstance(found, str):
        raise SettingsError(f"{settings}: archive: {found!r} is no path; name a file, in quotes")
    return found
