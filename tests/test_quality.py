"""The whole tree is clean by ruff and by mypy's strict rules, and the rooms' arrows run one way."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ARROWS = {"knowledge": (), "eligibility": ("knowledge",), "bot": ("knowledge", "eligibility")}


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["mypy"]], ids=["ruff", "mypy"])
def test_the_tree_is_clean(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", ARROWS)
def test_the_arrows_run_one_way(room: str) -> None:
    for file in (ROOT / room).rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        imported = re.findall(r"^\s*(?:from|import) (knowledge|eligibility|bot)\b", text, re.MULTILINE)
        assert set(imported) <= {room, *ARROWS[room]}, file
