"""The sentences of the window, in one place."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from annotator.model.article import ArticleState
from annotator.model.elsewhere import Correction
from annotator.model.pattern import PERSON
from annotator.model.span import UNMARKED, Decision, Span, SpanState
from annotator.session import Entry, Outcome, Progress
from annotator.session.outcome import counted
from annotator.store.backups import Backup
from annotator.store.identity import as_said
from annotator.store.origins import is_other
from annotator.ui.direction import isolated

READING_AHEAD, LEARNING = "Reading ahead…", "Learning…"
ALL_DONE = "Every article is done or skipped. File > Export writes the dataset."
NOTHING_TO_UNDO = "There is nothing to undo."
NOTHING_TO_REDO = "There is nothing to redo."
DONE_ALREADY = "This article is done. Ctrl+R opens it again."
NO_TWIN = "No article that is done is nearly the same as this one."
NO_TWINS = "No two articles that wait are nearly the same."
RANDOM = "Picked at random: it may stand for all articles in an evaluation."
NO_SPAN = "No span is chosen. Tab goes to the next one to check."
NEVER_AN_ENTITY = "never an entity"
COUNTING = "Counting decisions…"
EMPTY_MEMORY = "Nothing is remembered yet.\n\nEvery decision adds to the memory. Words can be added, lists imported."
NOTHING_MATCHES = "No words of the memory match. Enter adds those that were typed."
MEMORY_KEYS = "A label’s key relabels · Del: never an entity · Backspace forgets what was said by hand · Enter: more"
NO_CORRECTION = "No correction was made lately that other articles could take over."
STILL_LOOKING = "Still looking through the other articles…"
NOWHERE_ELSE = "No other undecided article has a place for the last correction."
NOTHING_CHANGED = "It is so already; nothing was changed."
LEARNING_IS = {True: "Suggestions are learned from decisions.", False: "Suggestions are the pipeline's alone."}
NO_PLACE = "No words are chosen. Go to a span, or move the word cursor with the arrow keys."
ASIDE_NOTE = "not labelled"
BACKED_UP_ALREADY = "Nothing was decided since the newest backup; it holds the project as it is."
CHANGE_THEM = "They are changed as one step, which undo takes back, and a backup is made before."
TAKE_THEM_AWAY = "The articles go as one step, which Redo brings back with all decisions; a backup is made before."
GO_BACK = (
    "The whole project becomes what it was then. What is there now is kept twice: as a backup, and as a file named "
    "{}.before-restore and the time, beside the project."
)
NO_UNDO = (
    "Ctrl+Z does not take this back: it undoes the steps before that moment. To return, restore the backup “Before a "
    "restore” (File > Backups), or open the file that was kept."
)
OF_ANOTHER_FILE = "This backup was not made from {}, but from another file of the same project: {}"
NOTHING_LEFT = "Nothing would be left of the span. X rejects it."
TEXT_ENDS = "The text has nothing more there."
NO_COPIES = "The last decision reached no copies."
EMPTY_PROJECT = "No articles yet.\n\nDrop files or folders here, or press Ctrl+I for files, Ctrl+Shift+I for a folder."
NOTHING_TO_IMPORT = "There is nothing to import: no files were found there."
FIRST_KEYS = "   ·   ".join(
    ("Space confirms", "Tab goes on", "a label's key relabels", "X rejects", "Enter finishes", "F1 all keys")
)

_LONGEST = 120
_STATES = {
    ArticleState.NEW: "New",
    ArticleState.OPEN: "In work",
    ArticleState.DONE: "Done",
    ArticleState.SKIPPED: "Skipped",
}
_VERBS = {
    "confirm": "confirm",
    "reject": "reject",
    "relabel": "relabel",
    "relabel_all": "relabel of several",
    "resize": "move of an edge",
    "add": "new span",
    "decide": "decisions",
    "finish": "finished article",
    "finish_sure": "finished article",
    "reopen": "reopened article",
    "skip": "skipped article",
    "flag": "flag",
    "comment": "comment",
    "skip_twins": "skipped near-duplicates",
    "take_over": "decisions taken over",
    "labels": "change of labels",
    "memory": "change of the memory",
    "memory_forget": "forgotten words",
    "memory_import": "imported list of words",
    "elsewhere": "same change in other articles",
    "aside": "passage not to be labelled",
    "no_aside": "passage to be labelled",
    "import": "import",
    "restore": "restored articles",
}
_DONE = {
    "confirm": "Confirmed",
    "reject": "Rejected",
    "relabel": "Relabelled",
    "relabel_all": "Relabelled",
    "resize": "Edge moved",
    "add": "Added",
    "reopen": "Article open again",
    "skip": "Article skipped",
    "flag": "Flag changed",
    "comment": "Comment kept",
    "labels": "Labels changed",
    "memory": "Remembered",
    "memory_forget": "Forgotten",
    "memory_import": "List imported",
}
_ASIDES = {
    "aside": "{} {} not to be labelled: no suggestions there, nothing learned, kept in the text.".format,
    "no_aside": "{} {} to be labelled again.".format,
}
_BACKUPS = {
    "by-hand": "Asked for",
    "schedule": "Every so often",
    "close": "On closing",
    "before-undo": "Before an import was undone",
    "before-labels": "Before labels changed",
    "before-bulk": "Before many articles changed",
    "before-twins": "Before near-duplicates changed",
    "before-list": "Before a list of words came",
    "before-alarm": "Before many decisions changed",
    "before-restore": "Before a restore",
}
_SOURCES = {"learner": "the learner", "memory": "the memory", "patterns": "the memory (by hand)", "": ""}
_VERSION = re.compile(r" \d[\w.]*$")
_SPREADING = ("relabel", "reject", "add")  # reach same occurrences by default
_OF_PLACES = (*_SPREADING, "relabel_all", "confirm", "resize")
_HOW = {
    Decision.CONFIRM: "confirmed",
    Decision.REJECT: "rejected",
    Decision.RELABEL: "relabelled",
    Decision.RESIZE: "edges moved",
    Decision.ADD: "added",
}


def nothing_left(sure: int) -> str:
    """Said where the cursor has nowhere to stop.

    :param sure: how many suggestions it does not stop at.
    """
    rest = f"{counted(sure, 'sure suggestion')} left; Enter confirms {'it' if sure == 1 else 'them'}."
    return rest if sure else "Nothing is left to check in this article. Enter finishes it."


def all_checked(sure: int) -> str:
    """Said when the last place to check was decided; see `nothing_left`."""
    return f"All checked. Enter finishes the article{f' and confirms {sure} more' if sure else ''}."


def what_is_left(to_check: int, sure: int, in_full: bool) -> str:
    """How many places of an article wait for a look, and how many more for Enter.

    :param in_full: more are to be checked than chosen, since the article was picked at random.
    """
    left = f"{to_check} to check" if to_check else "nothing to check" if sure else "all checked"
    return f"{left}{f', {sure} sure' if sure else ''}{', picked at random' if in_full and to_check else ''}"


def ghosts_shown(on: bool, count: int) -> str:
    """Said when the places that may hide an entity are shown or not shown any more."""
    if not on:
        return "Places that may hide an entity are not shown any more."
    if not count:
        return "No place of this article may hide an entity, as far as was learned."
    return f"{counted(count, 'place')} may hide an entity: Space accepts, a label’s key relabels, X dismisses."


def article_state_title(state: ArticleState) -> str:
    """An article's state in a word."""
    return _STATES[state]


def progress(of: Progress) -> str:
    """How far the project is: "2 of 7 articles done, 1 skipped"."""
    skipped = of.articles[ArticleState.SKIPPED]
    return f"{of.articles[ArticleState.DONE]} of {of.total} articles done" + (f", {skipped} skipped" if skipped else "")


def backup_reason(reason: str) -> str:
    """Why a backup was made."""
    version = reason.removeprefix("before-v")
    return f"Before the update to version {version}" if version.isdecimal() else _BACKUPS.get(reason, reason)


def backup_at(at: datetime) -> str:
    """When a backup was made, as the clock on the wall has it: "2026-01-31 09:30"."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def go_back(backup: Backup, project: Path) -> str:
    """Asked before a backup takes the place of the project."""
    other = OF_ANOTHER_FILE.format(project.name, backup.origin) if is_other(backup.origin, project) else ""
    return "\n\n".join(filter(None, (other, GO_BACK.format(project.stem))))


def kept_as(path: Path) -> str:
    """Where the file is that a whole backup took the place of."""
    return f"What was there before is kept as {path.name}, beside the project, and as a backup.\n\n{NO_UNDO}"


def backed_up(articles: int, decisions: int) -> str:
    """Said when a backup that was asked for is there."""
    return f"Backed up: {counted(articles, 'article')}, {counted(decisions, 'decision')}."


def verb_title(verb: str) -> str:
    """A verb as a noun, for "Undo ..."."""
    return _VERBS.get(verb, verb)


def step(verb: str, about: str) -> str:
    """A step that was not made, in a few words: "relabel: “Alibaba”".

    :param about: words or a title; "" for what is about neither.
    """
    title = verb_title(verb) or "undo or redo"
    return f"{title}: “{shortened(about)}”" if about else title


def _times(done: Outcome) -> str:
    if done.count < 2 or done.verb not in _OF_PLACES:
        return "."
    return f" {done.count} places.{' U keeps only this one.' if done.verb in _SPREADING else ''}"


def _closing(done: Outcome) -> str:
    if not done.count:
        return "Article done."
    what = "decided" if done.verb == "decide" else "confirmed"
    return f"Article done; {done.count} {'span' if done.count == 1 else 'spans'} {what} with it."


def _together(done: Outcome) -> str:
    articles = counted(done.articles, "article")
    if done.verb == "skip_twins":
        return f"{articles} skipped."
    return f"{counted(done.count, 'decision')} taken over, in {articles}."


def twin_is_done(title: str) -> str:
    """Said when an article comes up that is nearly the same as one that is done."""
    return f"Nearly the same as “{shortened(title)}”, which is done. Ctrl+Shift+T takes over its decisions."


def guidelines(version: str) -> str:
    """Which version of them is in force."""
    return f"Guidelines {version} are in force." if version else "No version of the guidelines is named."


def in_order(title: str) -> str:
    """Said when another order of work was chosen."""
    return f"Order of work: {title[0].lower()}{title[1:]}."


def _reached(done: Outcome) -> str:
    """How far a step went that was taken back or done again; empty for what is seen as one thing."""
    if done.of == "import":
        return f" ({counted(done.articles, 'article')})"
    spans = f"{done.count} spans" if done.count > 1 else ""
    if done.articles > 1:
        return f" ({f'{spans} in ' if spans else ''}{done.articles} articles)"
    return f" ({spans})" if spans else ""


def outcome(done: Outcome) -> str:
    """One line on what a verb did."""
    if done.verb in ("undo", "redo"):
        return f"{'Undid' if done.verb == 'undo' else 'Did again'}: {verb_title(done.of)}{_reached(done)}."
    if done.verb in ("finish", "finish_sure", "decide"):
        return _closing(done)
    if done.verb == "elsewhere":
        return f"Changed {reach(done.count, done.articles)}; Ctrl+Z takes all of it back."
    if done.verb == "restore":
        same = "They are so already; nothing was changed."
        return f"{counted(done.articles, 'article')} restored; Ctrl+Z takes it back." if done.articles else same
    if done.verb in ("skip_twins", "take_over"):
        return _together(done)
    if done.verb in _ASIDES:
        return (
            NO_PLACE
            if not done.count
            else _ASIDES[done.verb](counted(done.count, "paragraph"), "is" if done.count == 1 else "are")
        )
    if done.verb in ("add", "relabel", "relabel_all", "confirm", "resize") and not done.count:
        return NOTHING_CHANGED
    return f"{_DONE.get(done.verb, done.verb)}{_times(done)}"


def correction(of: Correction) -> str:
    """What a correction makes of which words: "“Alibaba” → ORG"."""
    right = f"“{shortened(of.words)}”"
    if of.label is None:
        return f"{right} is no {of.instead_of}"
    proposed = shortened(of.surface[slice(*(of.before or (None, None)))])
    return f"“{proposed}” → {right} {of.label}" if of.moves else f"{right} → {of.label}"


def reach(places: int, articles: int) -> str:
    """How far something goes in other articles: "23 places of 9 other articles"."""
    return f"{counted(places, 'place')} of {counted(articles, 'other article')}"


def describe(span: Span, surface: str) -> str:
    """Where a span came from: several lines of plain text."""
    told = [_who(span), *_before(span), proposed(span)]
    if span.state is SpanState.SUGGESTED:
        told.reverse()  # how sure it is comes first
    return "\n".join(filter(None, (f"“{shortened(surface)}”  {span.label}", *told)))


def proposed(span: Span) -> str:
    """Which sources agreed on a span, and how sure that makes it; empty for a person's own."""
    if span.source == "person":
        return ""
    names = [_SOURCES.get(name, name) for name in span.source.removesuffix(UNMARKED).split(" + ")]
    sure = "" if span.confidence is None else f"{span.confidence:.0%} sure"
    if span.was_unmarked:
        return f"left unmarked by {_listed(names)}, {sure or 'not sure'} that it is one"
    if span.state is not SpanState.SUGGESTED or not sure:
        return f"proposed by {_listed(names)}{sure and f', {sure}'}"
    short = [_VERSION.sub("", name) for name in names]
    return f"{sure}: {_listed(short)}{' agree' if len(short) > 1 else ''}"


def _listed(names: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1] or "an unnamed source")))


def remembered(entry: Entry) -> str:
    """What the memory knows of some words: several lines of plain text."""
    lines = [f"“{shortened(entry.surface)}”  {entry.label or NEVER_AN_ENTITY}"]
    if entry.pattern is not None:
        lines.append(f"{made_by(entry)}{', in any casing' if entry.any_case else ''}")
    counts = ((entry.confirmed, entry.label or ""), *((n, label) for label, n in entry.others))
    told = [f"confirmed as {label}: {n}" for n, label in counts if n and label]
    told += [f"rejected: {entry.rejected}"] if entry.rejected else []
    if entry.decisions:
        articles = "1 article" if entry.articles == 1 else f"{entry.articles:,} articles"
        lines += [*told, f"in {articles}, last by {entry.by}, {as_said(entry.last)}"]
    return "\n".join(lines)


def made_by(entry: Entry) -> str:
    """Where an entry of the memory comes from, in a few words."""
    if entry.pattern is None:
        return "1 article" if entry.articles == 1 else f"{entry.articles:,} articles"
    return "by hand" if entry.pattern.origin == PERSON else f"from {shortened(entry.pattern.origin)}"


def selected(surface: str) -> str:
    """What can be done with selected words."""
    return f"“{shortened(surface)}”\nSelected. A label's key makes it a span."


def shortened(surface: str) -> str:
    """Words on one line, at most 120 code points of them."""
    surface = " ".join(surface.split())
    return isolated(surface if len(surface) <= _LONGEST else f"{surface[: _LONGEST - 1]}…")


def _before(span: Span) -> list[str]:
    if span.was is None:
        return []
    label = [f"was {span.was.label}"] if span.was.label != span.label else []
    moved = (span.was.start, span.was.end) != span.range
    return [*label, *(["had other edges"] if moved else [])]


def _who(span: Span) -> str:
    if span.is_ghost:
        return "may be an entity; nothing is suggested here"
    if span.state is SpanState.SUGGESTED or span.decision is None:
        return "suggested, waits for a decision"
    return f"{_HOW[span.decision]} by {span.annotator}, {as_said(span.at or '')}"


def about(project: Path) -> str:
    """What the program is and where its data lies."""
    return (
        "Labels named entities in news articles, on your own machine. Nothing is ever sent anywhere.\n\n"
        f"This project: {project}"
    )
