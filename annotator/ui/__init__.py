"""The window: everything that imports Qt.

Views show values of the model and send code-point ranges; UTF-16 exists only in `offset_map`
and `blocks`, next to the text layout that wants it.
"""
