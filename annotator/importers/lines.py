"""Lines as they are broken on paper, joined to paragraphs."""

from collections.abc import Sequence

_FULL = 0.75  # of the usual width: a shorter line ends a paragraph, unless the next goes on in small letters


def joined(pages: Sequence[Sequence[str]]) -> str:
    """The paragraphs of lines, a blank line between them; words that are divided at a line's end stay divided there.

    :param pages: the lines of each page, top to bottom.
    """
    lines = [" ".join(line.split()) for page in pages for line in page]
    width = _usual_width(lines)
    found: list[str] = []
    last = ""
    for line in lines:
        if found and last and line and not _ends_paragraph(last, line, width):
            found[-1] += ("\n" if last.endswith(("-", "\u00ad")) else " ") + line
        elif line:
            found.append(line)
        last = line
    return "\n\n".join(found)


def _usual_width(lines: Sequence[str]) -> int:
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 8 // 10] if lengths else 0


def _ends_paragraph(line: str, following: str, width: int) -> bool:
    return len(line) < width * _FULL and not following[0].islower()
