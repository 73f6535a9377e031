"""The project file: the only package that speaks SQL.

`project.Project` opens and checks the file; `history` writes steps and takes them back; the other
modules turn rows into the nouns of `annotator.model` and back. A row that undo must know about
changes only through `history.Step.write`.
"""
