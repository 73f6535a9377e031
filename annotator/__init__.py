"""Annotator: label named entities in news articles, on your own machine.

The package in layers; each imports only what stands below it (held by import-linter in CI):

    cli.py   ui/                                   front ends; Qt only in ui/
    session/                                       the verbs, the same for window and command line
    store/   suggest/   importers/   exporters/    siblings that never import each other
    model/                                         the nouns; standard library only

Beside them: errors, paths, processes, child, last_words, discretion, settings, resources, log. The glossary
is `help(annotator.model)`.
Where to add a thing: `exporters/__init__.py`, `importers/__init__.py`, `suggest/__init__.py`,
`store/migrations.py`, `ui/actions.py` and `settings.py` each say it at their top.
"""

__version__ = "0.1.0"
