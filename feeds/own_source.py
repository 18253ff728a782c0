"""A source of one's own: a class named in publish.toml, found and made."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from feeds.settings import SettingsError, SourceSettings
from sources.source import Source


def own_source(settings: SourceSettings, base: Path) -> Source:
    """Make the source that `class = "module:Class"` names, with its `options`.

    base: the folder of publish.toml; a module beside it is found.
    Raises SettingsError that says whether the module, the class or the options are at fault.
    """
    module_name, _, class_name = (settings.class_ or "").partition(":")
    if str(base.resolve()) not in sys.path:
        sys.path.insert(0, str(base.resolve()))
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise SettingsError(f"source.class: {error}; install what holds {module_name}") from error
    if not hasattr(module, class_name):
        raise SettingsError(f"source.class: {module_name} has no {class_name}; check the name")
    try:
        made: Source = getattr(module, class_name)(**settings.options)
    except TypeError as error:
        raise SettingsError(f"source.options: {error}; they are the arguments of {class_name}") from error
    if not (hasattr(made, "read") and hasattr(made, "name")):
        raise SettingsError(f"source.class: {class_name} is no source: it needs `name` and `read`")
    return made
