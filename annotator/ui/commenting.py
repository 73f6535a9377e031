"""Comments on articles: what was typed and could not be saved is offered again until it is."""

from typing import TYPE_CHECKING

from annotator.errors import KnownError
from annotator.session import Outcome
from annotator.ui import saving_words, words
from annotator.ui.dialogs.comment import ask_comment
from annotator.ui.notice_bar import CAUTION, Notice
from annotator.ui.plain import choose

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

_NOTICE = "comment"


class Commenting:
    """Asks for comments, and holds those that were refused, also while another project is open."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._unsaved: dict[tuple[str, int], str] = {}  # by project and article

    def ask(self) -> None:
        """Say something about the article on the desk; what was refused before stands in the field."""
        article = self._window.desk.article
        if article is None:
            return
        text = ask_comment(self._window, self._unsaved.get(self._key(article.id), article.comment))
        if text is not None:
            self._keep(article.id, text)

    def _key(self, article_id: int) -> tuple[str, int]:
        return self._window.desk.session.project.meta("project_uid"), article_id

    def _keep(self, article_id: int, text: str) -> None:
        key, session = self._key(article_id), self._window.desk.session
        self._unsaved[key] = text

        def keep() -> Outcome:
            outcome = session.comment(article_id, text)
            self._unsaved.pop(key, None)
            return outcome

        self._window.desk.attempt(keep)
        self.refresh()

    def refresh(self) -> None:
        """Tell of what is not saved in the open project."""
        waiting = self._waiting()
        if waiting:
            answers = (("Comment again…", self._ask_again),)
            text = words.shortened(self._unsaved[self._key(waiting[0])])
            notice = Notice(CAUTION, saving_words.comment_unsaved(len(waiting)), text, answers, can_go=False)
            self._window.safety.bar.put(_NOTICE, notice)
        else:
            self._window.safety.bar.take(_NOTICE)

    def _waiting(self) -> list[int]:
        """The articles of the open project whose comments are not saved."""
        project, _ = self._key(0)
        return [article_id for uid, article_id in self._unsaved if uid == project]

    def _ask_again(self) -> None:
        desk, waiting = self._window.desk, self._waiting()
        try:
            if waiting and (desk.article is None or desk.article.id != waiting[0]):
                desk.open_article(waiting[0])
        except KnownError as error:  # its import was taken back
            desk.fail(error)
        else:
            self.ask()

    def may_close(self) -> bool:
        """May the window go? Not unasked where a comment is in no file."""
        if not self._unsaved:
            return True
        title = saving_words.comment_unsaved(len(self._unsaved))
        leave = "Close without it" if len(self._unsaved) == 1 else "Close without them"
        return (
            choose(self._window, title, "\n".join(map(words.shortened, self._unsaved.values())), ("Stay", leave))
            == leave
        )
