"""Telegram: the conversation over the Bot API."""

import os

# python-telegram-bot warns of each "too many requests" unless it is told that durations may be durations.
os.environ.setdefault("PTB_TIMEDELTA", "true")
