"""The commands as other programs and people run them: real processes, real files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from eligibility.rulebook import rule_book

BOT = [sys.executable, "-m", "bot"]


def run(args: Sequence[str], lines: Sequence[object] = (), cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command; each line is sent as JSON, or as it is where it is text."""
    sent = "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
    return subprocess.run([*BOT, *args], input=sent, capture_output=True, text=True, encoding="utf-8", cwd=cwd, timeout=60)


def answers(args: Sequence[str], lines: Sequence[object]) -> list[Any]:
    done = run(args, lines)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "data")]


@pytest.mark.parametrize(("messages", "city", "amount"), [
    (["/start", "鞍山市", "九十三", "都不是"], "anshan", 200),
    (["/start", "本溪户口", "一百零一岁", "都不是"], "benxi", 200),
    (["我妈八十六，双鸭山户口，吃低保，瘫了"], "shuangyashan", 1200),
])
def test_from_nothing_to_results_in_each_city(data: list[str], messages: list[str], city: str, amount: int) -> None:
    replies = answers([*data, "chat", "--jsonl"], [{"text": text} for text in [*messages, *["不知道"] * 30]])
    done = next(reply for reply in replies if reply["done"])
    longevity = [r for r in done["results"] if r["id"] in (f"{city}.longevity_allowance", f"{city}.old_age_allowance")]
    assert amount in [result["amount"]["value"] for result in longevity if result["amount"]]
    assert f"{amount}元" in done["text"]


def test_killed_in_the_middle_it_goes_on_with_the_same_question(data: list[str]) -> None:
    command = [*BOT, *data, "chat", "--jsonl", "--chat-id", "王阿姨"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in ("/start", "我妈八十六，本溪户口", "吃低保的"):
            process.stdin.write(json.dumps({"text": text}) + "\n")
            process.stdin.flush()
            before = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    [after] = answers([*data, "chat", "--jsonl", "--chat-id", "王阿姨"], [{"text": "你好"}])
    assert after["facts"] == before["facts"] == {"age": 86, "hukou": "benxi", "hardship": "dibao"}
    assert after["asking"] == before["asking"] != []
    assert after["options"] == before["options"]
    [other] = answers([*data, "chat", "--jsonl", "--chat-id", "别人"], [{"text": "你好"}])
    assert other["facts"] == {}


def test_the_terminal_greets_asks_and_ends_politely(data: list[str]) -> None:
    done = run([*data, "chat"], ["鞍山", "九十三", "看结果"])
    assert done.returncode == 0
    assert "您好" in done.stdout
    assert "  1. 鞍山市" in done.stdout
    assert "每月200元" in done.stdout
    assert "都记着" in done.stdout
    again = run([*data, "chat"])
    assert "接着上次" in again.stdout


def test_many_processes_share_a_new_folder_and_lose_nothing(tmp_path: Path) -> None:
    def command(chat: str) -> list[str]:
        return [*BOT, "--data", str(tmp_path / "new"), "chat", "--jsonl", "--chat-id", chat]

    messages = ["本溪户口", "八十三", "吃低保"]
    together = [
        subprocess.Popen(command("same"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") for _ in messages
    ]
    for process, text in zip(together, messages, strict=True):
        assert process.stdin is not None
        process.stdin.write(json.dumps({"text": text}) + "\n")
        process.stdin.close()
    for process in together:
        with process:
            assert process.stdout is not None
            assert "error" not in json.loads(process.stdout.readline())
    [reply] = answers(command("same")[3:], [{"text": "你好"}])
    assert reply["facts"] == {"hukou": "benxi", "age": 83, "hardship": "dibao"}


def test_what_is_kept_is_its_owners_alone(data: list[str], tmp_path: Path) -> None:
    answers([*data, "chat", "--jsonl"], [{"text": "我的身份证是210302193905061234"}])
    file = tmp_path / "data" / "yanglao.db"
    assert file.stat().st_mode & 0o077 == 0
    assert b"210302193905061234" not in file.read_bytes()


def test_ctrl_c_in_the_terminal_is_polite(data: list[str]) -> None:
    with subprocess.Popen([*BOT, *data, "chat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", env={**os.environ, "PYTHONUNBUFFERED": "1"}) as process:
        assert process.stdout is not None
        while "户口" not in process.stdout.readline():
            pass
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "都记着" in out
    assert "Traceback" not in err


def test_bad_lines_are_answered_and_the_stream_goes_on() -> None:
    lines = [
        "{", "[1]", '"text"', "{}", {"facts": []}, {"facts": {"age": 300}}, {"facts": {"nonsense": 1}},
        {"facts": {}, "as_of": "2026-W01-1"}, {"facts": {"hukou": "anshan", "age": 95}},
    ]
    got = answers(["check", "--jsonl"], lines)
    assert [answer.get("error", {}).get("code") for answer in got] == [
        "bad_json", "bad_request", "bad_request", "bad_request", "bad_request", "bad_fact", "bad_fact", "bad_request", None,
    ]
    assert got[5]["error"]["fact"] == "age"
    assert got[-1]["cash_total"] == {"month": 200, "year": 0}


def test_bytes_that_are_no_utf_8_are_answered_too() -> None:
    lines = b"\xff\xfe\n" + '{"text": "\\ud800 七十六"}\n'.encode()
    done = subprocess.run([*BOT, "understand", "--jsonl"], input=lines, capture_output=True, timeout=60)
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["error"]["code"] == "bad_json"
    assert second["facts"] == {"age": 76}


def test_lines_are_answered_one_by_one_as_they_come() -> None:
    command = [*BOT, "understand", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text, age in (("七十六了", 76), ("八十三岁", 83)):
            process.stdin.write(json.dumps({"text": text}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["facts"] == {"age": age}
        process.stdin.close()


def test_ask_gives_the_list_item_with_all_its_cells() -> None:
    [got] = answers(["ask", "--jsonl"], [{"query": "坐公交车花钱不", "city": "benxi", "top": 2}])
    assert got["answered"]
    hit = got["hits"][0]
    assert (hit["doc"], hit["section"], hit["status"]) == ("benxi-draft", "清单第23项", "draft")
    for cell in ("乘坐城市公共交通工具", "全体老年人", "70周岁以上老年人免除乘车费用", "关爱服务", "市交通运输局"):
        assert cell in hit["text"]
    assert "benxi.public_transport" in got["benefits"]


def test_ask_without_a_city_asks_which_and_shows_all() -> None:
    [got] = answers(["ask", "--jsonl"], [{"query": "高龄津贴多少钱"}])
    assert got["clarify"]["options"] == ["鞍山市", "本溪市", "双鸭山市"]
    assert {hit["doc"] for hit in got["hits"]} >= {"anshan-2020-3", "benxi-draft", "shuangyashan-2024-3"}


def test_ask_refuses_what_the_documents_do_not_hold(data: list[str]) -> None:
    [got] = answers([*data, "ask", "--jsonl"], [{"query": "彩票中奖怎么兑", "city": "anshan"}])
    assert not got["answered"]
    assert "12345" in got["answer"]


def test_ask_in_the_terminal_shows_passage_number_section_and_status(data: list[str]) -> None:
    done = run([*data, "ask", "--city", "benxi", "高龄津贴"])
    assert done.returncode == 0
    assert "征求意见稿 清单第4项" in done.stdout
    assert "还没有正式印发" in done.stdout


def test_ask_in_the_terminal_marks_what_was_asked(data: list[str]) -> None:
    command = [*BOT, *data, "ask", "--city", "benxi", "坐公交花钱不"]
    environment = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "200"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=60)
    assert "\x1b[1;7m公共交通" in done.stdout


def test_what_nobody_could_answer_is_listed_for_the_keeper(data: list[str]) -> None:
    assert "还没有" in run([*data, "gaps"]).stdout
    run([*data, "ask", "--city", "anshan", "我叫王桂兰，墓地补助怎么领"])
    run([*data, "ask", "--city", "anshan", "骨灰盒钱给免吗"])
    run([*data, "ask", "--city", "benxi", "高龄津贴上哪办"])
    run([*data, "chat", "--jsonl"], [{"text": "鞍山户口"}, {"text": "彩票中奖怎么兑"}])
    listed = run([*data, "gaps"]).stdout
    assert "殡葬和遗属（2次，anshan）" in listed
    assert "高龄津贴：办理地点（1次，benxi）" in listed
    assert "彩票和理财" in listed
    assert "王桂兰" not in listed
    [first, *_] = json.loads(run([*data, "gaps", "--json"]).stdout)
    assert (first["topic"], first["count"]) == ("殡葬和遗属", 2)


def test_ask_answers_where_nothing_can_be_kept() -> None:
    done = run(["--data", "/proc/nowhere", "ask", "--city", "anshan", "彩票中奖怎么兑"])
    assert done.returncode == 0
    assert "12345" in done.stdout


def test_facts_is_a_json_schema_of_every_fact() -> None:
    schema = json.loads(run(["facts"]).stdout)
    assert list(schema["properties"]) == list(rule_book().vocabulary.facts)
    assert schema["properties"]["hukou"]["enum"] == ["anshan", "benxi", "shuangyashan", "other", None]
    assert schema["properties"]["age"]["maximum"] == 130


def test_catalog_lists_every_entitlement_with_its_source() -> None:
    entries = json.loads(run(["catalog", "--json"]).stdout)
    fixed = yaml.safe_load((Path(__file__).parents[1] / "cases" / "ids.yaml").read_text(encoding="utf-8"))
    assert {entry["id"] for entry in entries} == {f"{city}.{name}" for city, names in fixed.items() for name in names}
    assert len(entries) == 18 + 30 + 23
    by_id = {entry["id"]: entry for entry in entries}
    assert by_id["anshan.operator_bed_subsidy"]["audience"] == "operator"
    assert by_id["anshan.care_worker_subsidy"]["audience"] == "worker"
    assert by_id["benxi.old_age_allowance"]["status"] == "draft"
    assert by_id["shuangyashan.visits"]["source"]["number"] == "双政办规〔2024〕3号"


def test_check_on_the_command_line() -> None:
    got = json.loads(run(["check", "hukou=shuangyashan", "age=91", "hardship=none", "--as-of", "2026-11-21", "--json"]).stdout)
    assert got["cash_total"] == {"month": 0, "year": 1200}
    assert got["as_of"] == "2026-11-21"


def test_an_operator_checks_in_a_callers_words() -> None:
    done = run(["check", "82", "本溪", "低保", "半失能", "一个人住"])
    assert done.returncode == 0
    assert "82周岁、户籍在本溪市、低保、半失能" in done.stdout
    assert "【钱】每月100元" in done.stdout


@pytest.mark.parametrize(("args", "code", "telling"), [
    (["nonsense"], 2, "nonsense"),
    (["check"], 2, "情况"),
    (["check", "哎呀"], 2, "情况"),
    (["check", "age=300"], 1, "age"),
    (["ask"], 2, "要问的话"),
    (["ask", "--city", "paris", "高龄津贴"], 2, "anshan"),
    (["understand"], 2, "要听的话"),
    (["-C", "no-such-file.toml", "chat"], 1, "no-such-file.toml"),
    (["-C", "no-such-file.toml", "check", "age=83"], 1, "no-such-file.toml"),
    (["--data", "/proc/nowhere", "chat"], 1, "/proc/nowhere"),
    (["lint", "no-such-rules.yaml"], 1, "no-such-rules.yaml"),
])
def test_bad_usage_and_failures_say_one_sentence(args: list[str], code: int, telling: str) -> None:
    done = run(args)
    assert done.returncode == code
    assert telling in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_setting_that_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('dta = "/tmp"\n', encoding="utf-8")
    done = run(["-C", str(tmp_path / "config.toml"), "chat"])
    assert done.returncode == 1
    assert "dta" in done.stderr


def test_the_example_config_is_one_that_works(tmp_path: Path) -> None:
    lines = (Path(__file__).parents[2] / "config.example.toml").read_text(encoding="utf-8").splitlines()
    ours = [line for line in lines if not line.startswith("# database")]  # nobody runs a server here
    uncommented = "\n".join(line.removeprefix("# ") if " = " in line else line for line in ours)
    config = tmp_path / "config.toml"
    config.write_text(uncommented.replace("/var/lib/yanglao", str(tmp_path / "kept")), encoding="utf-8")
    [reply] = answers(["-C", str(config), "chat", "--jsonl"], [{"text": "/start"}])
    assert reply["asking"] == ["hukou"]
    assert (tmp_path / "kept" / "yanglao.db").is_file()


def test_it_works_in_an_empty_folder(tmp_path: Path, data: list[str]) -> None:
    assert run([*data, "check", "hukou=anshan", "age=95"], cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []
