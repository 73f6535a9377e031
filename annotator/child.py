"""The first lines of a process that this program starts: `python -m annotator.child MODULE`.

They come before the module is imported, so that a library that breaks down while it is loaded leaves its place.
"""

import sys
from importlib import import_module

from annotator import last_words


def main() -> None:
    """Run the `main` of the module that is named."""
    last_words.begin()
    module = import_module(sys.argv.pop(1))
    sys.exit(module.main())


if __name__ == "__main__":
    main()
