"""The API answers what the command line answers, says what is wrong by the contract, and is what its description says."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance

from bot.conversation import Conversation
from bot.state import State
from bot.tables import METADATA
from eligibility.rulebook import rule_book
from tests.bot.postgres import postgres
from tests.bot.web.served import Lines, Site, Visitor, lines, site, site_here
from tests.eligibility.persons import TODAY, VALUES, complete_persons
from tests.needs import free_ports

CASES = Path(__file__).parents[2] / "cases"
FUZZ = settings(
    derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=4,
)


def read(folder: str, count: int) -> list[dict[str, Any]]:
    """So many of the cases of a folder, the same ones every time."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((CASES / folder).glob("*.jsonl"))]
    found = [json.loads(line) for text in texts for line in text.splitlines()]
    return random.Random(7).sample(found, count)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The web in a process."""
    with site(tmp_path_factory.mktemp("api") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def api(running: Site) -> Iterator[httpx.Client]:
    """A system with a key."""
    with running.system() as system:
        yield system


def asked(api: httpx.Client, name: str, request: object) -> Any:
    """What the API answers; its status says whether that is an answer."""
    answer = api.post(f"/api/{name}", content=json_bytes(request), headers={"Content-Type": "application/json"})
    told = answer.json()
    assert answer.status_code == (400 if "error" in told else 200), answer.text
    return told


def json_bytes(request: object) -> bytes:
    """A request as it is sent; what is not UTF-8 is sent as an escape."""
    try:
        return json.dumps(request, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(request).encode()


def agree(api: httpx.Client, command: Lines, name: str, request: object) -> Any:
    """Asks both ways, and gives the one answer."""
    told = asked(api, name, request)
    assert told == command.answer(request)
    return told


# -- the same as on the command line


def test_asking_is_the_same(api: httpx.Client, tmp_path: Path) -> None:
    with lines(tmp_path, "ask") as command:
        for number, case in enumerate(read("questions", 250)):
            request = {"query": case["query"], "city": case.get("city"), **({"top": number % 7} if number % 2 else {})}
            assert "hits" in agree(api, command, "ask", request)
        bad: list[object] = [{}, {"query": 1}, {"query": "低", "city": "paris"}, {"query": "低", "top": "3"}, [], "低保", None]
        for wrong in bad:
            assert agree(api, command, "ask", wrong)["error"]["code"] == "bad_request"


def test_understanding_is_the_same(api: httpx.Client, tmp_path: Path) -> None:
    with lines(tmp_path, "understand") as command:
        for case in read("utterances", 300):
            assert "facts" in agree(api, command, "understand", {"text": case["text"], "asking": case.get("asking")})
        bad: list[object] = [{}, {"text": []}, {"text": "七十六", "asking": "age"}, 3]
        for wrong in bad:
            assert agree(api, command, "understand", wrong)["error"]["code"] == "bad_request"


def test_checking_is_the_same(api: httpx.Client, tmp_path: Path) -> None:
    with lines(tmp_path, "check") as command:
        for city in ("anshan", "benxi", "shuangyashan"):
            for case in yaml.safe_load((CASES / f"{city}.yaml").read_text(encoding="utf-8")):
                facts = {name: str(value) if name == "birth_date" else value for name, value in case["facts"].items()}
                assert "results" in agree(api, command, "check", {"facts": facts, "as_of": str(case.get("as_of", TODAY))})


def test_checking_anybody_is_the_same(api: httpx.Client, tmp_path: Path) -> None:
    known = st.one_of(*(st.tuples(st.just(name), st.sampled_from(values)) for name, values in VALUES.items()))
    names = st.sampled_from([*VALUES, "nonsense", "age_range", "birth_year", "dibao_standard"])
    wrong = st.dictionaries(names, ANYTHING, max_size=3)
    pieces = st.lists(known, max_size=6).map(dict)
    days = st.none() | st.dates().map(str) | st.text(max_size=5)
    everybody = complete_persons() | pieces | st.builds(lambda some, more: {**some, **more}, pieces, wrong)

    with lines(tmp_path, "check") as command:
        @settings(FUZZ, max_examples=300)
        @given(everybody, days)
        def the_same(facts: dict[str, Any], day: str | None) -> None:
            request = {"facts": facts, "as_of": day}
            told = asked(api, "check", request)
            assert command.answer(request) == told
            if "error" in told and told["error"]["code"] == "bad_fact":
                assert told["error"]["fact"] in facts

        the_same()


def test_a_conversation_is_the_same(api: httpx.Client, tmp_path: Path) -> None:
    said = [
        "/start", "我妈八十六，本溪户口", "吃低保的", "高龄津贴上哪办", "瘫了", "不知道", "没有", "改成八十八", "看结果",
        "为什么没有公交", *["不知道"] * 12, "谢谢", "/start", "83 鞍山", "删除我的资料",
    ]
    conversation, state = Conversation(rule_book()), State()
    with lines(tmp_path, "chat") as command:
        for text in said:
            told = asked(api, "chat", {"chat_id": "whole", "text": text})
            assert told == command.answer({"text": text})
            state, reply = conversation.reply(state, text)
            assert told == json.loads(json.dumps(reply.to_json()))


def test_two_systems_do_not_see_each_other(running: Site, api: httpx.Client) -> None:
    with running.system("another system") as other:
        asked(api, "chat", {"chat_id": "1", "text": "83，鞍山户口"})
        assert asked(other, "chat", {"chat_id": "1", "text": "你好"})["facts"] == {}
        assert asked(api, "chat", {"chat_id": "2", "text": "你好"})["facts"] == {}
        assert asked(api, "chat", {"chat_id": "1", "text": "你好"})["facts"] == {"age": 83, "hukou": "anshan"}


def test_what_a_system_deletes_leaves_no_row(tmp_path: Path) -> None:
    with site_here(tmp_path) as here, here.system() as system:
        before = rows(tmp_path)
        asked(system, "chat", {"chat_id": "gone", "text": "我妈八十六，本溪户口，吃低保"})
        asked(system, "chat", {"chat_id": "gone", "text": "看结果"})
        assert rows(tmp_path) == {**before, "sessions": 1}
        asked(system, "chat", {"chat_id": "gone", "text": "删除我的资料"})
        assert rows(tmp_path) == before


def rows(folder: Path) -> dict[str, int]:
    """How many rows every table holds."""
    with closing(sqlite3.connect(folder / "yanglao.db")) as database:
        tables = METADATA.tables
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608


# -- what is wrong


@pytest.mark.parametrize("name", ["ask", "understand", "check", "chat"])
def test_what_is_wrong_is_said_by_the_contract(running: Site, api: httpx.Client, name: str) -> None:
    path, sent = f"/api/{name}", {"Content-Type": "application/json"}
    no_keys: list[dict[str, str]] = [
        {}, {"Authorization": "Bearer"}, {"Authorization": "Bearer yl_wrong"},
        {"Authorization": f"Basic {running.keys['a system']}"}, {"Authorization": running.keys["a system"]},
    ]
    for shown in no_keys:
        answer = httpx.post(running.address + path, json={}, headers=shown)
        assert refused(answer, 401) == "no_key"
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    foreign = ('{"text": "é"}'.encode("latin-1"), '{"text": "a"}'.encode("utf-16"))
    for wrong in (b"", b"{", b"\xff\xfe{}", *foreign, b"[" * 100_000):
        assert refused(api.post(path, content=wrong, headers=sent), 400) == "bad_json"
    assert refused(api.post(path, content=b"1" * 10_000, headers=sent), 400) == "bad_json"
    for wrong in (b"[]", b"null", b'"text"', b"3", b"{}"):
        assert refused(api.post(path, content=wrong, headers=sent), 400) == "bad_request"
    for kind in ("text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data; boundary=x"):
        assert refused(api.post(path, content=b"{}", headers={"Content-Type": kind}), 415) == "bad_type"
    for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        answer = api.request(method, path)
        assert refused(answer, 405) == "bad_method"
        assert answer.headers["Allow"] == "POST"
    assert api.head(path).status_code == 405
    assert refused(api.post(path, content=b" " * ((1 << 20) + 1), headers=sent), 413) == "too_long"
    assert api.post(path, content=b" " * (1 << 20), headers=sent).status_code == 400


def refused(answer: httpx.Response, status: int) -> str:
    """The code of the contract's error object, which is all that the answer holds."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    told = answer.json()
    assert list(told) == ["error"]
    assert told["error"]["message"]
    return str(told["error"]["code"])


@pytest.mark.parametrize("path", [
    "/api/", "/api/nothing", "/api/check/", "/api/openapi.json/x", "/api//check", "/api/%2e%2e/desk",
])
def test_what_is_not_there_is_said_in_json(api: httpx.Client, path: str) -> None:
    assert refused(api.get(path), 404) == "not_found"
    assert refused(api.post(path, json={}), 404) == "not_found"


@pytest.mark.parametrize(("facts", "fact"), [
    ({"age": 300}, "age"), ({"age": "83"}, "age"), ({"age": 83.0}, "age"), ({"nonsense": 1}, "nonsense"),
    ({"hukou": "paris"}, "hukou"), ({"hardship": "dibao", "support_mode": "dispersed"}, "support_mode"),
    ({"care_home": 1}, "care_home"),
    ({"dibao_standard": float("nan")}, "dibao_standard"), ({"dibao_standard": float("inf")}, "dibao_standard"),
    ({"age": 10 ** 400}, "age"), ({"birth_date": "1940-02-30"}, "birth_date"), ({"age_range": [9, 1]}, "age_range"),
    ({"hukou": "\ud800"}, "hukou"),
])
def test_a_wrong_fact_is_named(api: httpx.Client, facts: dict[str, Any], fact: str) -> None:
    told = asked(api, "check", {"facts": facts})
    assert (told["error"]["code"], told["error"]["fact"]) == ("bad_fact", fact)


@pytest.mark.parametrize("chat_id", ["", "a" * 41, "王阿姨", "a\nb", "\x00", " \x7f", 5, None])
def test_a_wrong_name_of_a_conversation_is_refused(api: httpx.Client, chat_id: object) -> None:
    assert asked(api, "chat", {"chat_id": chat_id, "text": "你好"})["error"]["code"] == "bad_request"


def test_too_many_calls_are_told_when_to_come_again(running: Site) -> None:
    with running.system("a quick system", per_minute=3) as quick, running.system() as other:
        statuses = [quick.post("/api/understand", json={"text": "七十六"}).status_code for _ in range(3)]
        assert statuses == [200, 200, 200]
        answer = quick.post("/api/check", json={"facts": {}})
        assert refused(answer, 429) == "too_many"
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert other.post("/api/check", json={"facts": {}}).status_code == 200


@pytest.mark.parametrize("sent", [
    '{"text": "\\ud800 七十六"}', '{"text": "一", "text": "七十六"}', '{"text": "七十六", "asking": [NaN, {}, 1e999]}',
    '\ufeff{"text": "七十六"}', '{"text": "七十六", "more": ' + "[" * 400 + "]" * 400 + "}",
])
def test_json_that_is_odd_is_still_json(api: httpx.Client, sent: str) -> None:
    answer = api.post("/api/understand", content=sent.encode(), headers={"Content-Type": "application/json; charset=utf-8"})
    assert answer.json() == {"facts": {"age": 76}}


@pytest.mark.parametrize("said", ["\ud800", "\x00", "高龄\x00津贴\ud800上哪办", "叫我\udcff"])
def test_what_cannot_be_written_can_be_said(api: httpx.Client, said: str) -> None:
    assert asked(api, "chat", {"chat_id": "odd", "text": said})["text"]
    assert "hits" in asked(api, "ask", {"query": said})


@pytest.mark.parametrize("depth", [10, 100, 500, 900])
def test_what_is_deep_is_refused(api: httpx.Client, depth: int) -> None:
    sent = '{"facts": {"age": ' + "[" * depth + "]" * depth + "}}"
    answer = api.post("/api/check", content=sent, headers={"Content-Type": "application/json"})
    assert refused(answer, 400) in ("bad_fact", "bad_json")


def test_a_long_text_takes_no_longer_than_what_is_read_of_it(api: httpx.Client) -> None:
    for name, field in (("understand", "text"), ("ask", "query")):
        assert "error" not in asked(api, name, {field: "八十三鞍山低保，" * 30_000})
    assert asked(api, "chat", {"chat_id": "long", "text": "9" * 1_000_000})["text"]


# -- as it is described


def test_it_is_as_it_is_described(running: Site, api: httpx.Client) -> None:
    described = api.get("/api/openapi.json")
    schema = schemathesis.openapi.from_dict(described.json())
    paths = ["/api/ask", "/api/understand", "/api/check", "/api/chat"]
    assert sorted(described.json()["paths"]) == sorted(paths)
    shown = {"Authorization": f"Bearer {running.keys['a system']}"}
    for path in paths:
        for mode in GenerationMode:
            as_described(schema[path]["POST"].as_strategy(mode, headers=shown), running.address, shown)


def as_described(cases: st.SearchStrategy[schemathesis.Case[Any]], address: str, shown: dict[str, str]) -> None:
    """Sends what the description says, or does not say, may be sent."""
    @settings(FUZZ, max_examples=50)
    @given(case=cases)
    def holds(case: schemathesis.Case[Any]) -> None:
        # That facts contradict each other no schema says.
        but = [positive_data_acceptance] if case.path == "/api/check" else []
        case.call_and_validate(base_url=address, headers=shown, excluded_checks=but)

    holds()


# -- a database that is away


def test_a_server_that_is_away_loses_nothing() -> None:
    with postgres(free_ports(1)[0]) as cluster, site_here(cluster.address) as here, here.system() as system:
        visitor = here.operator("王")
        asked(system, "chat", {"chat_id": "1", "text": "83，鞍山户口"})
        visitor.send("/desk/case/save", {"fact.age": "83", "save_as": "before"})
        cluster.stop()
        away(system, visitor)
        cluster.start()
        back(system, visitor)


def test_a_file_that_somebody_holds_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.database.WAIT_SECONDS", 0.2)
    with site_here(tmp_path) as here, here.system() as system:
        visitor = here.operator("王")
        asked(system, "chat", {"chat_id": "1", "text": "83，鞍山户口"})
        visitor.send("/desk/case/save", {"fact.age": "83", "save_as": "before"})
        with closing(sqlite3.connect(tmp_path / "yanglao.db", isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            writes_are_away(system, visitor)
        back(system, visitor)


def away(system: httpx.Client, visitor: Visitor) -> None:
    """Every way in says that it takes a little."""
    for name in ("ask", "understand", "check", "chat"):
        assert refused(system.post(f"/api/{name}", json={"chat_id": "1", "text": "低保"}), 503) == "away"
    pages = [
        visitor.send("/desk/case/save", {"fact.age": "84", "save_as": "while"}), visitor.open("/desk"), visitor.send("/login"),
        visitor.send("/logout"),
    ]
    for page in pages:
        assert page.status_code == 503
        assert "正忙" in page.text
    assert visitor.open("/login").status_code == 200
    assert system.get("/healthz").status_code == 503


def writes_are_away(system: httpx.Client, visitor: Visitor) -> None:
    """Who writes is told that it takes a little; who only looks is answered."""
    assert refused(system.post("/api/chat", json={"chat_id": "1", "text": "低保"}), 503) == "away"
    page = visitor.send("/desk/case/save", {"fact.age": "84", "save_as": "while"})
    assert page.status_code == 503
    assert "正忙" in page.text
    assert asked(system, "check", {"facts": {"age": 83, "hukou": "anshan"}})["results"]
    assert asked(system, "ask", {"query": "高龄津贴给多少", "city": "anshan"})["answered"]
    assert "before" in visitor.open("/desk/saved").text


def back(system: httpx.Client, visitor: Visitor) -> None:
    """All is as it was."""
    end = time.monotonic() + 30
    while system.get("/healthz").status_code != 200:
        assert time.monotonic() < end
    told = asked(system, "chat", {"chat_id": "1", "text": "你好"})
    assert told["facts"] == {"age": 83, "hukou": "anshan"}
    saved = visitor.open("/desk/saved")
    assert "before" in saved.text
    assert "while" not in saved.text
