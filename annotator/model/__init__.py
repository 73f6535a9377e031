"""The nouns. Pure values and functions: standard library only, no files, no Qt, no spaCy.

Glossary, used in code, in the window and in the README alike:

Article     one news text, immutable after import, with title, source, date, url.
Aside       a passage of an article that is not to be labelled, as a comment prompt or a box about the author.
Span        a stretch of one article with one label; code points, end exclusive.
Label       a kind of entity, with colour, key, order and description.
Memory      what decisions taught of words, and what persons said of them by hand (a Pattern each).
Scheme      a named list of labels that a project starts from.
Suggestion  a span proposed by a source, with a confidence, waiting for a decision.
Source      what makes suggestions: a spaCy pipeline, the learner, the memory, an imported file.
Learner     the sequence model that is taught by finished articles, a Lesson each.
Ghost       a place that the learner left unmarked and that may hide an entity.
Decision    confirm, reject, relabel, resize or add: what a person did to a span.
Correction  a decision that changed something, as a change of words that other articles can take over.
State       of a span: suggested, confirmed, rejected. Of an article: new, open, done, skipped.
Order       which article comes next, and why: given, date, topics, teaches, or picked at random.
Twin        an article with nearly the same text as another, as the same wire in two papers.
Step        what one undo takes back, however many rows it changed.
Project     the one SQLite file.
Session     the verbs on an open project.

Every `start` and `end` in this package counts Unicode code points, end exclusive. UTF-16 exists
only in `ui`, next to the text layout that wants it.
"""
