"""The window's style sheet; $names are colours of the theme (see `theme.stylesheet`)."""

STYLE_SHEET = """
QMainWindow, QDialog, QDockWidget, QWizard, QMessageBox { background: $panel; color: $panel_ink; }
QLabel { background: transparent; color: $panel_ink; }
.QLabel { qproperty-textFormat: PlainText; }
QLabel:disabled { color: $faint; }
QSplitter::handle, QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QSplitter::handle:hover, QMainWindow::separator:hover { background: $accent; }
QFrame[frameShape="4"], QFrame[frameShape="5"] { color: $line; }

QMenuBar { background: $panel; color: $panel_ink; padding: 2px 6px; border-bottom: 1px solid $line; }
QMenuBar::item { background: transparent; padding: 5px 9px; border-radius: 5px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $field; color: $panel_ink; border: 1px solid $line; border-radius: 8px; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 12px; border-radius: 5px; background: transparent; }
QMenu::item:selected { background: $chosen; }
QMenu::item:disabled { color: $faint; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }

QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; padding: 4px 6px; spacing: 3px; }
QToolBar::handle { image: none; width: 0; }
QToolBar::separator { background: $line; width: 1px; margin: 5px 6px; }
QToolButton { background: transparent; color: $panel_ink; border: 1px solid transparent;
  border-radius: 6px; padding: 5px 9px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $chosen; }
QToolButton:disabled { color: $faint; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }

QPushButton { background: $field; color: $panel_ink; border: 1px solid $line; border-radius: 6px;
  padding: 6px 15px; min-height: 17px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border-color: $accent; }
QPushButton:default { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton:default:hover { background: $accent_over; border-color: $accent_over; }
QPushButton:checked { background: $chosen; border-color: $accent; }
QPushButton:disabled, QPushButton:default:disabled { background: $panel; color: $faint; border-color: $line; }
QPushButton:flat { background: transparent; border-color: transparent; }
QPushButton:flat:hover { background: $hover; }

QLineEdit, QPlainTextEdit, QTextEdit { background: $field; color: $panel_ink; border: 1px solid $line;
  border-radius: 6px; padding: 5px 8px; selection-background-color: $selection; selection-color: $ink; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled { color: $faint; background: $panel; }
QComboBox QAbstractItemView { background: $field; color: $panel_ink; border: 1px solid $line; padding: 4px;
  selection-background-color: $chosen; selection-color: $panel_ink; outline: none; }

QListView, QTreeView, QTableView { background: $panel; color: $panel_ink; border: none; outline: none;
  alternate-background-color: $panel; gridline-color: $line; }
QDialog QListView, QDialog QTreeView, QDialog QTableView { background: $field; border: 1px solid $line;
  border-radius: 6px; }
QListView::item, QTreeView::item { padding: 5px 8px; border-radius: 5px; }
QTableView::item { padding: 4px 8px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $chosen;
  color: $panel_ink; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $dim; border: none; border-bottom: 1px solid $line;
  padding: 5px 8px; }
QTableCornerButton::section { background: $panel; border: none; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $dim; padding: 7px 13px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $panel_ink; }
QTabBar::tab:selected { color: $panel_ink; border-bottom-color: $accent; }
QDockWidget::title { background: $panel; color: $dim; padding: 7px 10px; }
QGroupBox { border: 1px solid $line; border-radius: 8px; margin-top: 11px; padding: 11px 9px 9px 9px; }
QGroupBox::title { subcontrol-origin: margin; left: 11px; padding: 0 4px; color: $dim; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; border: none; }
QScrollBar::handle { background: $handle; border-radius: 3px; margin: 2px 3px 2px 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 3px 2px 3px 2px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $handle_over; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
ArticleView QScrollBar { background: $paper; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QProgressBar { background: $line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px;
  color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QFrame#notice { border: none; border-bottom: 1px solid $line; }
QFrame#notice[level="error"] { background: $error_ground; border-bottom: 2px solid $bad; }
QFrame#notice[level="caution"] { background: $caution_ground; border-bottom: 1px solid $warning; }
QFrame#notice[level="news"] { background: $news_ground; }
QLabel#notice_title { font-weight: 600; }

QStatusBar { background: $panel; color: $dim; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $dim; padding: 2px 6px; }
QStatusBar QLabel[bad="true"] { color: $bad; font-weight: 600; }
QToolTip { background: $field; color: $panel_ink; border: 1px solid $line; padding: 5px 7px; }

QLabel[dim="true"] { color: $dim; }
QLabel#heading { color: $dim; font-weight: 600; padding-top: 4px; }
QLabel#key { border: 1px solid $line; border-radius: 4px; padding: 1px 6px; background: $field; }
QLabel#warning { color: $bad; }
QFrame#card { background: $field; border: 1px solid $line; border-radius: 8px; }
QFrame#chooser { background: $field; border: 1px solid $line; border-radius: 8px; }
QFrame#chooser QListView { background: $field; }
QToolButton#chip { padding: 3px 5px; color: $dim; }
QToolButton#chip:checked { color: $panel_ink; }
QWidget#find_bar { background: $panel; border-bottom: 1px solid $line; }
QCheckBox { spacing: 7px; color: $panel_ink; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $dim; border-radius: 4px; background: $field; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($tick); }
QCheckBox::indicator:focus { border-color: $accent; }
QRadioButton { spacing: 7px; color: $panel_ink; }
QRadioButton:disabled { color: $faint; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $dim; border-radius: 8px; background: $field; }
QRadioButton::indicator:disabled { border-color: $faint; }
QRadioButton::indicator:checked { border-color: $accent;
  background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5, stop: 0.55 $accent, stop: 0.65 $field); }
QRadioButton::indicator:focus { border-color: $accent; }
QSlider:horizontal { min-height: 22px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $handle; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border: 1px solid $dim; border-radius: 8px;
  background: $field; }
QSlider::handle:horizontal:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QWidget#action_bar { background: $panel; border-top: 1px solid $line; }
QWidget#action_bar QToolButton { padding: 5px 4px; }
QWidget#offer { background: $hover; border-top: 1px solid $line; }
QToolButton#do_elsewhere { color: $accent; font-weight: 600; }
QToolButton#do_finish { background: $accent; color: $on_accent; font-weight: 600; }
QWidget#action_bar QToolButton#do_finish { padding: 5px 12px; }
QToolButton#do_finish:hover { background: $accent_over; }
QTreeView#entity_tree::item { padding: 3px 4px; }
QStatusBar QProgressBar { margin: 0 12px 0 4px; }
"""
