"""Dialogs: functions that ask and return values; they change nothing themselves."""
