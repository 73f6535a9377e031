"""The keys file: a person's own keys for actions, in `config_dir()/keys.json`.

An object from action id to a list of Qt's portable key names, as {"confirm": ["Space", "A"]}.
Only what is in the file differs from the table in `actions`.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtGui import QKeySequence

from annotator import paths, regular
from annotator.ui.actions import ACTIONS, Action

_log = logging.getLogger(__name__)

_LARGEST = 1_000_000  # bytes
_LONGEST = 100  # characters of a key's name

Keys = dict[str, tuple[str, ...]]


def keys_file() -> Path:
    """Where the person's own keys are, whether the file is there or not."""
    return paths.config_dir() / "keys.json"


def defaults(actions: Iterable[Action] = ACTIONS) -> Keys:
    """The keys of the table."""
    return {action.id: action.keys for action in actions}


def read_keys(path: Path) -> tuple[Keys, list[str]]:
    """The keys in force, and one sentence for each thing in the file that cannot be followed."""
    try:
        with regular.opened(path) as file:
            chosen = json.loads(file.read(_LARGEST).decode("utf-8-sig"))
    except FileNotFoundError:
        return defaults(), []
    except (OSError, ValueError, RecursionError) as error:
        return defaults(), [f"The keys file cannot be read: {error}"]
    if not isinstance(chosen, dict):
        return defaults(), ["The keys file holds no object of action ids."]
    return _merged(chosen)


def _merged(chosen: Mapping[str, Any]) -> tuple[Keys, list[str]]:
    keys, complaints = defaults(), []
    for action_id, wanted in chosen.items():
        names = [wanted] if isinstance(wanted, str) else wanted
        if action_id not in keys:
            complaints.append(f"There is no action {action_id:.80}.")
        elif not isinstance(names, list) or not all(_is_key(name) for name in names):
            complaints.append(f"{action_id}: {wanted!r:.80} is no list of keys.")
        else:
            keys[action_id] = tuple(names)
    return keys, complaints + _twice(keys)


def _is_key(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= _LONGEST and not QKeySequence(name).isEmpty()


def _twice(keys: Keys) -> list[str]:
    owner: dict[str, str] = {}
    complaints = []
    for action_id, names in keys.items():
        for name in names:
            portable = QKeySequence(name).toString()
            if owner.setdefault(portable, action_id) != action_id:
                complaints.append(f"{name} stands for both {owner[portable]} and {action_id}.")
    return complaints


def write_defaults(path: Path) -> None:
    """Make the keys file, with every action's keys in it, for the person to edit."""
    listed = {action_id: list(names) for action_id, names in defaults().items()}
    path.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", "utf-8")
