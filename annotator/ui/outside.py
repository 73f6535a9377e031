"""The only way out of the window to another program: a file or folder of this program's own, never an address.

Nothing that stands in a project is opened: a link in an article is text like the rest of it.
"""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_own(path: Path) -> bool:
    """Have the system show a folder, or its editor open a settings file; False where nothing was opened.

    :param path: a folder, or a .json file that this program wrote: another file's program might run what is in it.
    """
    is_folder = path.is_dir() and path.suffix != ".app"  # which macOS would run
    if not (is_folder or (path.is_file() and path.suffix == ".json")):
        return False
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.absolute())))
