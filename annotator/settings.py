"""The person's settings, recent projects and chosen pipelines: small JSON files in `config_dir()`.

To add a setting: append a Setting to SETTINGS; the dialog and the defaults are made from it.
"""

import contextlib
import getpass
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator import paths
from annotator.errors import KnownError
from annotator.parts import fresh_part

Value = bool | int | str

_log = logging.getLogger(__name__)
_MOST_RECENT = 10
_MOST_TOLD = 1000  # damages of projects
_MOST_PIPELINES = 1_000
_LARGEST = 5_000_000  # bytes of a file; what is longer was not written here


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing a person can choose.

    :param key: in the file and for `Settings.get`.
    :param group: the heading it stands under in the dialog.
    :param title: its line in the dialog.
    :param default: its type is the type of every value.
    :param choices: the only values there are; for an int the least and the greatest.
    :param note: what it does, one sentence.
    """

    key: str
    group: str
    title: str
    default: Value
    choices: tuple[Value, ...] = ()
    note: str = ""

    @property
    def kind(self) -> type[Value]:
        """bool, int or str."""
        return type(self.default)

    def accepts(self, value: object) -> bool:
        """Is this a value of the right type, among the choices?"""
        if type(value) is not self.kind:
            return False
        if self.kind is int and self.choices:
            least, greatest = self.choices
            return least <= value <= greatest  # type: ignore[operator]
        if self.kind is str and not self.choices:
            return bool(str(value).strip())
        return not self.choices or value in self.choices


def login_name() -> str:
    """The name that the operating system knows the person by; "annotator" where it has none."""
    try:
        return getpass.getuser() or "annotator"
    except (KeyError, OSError, ImportError):
        return "annotator"


SETTINGS = (
    Setting("annotator", "Work", "Your name", login_name(), note="Stands beside each of your decisions."),
    Setting(
        "everywhere",
        "Work",
        "Decide for all same occurrences",
        True,
        note="Relabel, reject and add reach every place in the article with the same words.",
    ),
    Setting(
        "visit",
        "Work",
        "Stop at",
        "all suggestions",
        ("all suggestions", "only the less sure"),
        "Where Tab and Space stop; N and P stop everywhere, and Enter confirms the rest in any case.",
    ),
    Setting(
        "sure_from",
        "Work",
        "Sure from, in per cent",
        90,
        (50, 99),
        "Suggestions below look less sure: their line is dotted, their ground lighter.",
    ),
    Setting(
        "ghosts",
        "Work",
        "Show places that may hide an entity",
        False,
        note="Left unmarked, but not surely: outlined with dots, and stopped at, too.",
    ),
    Setting(
        "headline",
        "Work",
        "Import headlines as part of the text",
        False,
        note="Of pages, feeds and mail: the first paragraph then, and not only the title.",
    ),
    Setting(
        "show_rejected",
        "Work",
        "Show rejected spans",
        False,
        note="Struck through, where they were suggested.",
    ),
    Setting(
        "backup_every",
        "Safety",
        "Back up every so many minutes",
        30,
        (0, 1440),
        "Where something was decided since; 0 for never. One is made on closing and before much changes, too.",
    ),
    Setting(
        "alarm",
        "Safety",
        "Ask before so many decisions change",
        50,
        (0, 9_999),
        "A step that would change more decided spans asks first; 0 for never.",
    ),
    Setting("theme", "Look", "Theme", "system", ("system", "light", "dark"), "System follows the desktop."),
    Setting("text_size", "Look", "Text size", 19, (10, 48), "Of the article, in pixels."),
    Setting("badges", "Look", "Label badges", "inline", ("inline", "above"), "Behind the words or above the line."),
    Setting("animated", "Look", "Scroll smoothly", True, note="Glide to the next span instead of jumping."),
)


class Settings:
    """The person's choices; the file holds only what differs from the defaults.

    A damaged file is kept beside as `settings.json.bad`, and the defaults are used.

    :param path: another file than `config_dir()/settings.json`.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or paths.config_dir() / "settings.json"
        self._table = {setting.key: setting for setting in SETTINGS}
        self._chosen = _read_object(self._path)

    def get(self, key: str) -> Any:
        """The value in force; KeyError for a key that is not in SETTINGS."""
        setting = self._table[key]
        value = self._chosen.get(key, setting.default)
        return value if setting.accepts(value) else setting.default

    def set(self, key: str, value: Value) -> None:
        """Choose a value; it is on disk when this returns.

        :raises KeyError: for a key that is not in SETTINGS.
        :raises KnownError: for a value the setting does not accept, or where it cannot be written;
            the old value then stays.
        """
        setting = self._table[key]
        if not setting.accepts(value):
            raise KnownError(f"{setting.title} cannot be {value!r}.", _what_is_accepted(setting))
        chosen = {k: v for k, v in self._chosen.items() if k != key}
        if value != setting.default:
            chosen[key] = value
        _write(self._path, chosen)
        self._chosen = chosen


def _what_is_accepted(setting: Setting) -> str:
    if setting.kind is int:
        return "It goes from {} to {}.".format(*setting.choices)
    if setting.choices:
        return f"It is one of {', '.join(map(str, setting.choices))}."
    return "It cannot be empty." if setting.kind is str else "It is on or off."


def recent() -> list[Path]:
    """The projects opened last that still exist, the latest first, at most 10."""
    return [path for path in _recent_paths() if _is_there(path)]


def last_project() -> Path | None:
    """The project opened last, where it still exists."""
    known = _recent_paths()[:1]
    return known[0] if known and _is_there(known[0]) else None


def missing_project() -> Path | None:
    """The project opened last, where it is not there any more."""
    known = _recent_paths()[:1]
    return known[0] if known and not _is_there(known[0]) else None


def remember(path: str | Path) -> None:
    """Put a project first among the recent ones; raises KnownError where it cannot be written."""
    first = Path(path).absolute()
    known = [first, *(other for other in _recent_paths() if other != first)]
    _keep("projects", [str(each) for each in known[:_MOST_RECENT]])


def remember_rescued(path: Path, of: Path) -> None:
    """Put a rescued copy first among the recent ones, and know of which project it is; KnownError as `remember`."""
    known = {name: file for name, file in _rescued().items() if _is_there(Path(name))}
    _keep("rescued", {**known, str(path.absolute()): str(rescued_from(of) or of.absolute())})
    remember(path)


def rescued_from(path: Path) -> Path | None:
    """Where the project was whose rescued copy this is; None for any other file."""
    of = _rescued().get(str(path.absolute()))
    return Path(of) if isinstance(of, str) else None


def _rescued() -> dict[str, object]:
    listed = _read_object(_recent_file()).get("rescued")
    return listed if isinstance(listed, dict) else {}


def forget_recent() -> None:
    """Forget all recent projects; the files stay."""
    _keep("projects", [])


def import_folder() -> Path:
    """The folder that files were imported from last; the home folder where there is none, or it is gone."""
    last = _read_object(_recent_file()).get("import_folder")
    return Path(last) if isinstance(last, str) and _is_there(Path(last), folder=True) else Path.home()


def remember_import_folder(folder: Path) -> None:
    """The next import begins there; raises KnownError where it cannot be written."""
    if folder != import_folder():
        _keep("import_folder", str(folder))


def chosen_pipelines() -> list[str]:
    """The folders of pipelines that somebody here has chosen, the latest first."""
    listed = _read_object(_pipelines_file()).get("folders")
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def remember_pipeline(folder: str) -> None:
    """Somebody has chosen the pipeline in this folder; raises KnownError where that cannot be written."""
    known = chosen_pipelines()
    if folder not in known:
        _write(_pipelines_file(), {"folders": [folder, *known][:_MOST_PIPELINES]})


def was_told(project_uid: str, damage: str) -> bool:
    """Did somebody here read of this damage of a project?"""
    return f"{project_uid} {damage}" in _told()


def remember_told(project_uid: str, damage: str) -> None:
    """Somebody has, and need not again; raises KnownError where that cannot be written."""
    _write(_told_file(), {"told": [*_told(), f"{project_uid} {damage}"][-_MOST_TOLD:]})


def _told() -> list[object]:
    listed = _read_object(_told_file()).get("told")
    return listed if isinstance(listed, list) else []


def _told_file() -> Path:
    return paths.config_dir() / "told.json"


def _pipelines_file() -> Path:
    return paths.config_dir() / "pipelines.json"


def _recent_file() -> Path:
    return paths.config_dir() / "recent.json"


def _keep(key: str, value: object) -> None:
    _write(_recent_file(), _read_object(_recent_file()) | {key: value})


def _is_there(path: Path, folder: bool = False) -> bool:
    """Also of names that are too long for any file, or hold what none may."""
    try:
        return path.is_dir() if folder else path.is_file()
    except (OSError, ValueError):
        return False


def _recent_paths() -> list[Path]:
    listed = _read_object(_recent_file()).get("projects")
    return [Path(each) for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def _read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file; empty where there is none. What is damaged is put aside."""
    try:
        with path.open("rb") as file:
            data = json.loads(file.read(_LARGEST))
        if not isinstance(data, dict):
            raise ValueError("not an object")
    except FileNotFoundError:
        return {}
    except OSError as error:
        _log.warning("%s cannot be read (%s); the defaults are used.", path, error.strerror)
        return {}
    except (ValueError, RecursionError):
        _log.warning("%s is damaged; it is kept as %s.bad and the defaults are used.", path, path.name)
        with contextlib.suppress(OSError):
            path.replace(path.with_name(path.name + ".bad"))
        return {}
    return data


def _write(path: Path, data: dict[str, Any]) -> None:
    """Replace a file as a whole: after a crash there is the old one or the new one."""
    try:
        with fresh_part(path) as part:
            with part.open("w", encoding="utf-8") as file:
                json.dump(data, file, indent=2, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
    except OSError as error:
        raise KnownError(f"{path} cannot be written: {error.strerror}.", "Your choice was not kept.") from error
