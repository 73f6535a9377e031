"""Settings, recent projects, folders and the log."""

import getpass
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from annotator import log, paths, settings
from annotator.errors import KnownError
from annotator.settings import SETTINGS, Setting, Settings


def other_value(setting: Setting) -> settings.Value:
    """A value the setting accepts that is not its default."""
    if isinstance(setting.default, bool):
        return not setting.default
    if isinstance(setting.default, int):
        return setting.default + 1
    others = [choice for choice in setting.choices if choice != setting.default]
    return others[0] if others else f"{setting.default} the second"


def file_of_settings() -> Path:
    return paths.config_dir() / "settings.json"


def test_keys_are_unique() -> None:
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
class TestEachSetting:
    def test_accepts_its_default_and_another(self, setting: Setting) -> None:
        assert setting.accepts(setting.default)
        assert setting.accepts(other_value(setting))

    def test_is_shown_with_words(self, setting: Setting) -> None:
        assert setting.group
        assert setting.title
        assert setting.note.endswith(".")

    def test_a_choice_survives_a_restart(self, setting: Setting) -> None:
        Settings().set(setting.key, other_value(setting))
        assert Settings().get(setting.key) == other_value(setting)
        assert list(json.loads(file_of_settings().read_bytes())) == [setting.key]

    def test_the_default_is_not_written(self, setting: Setting) -> None:
        chosen = Settings()
        chosen.set(setting.key, other_value(setting))
        chosen.set(setting.key, setting.default)
        assert json.loads(file_of_settings().read_bytes()) == {}

    @pytest.mark.parametrize("wrong", [None, 2.5, -1, "", "   ", [], 10_000])
    def test_refuses_a_wrong_value_and_keeps_the_old(self, setting: Setting, wrong: object) -> None:
        chosen = Settings()
        chosen.set(setting.key, other_value(setting))
        with pytest.raises(KnownError):
            chosen.set(setting.key, wrong)  # type: ignore[arg-type]
        assert Settings().get(setting.key) == other_value(setting)

    def test_a_wrong_value_in_the_file_counts_as_none(self, setting: Setting) -> None:
        file_of_settings().write_text(json.dumps({setting.key: {"no": "value"}}))
        assert Settings().get(setting.key) == setting.default


def test_the_name_is_the_login_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "ana")
    assert settings.login_name() == "ana"


@pytest.mark.parametrize("error", [KeyError("uid"), OSError("no user"), ImportError("pwd")])
def test_a_machine_without_users_still_has_a_name(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", fail)
    assert settings.login_name() == "annotator"


def test_one_is_no_yes() -> None:
    with pytest.raises(KnownError, match="on or off"):
        Settings().set("everywhere", 1)


def test_an_unknown_key_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Settings().get("colour_of_the_sky")
    with pytest.raises(KeyError):
        Settings().set("colour_of_the_sky", "blue")


def test_keys_of_another_version_are_kept() -> None:
    file_of_settings().write_text('{"from_the_future": 7}')
    Settings().set("theme", "dark")
    assert json.loads(file_of_settings().read_bytes()) == {"from_the_future": 7, "theme": "dark"}


@pytest.mark.expects_log
@pytest.mark.parametrize("damage", [b"{", b"[]", b"\xff\xfe\x00", b"", b'"theme"'])
def test_a_damaged_file_is_put_aside(damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file_of_settings().write_bytes(damage)
    assert Settings().get("theme") == "system"
    assert file_of_settings().with_name("settings.json.bad").read_bytes() == damage
    assert not file_of_settings().exists()
    assert "damaged" in caplog.text


def test_where_it_cannot_be_written_the_old_value_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Settings()
    chosen.set("theme", "dark")

    def disk_full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(settings.os, "fsync", disk_full)
    with pytest.raises(KnownError, match="No space left"):
        chosen.set("theme", "light")
    assert chosen.get("theme") == Settings().get("theme") == "dark"
    assert [file.name for file in file_of_settings().parent.iterdir()] == ["settings.json"]


class TestRecent:
    def test_latest_first_each_once_at_most_ten(self, tmp_path: Path) -> None:
        files = [tmp_path / f"{number}.annot" for number in range(12)]
        for file in [*files, files[5]]:
            file.touch()
            settings.remember(file)
        assert settings.recent() == [files[5], *(files[n] for n in (11, 10, 9, 8, 7, 6, 4, 3, 2))]
        assert settings.last_project() == files[5]

    def test_what_is_gone_is_not_offered(self, tmp_path: Path) -> None:
        stays, goes = tmp_path / "stays.annot", tmp_path / "goes.annot"
        for file in (stays, goes):
            file.touch()
            settings.remember(file)
        goes.unlink()
        assert settings.recent() == [stays]
        assert settings.last_project() is None

    def test_nothing_at_first_and_after_forgetting(self, tmp_path: Path) -> None:
        assert settings.recent() == []
        (tmp_path / "a.annot").touch()
        settings.remember(str(tmp_path / "a.annot"))
        settings.forget_recent()
        assert settings.recent() == []

    def test_imports_begin_where_the_last_one_did(self, tmp_path: Path) -> None:
        assert settings.import_folder() == Path.home()
        (tmp_path / "a.annot").touch()
        settings.remember(tmp_path / "a.annot")
        (tmp_path / "news").mkdir()
        settings.remember_import_folder(tmp_path / "news")
        assert settings.import_folder() == tmp_path / "news"
        settings.forget_recent()
        assert settings.import_folder() == tmp_path / "news"
        (tmp_path / "news").rmdir()
        assert settings.import_folder() == Path.home()

    @hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
    @given(data=st.recursive(st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner)))
    def test_any_json_in_the_file_is_survived(self, data: object, home: Path) -> None:
        (paths.config_dir() / "recent.json").write_text(json.dumps({"projects": data, "import_folder": data}))
        assert settings.recent() == []
        assert settings.import_folder().is_dir()


class TestPaths:
    def test_all_folders_move_together(self, home: Path) -> None:
        folders = {paths.data_dir(), paths.config_dir(), paths.log_dir()}
        assert len(folders) == 3
        assert all(folder.is_dir() and folder.parent == home for folder in folders)
        assert paths.default_project() == home / "data" / "news.annot"
        assert paths.crash_dir().parent == paths.data_dir()

    def test_without_the_variable_they_are_the_system_s(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.delenv("ANNOTATOR_HOME")
        monkeypatch.setattr(paths.appdirs, "user_data_dir", lambda name, appauthor: str(tmp_path / name))
        assert paths.data_dir() == tmp_path / "annotator"

    def test_a_folder_that_cannot_be_made_is_a_known_error(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "file"))
        with pytest.raises(KnownError, match="ANNOTATOR_HOME"):
            paths.data_dir()


class TestLog:
    @pytest.fixture(autouse=True)
    def _as_before(self) -> Iterator[None]:
        logger = logging.getLogger("annotator")
        level = logger.level
        yield
        logger.setLevel(level)
        for handler in logger.handlers[:]:
            logger.removeHandler(handler)
            handler.close()

    @pytest.mark.expects_log
    def test_the_file_never_holds_what_an_exception_says(self, capsys: pytest.CaptureFixture[str]) -> None:
        log.set_up()
        log.set_up()
        words = "unpublished words".upper()
        try:
            raise ValueError(words)
        except ValueError:
            logging.getLogger("annotator.importers").exception("article %d failed", 7)
        kept = (paths.log_dir() / "annotator.log").read_text("utf-8")
        assert kept.count("article 7 failed") == 1
        assert "ValueError" in kept
        assert "test_settings.py" in kept
        assert words not in kept
        assert words in capsys.readouterr().err

    @pytest.mark.expects_log
    @pytest.mark.parametrize("debug", [False, True])
    def test_stderr_gets_warnings_and_more_when_debugging(
        self, debug: bool, capsys: pytest.CaptureFixture[str]
    ) -> None:
        log.set_up(debug)
        logging.getLogger("annotator.store").warning("slow disk")
        logging.getLogger("annotator.store").debug("12 rows")
        said = capsys.readouterr().err
        assert "slow disk" in said
        assert ("12 rows" in said) is debug

    @pytest.mark.expects_log
    def test_no_folder_costs_only_the_file(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "file"))
        log.set_up()
        assert "No log file is kept" in capsys.readouterr().err
