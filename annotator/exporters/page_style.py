"""How the page of highlighted articles looks: on paper, on a light and a dark screen, large and small."""

from collections.abc import Sequence

from annotator.model.colours import DARK, LIGHT, shades
from annotator.model.label import Label

_GROUND = ("paper", "ink", "dim", "faint", "panel", "line", "hover", "accent")
_PLAIN = Label("", "slate")  # of labels that the project does not have

_RULES = """
* { box-sizing: border-box }
html { color-scheme: light dark; scroll-behavior: smooth; scroll-padding-top: 1.5rem }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--sign) }
h1, h2, h3, p, ol, ul { margin: 0; padding: 0; font-weight: inherit; list-style: none }
a { color: inherit; text-decoration: none }
a:hover { text-decoration: underline }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px }
.skip { position: absolute; left: -99rem }
.skip:focus { left: 1rem; top: 1rem }
body > header { padding: 2.2rem 2rem 0; grid-area: top }
h1 { max-width: 43rem; margin: 0 auto; font: 600 .95rem/1.4 var(--sign); color: var(--dim); overflow-wrap: anywhere }
main { padding: 0 2rem 4rem; grid-area: main; min-width: 0 }
article { max-width: 43rem; margin: 0 auto; padding: 2.2rem 0 2.6rem; border-bottom: 1px solid var(--line) }
article:last-child { border: 0 }
h2 { font: 600 1.75rem/1.3 var(--text); margin-bottom: .9rem; overflow-wrap: anywhere }
.about, .comment { font-size: .875rem; color: var(--dim); margin-bottom: .6rem; overflow-wrap: anywhere }
.about a { text-decoration: underline }
.comment { white-space: pre-wrap; border-inline-start: 3px solid var(--line); padding-inline-start: .7rem }
.text { font: 1.1875rem/1.85 var(--text); white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext;
  text-spacing-trim: space-all }
.headline { font-size: 1.75rem; line-height: 1.4; font-weight: 600 }
mark { background: var(--fill); color: inherit; padding: .1em .1em .06em; border-radius: .17em;
  border-bottom: .08em solid var(--mark) }
mark:has(mark) { padding-bottom: .24em }
mark:has(mark mark) { padding-bottom: .42em }
mark.more { border-start-start-radius: 0; border-end-start-radius: 0; padding-inline-start: 0 }
mark.cut { border-start-end-radius: 0; border-end-end-radius: 0; padding-inline-end: 0 }
mark[data-label]::after, .badge { font: 600 .6875rem/1 var(--sign); letter-spacing: .04em; color: var(--on);
  background: var(--mark); border: 1px solid var(--mark); border-radius: .3em; padding: .18em .42em .16em;
  unicode-bidi: isolate; white-space: nowrap }
mark[data-label]::after { content: attr(data-label); margin: 0 .3em; vertical-align: .18em }
mark.no { background: linear-gradient(var(--dim), var(--dim)) 0 58% / 100% .06em no-repeat;
  border-bottom: .08em dotted var(--faint); padding-inline-end: 0 }
mark.no[data-label]::after { content: attr(data-label) " \\2715"; color: var(--dim); background: var(--paper);
  border: 1px dotted var(--dim); margin-inline-end: 0 }
nav { grid-area: side; padding: 1.6rem 1.2rem; background: var(--panel); font-size: .875rem }
nav h2 { font: 600 .75rem/1.4 var(--sign); color: var(--dim); margin: 0 0 .6rem }
nav ul { margin-bottom: 1.6rem }
nav li { display: flex; gap: .6rem; align-items: baseline; justify-content: space-between; padding: .16rem 0 }
nav ol li { padding: 0 }
nav a { flex: 1; min-width: 0; padding: .3rem .4rem; margin-left: -.4rem; border-radius: .3rem; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap }
nav a:hover { background: var(--hover); text-decoration: none }
.count { color: var(--dim); font-variant-numeric: tabular-nums }
.badge { overflow: hidden; text-overflow: ellipsis }
@media screen { article { content-visibility: auto; contain-intrinsic-size: auto 60rem } }
@media screen and (min-width: 62rem) {
  body { display: grid; grid-template: "side top" auto "side main" 1fr / 17.5rem 1fr }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border-inline-end: 1px solid var(--line) }
}
@media screen and (max-width: 61.99rem) {
  body { display: flex; flex-direction: column }
  body > header { order: 1; padding: 1.4rem 1.2rem 0 }
  nav { order: 2; margin: 1rem 1.2rem 0; padding: 1rem; border-radius: .5rem; max-height: 19rem; overflow-y: auto }
  nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin-bottom: 1rem }
  main { order: 3; padding: 0 1.2rem 3rem }
}
@media (max-width: 30rem) { .text { font-size: 1.0625rem } h2, .headline { font-size: 1.4rem } }
@media print {
  @page { margin: 18mm }
  mark, mark::after, .badge { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  :root { --paper: #FFFFFF }
  body { font-size: 10pt } body > header, main, nav { padding: 0 } .text { font-size: 11pt; orphans: 3; widows: 3 }
  h2, .about { break-after: avoid } article, h1 { max-width: none } .skip, nav ol, nav h2 + ol { display: none }
  nav { background: none } nav ul { display: flex; flex-wrap: wrap; gap: 0 1.2rem }
  nav h2:last-of-type { display: none }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }
"""

_FAMILIES = (
    '--text: "Source Serif 4", Charter, "Noto Serif", Georgia, "DejaVu Serif", serif; '
    '--sign: Inter, "Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif'
)


def style(labels: Sequence[Label]) -> str:
    """The style sheet, with a class "l0", "l1" ... for each label."""
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{_colours(labels, dark=True)}}}"
    return f":root {{ {_FAMILIES} }}\n{_colours(labels)}{dark}{_RULES}"


def _colours(labels: Sequence[Label], *, dark: bool = False) -> str:
    ground = DARK if dark else LIGHT
    named = "; ".join(f"--{name}: {ground[name]}" for name in _GROUND)
    rules = [f":root {{ {named}; {_label_colours(_PLAIN, dark)} }}"]
    rules += [f".l{number} {{ {_label_colours(label, dark)} }}" for number, label in enumerate(labels)]
    return "\n".join(rules) + "\n"


def _label_colours(label: Label, dark: bool) -> str:
    ink, fill, on_ink = shades(label.colour, dark)
    return f"--mark: {ink}; --fill: {fill}; --on: {on_ink}"
