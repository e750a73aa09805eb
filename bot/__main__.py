"""``python -m bot`` is ``yanglao``."""

from bot.main import run

run()
