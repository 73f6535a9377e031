"""Do pandas and pyarrow read a .csv file alike? `python table_reader.py FILE`; both installed."""

import re
import sys
from pathlib import Path

import pandas
from pyarrow import csv
from verdict import given, tell

_APOSTROPHE = re.compile("^'(?=[=+@-])")  # stands there so that no spreadsheet calculates


def main(path: Path) -> int:
    """0 where both find the same rows, and no cell is cut."""
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    all_words = csv.ConvertOptions(column_types=dict.fromkeys(frame.columns, "string"))
    parsing = csv.ParseOptions(newlines_in_values=True)
    table = csv.read_csv(path, convert_options=all_words, parse_options=parsing)
    same = table.to_pylist() == frame.to_dict("records")
    spans = [(label, _APOSTROPHE.sub("", words)) for label, words in zip(frame["label"], frame["words"], strict=True)]
    return tell(["pandas", "pyarrow"], frame["article"].nunique(), spans, [] if same else ["they read other cells"])


if __name__ == "__main__":
    sys.exit(main(given()))
