"""What stands above an article wherever it is shown: where it comes from, and its title where the text has none."""

from datetime import date

from annotator.model.article import Article

# Not strftime's, which speak the language that the system is set to: the same article looks alike everywhere.
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def begins_with_title(article: Article) -> bool:
    """Does the text itself begin with the article's title?"""
    title = str(article.meta.get("title") or "").strip()
    return bool(title) and article.text.lstrip("\ufeff \t\r\n").startswith(title)


def title_above(article: Article) -> str:
    """The title in one line; "" where there is none or the text begins with it."""
    return "" if begins_with_title(article) else _meta(article, "title")


def about(article: Article) -> str:
    """Source and date in one line, "Reuters  ·  3 May 2026"; "" where neither is known."""
    return "  ·  ".join(filter(None, (_meta(article, "source"), _published(article))))


def _meta(article: Article, key: str) -> str:
    return " ".join(str(article.meta.get(key) or "").split())


def _published(article: Article) -> str:
    """The date in words; as it came where it is no ISO date."""
    published = _meta(article, "published")
    try:
        day = date.fromisoformat(published[:10])
    except ValueError:
        return published
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
