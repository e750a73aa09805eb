"""The understanding under a fuzzer: no message breaks it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUNS = 1500


def test_no_message_of_any_characters_breaks_it(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed: the fuzzer is left out")
    fuzzer = subprocess.run(
        [sys.executable, "-m", "tests.bot.fuzz_understanding", f"-runs={RUNS}", "-len_control=0", "-max_len=4096", "-seed=1",
         f"-artifact_prefix={tmp_path}/"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    assert fuzzer.returncode == 0, fuzzer.stderr[-2000:]
    assert f"Done {RUNS} runs" in fuzzer.stderr
