"""What attackers try, tried: it is refused, shown harmlessly or cut off, and the log does not hold a word of it."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from bot.cases import CaseStore
from bot.web.guard import HEADERS
from bot.web.rates import WRONG_HERE, WRONG_PER_ADDRESS
from eligibility.rulebook import rule_book
from tests.bot.telegram.serving import until
from tests.bot.web.served import PASSWORD, Site, Visitor, site, site_here

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PROXY = {"YANGLAO_WEB__PROXIES": '["127.0.0.1"]'}
"""Every visitor may come from an address of her own, as behind a proxy."""

FIELDS = [f"fact.{name}" for name in rule_book().vocabulary.facts]

CHANGING = ["/logout", "/desk/case/save", "/desk/saved/delete", "/desk/saved/open", "/say", "/login", "/desk", "/desk/case"]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The web in a process, behind a proxy."""
    with site(tmp_path_factory.mktemp("attacked") / "data", **PROXY, YANGLAO_WEB__CHAT_PER_MINUTE="10000") as started:
        yield started


@pytest.fixture(scope="module")
def wang(running: Site) -> Visitor:
    """An operator."""
    return running.operator("王")


@pytest.fixture(scope="module")
def other(running: Site) -> Visitor:
    """Another operator."""
    return running.operator("李")


# -- cookies and logins


@pytest.mark.parametrize("forged", [
    "", "a", "a" * 43, "王", "a" * 42 + "=", '"' + "a" * 43 + '"', "a" * 5000, "' OR 1=1 --", "%00" * 14,
])
def test_a_forged_cookie_opens_nothing(running: Site, forged: str) -> None:
    for name in ("__Host-yanglao", "yanglao", "__Host-yanglao-chat"):
        for path in ("/desk", "/desk/case", "/desk/saved"):
            answer = httpx.get(running.address + path, headers=[(b"Cookie", f"{name}={forged}".encode())])
            assert answer.status_code == 303
            assert answer.headers["Location"] == "/login"


def test_a_login_ends_with_logging_out_and_with_a_new_password(running: Site) -> None:
    first, second = running.operator("赵"), running.operator("钱")
    assert first.open("/desk").status_code == 200
    kept = dict(first.cookies)
    assert first.send("/logout").status_code == 303
    assert first.cookies == {}
    first.cookies = kept
    assert first.open("/desk").headers["Location"] == "/login"
    third = running.operator("钱")  # which gives a new password
    assert second.open("/desk").status_code == 303
    assert third.open("/desk").status_code == 200


def test_the_token_changes_when_somebody_logs_in(running: Site, wang: Visitor) -> None:
    assert wang
    visitor = running.visitor()
    visitor.cookies = {"__Host-yanglao": "f" * 43}  # what an attacker would have her use
    visitor.open("/login")
    visitor.log_in("王", PASSWORD)
    assert visitor.cookies["__Host-yanglao"] != "f" * 43
    assert httpx.get(f"{running.address}/desk", headers={"Cookie": f"__Host-yanglao={'f' * 43}"}).status_code == 303
    before = visitor.cookies["__Host-yanglao"]
    visitor.log_in("王", PASSWORD)
    assert visitor.cookies["__Host-yanglao"] != before


def test_cookies_are_for_us_alone(running: Site, wang: Visitor) -> None:
    answers = [running.visitor().open(path) for path in ("/", "/?size=2", "/login")]
    answers.append(running.visitor().log_in("王", PASSWORD))
    answers.append(wang.http.post("/logout", data={"proof": "x"}, headers=wang.shown))
    cookies = [line.lower() for answer in answers for line in answer.headers.get_list("set-cookie")]
    assert len(cookies) >= 5
    for line in cookies:
        parts = set(line.split("; ")[1:])
        assert {"httponly", "secure", "samesite=strict", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)


# -- forms from elsewhere


@pytest.mark.parametrize("path", CHANGING)
def test_what_was_not_sent_from_our_own_page_is_refused(running: Site, wang: Visitor, path: str) -> None:
    stranger = running.visitor()
    stranger.open("/login")
    chat = running.visitor()
    chat.open("/")
    visitor = {"/say": chat, "/login": stranger}.get(path, wang)
    own, others = visitor.proof, (stranger.proof if visitor is wang else wang.proof)
    fields = {"save_as": "stolen", "fact.age": "83", "name": "王", "password": PASSWORD, "said": "stolen"}
    proofs = [None, "", others, own[:-1], own.upper() if own.upper() != own else own[::-1], "王", "\x00", own + "0"]
    for proof in proofs:
        sent = {**fields, **({} if proof is None else {"proof": proof})}
        answer = visitor.http.post(path, data=sent, headers=visitor.shown)
        assert answer.status_code == 403, proof
    for elsewhere in ("cross-site", "same-site", "nonsense"):
        answer = visitor.http.post(path, data={**fields, "proof": own}, headers={**visitor.shown, "Sec-Fetch-Site": elsewhere})
        assert answer.status_code == 403
    answer = visitor.http.post(f"{path}?proof={own}", data=fields, headers=visitor.shown)
    assert answer.status_code == 403
    for kind in ("text/plain", "application/json"):
        body = urlencode({**fields, "proof": own})
        assert visitor.http.post(path, content=body, headers={**visitor.shown, "Content-Type": kind}).status_code == 403
    assert "stolen" not in wang.open("/desk/saved").text
    assert "stolen" not in chat.open("/").text


@pytest.mark.parametrize("path", [*CHANGING[:4], "/desk/passages", "/desk/case/panel", "/desk/case/sheet", "/say"])
def test_looking_changes_nothing(wang: Visitor, path: str) -> None:
    wang.open("/desk")
    fields = urlencode({"proof": wang.proof, "save_as": "looked", "fact.age": "83", "id": "1"})
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = wang.http.request(method, f"{path}?{fields}", headers=wang.shown)
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "POST"
    assert "looked" not in wang.open("/desk/saved").text
    assert wang.open("/desk").status_code == 200


# -- HTML

NASTY = ["<b>caNary</b>", '"><script>caNary</script>', "' onfocus='caNary", '" onfocus="caNary', "</textarea><img src=caNary>",
         "&lt;caNary&gt;", "{{ caNary }}", "javascript:caNary", "\u2028caNary\x00\x1b", "</option></select><svg onload=caNary>"]


class Tags(HTMLParser):
    """Where in a page the canary sings: the tags, and the attributes that hold no text to be shown."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.shown = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if "canary" in tag.lower() or (tag in ("b", "script", "img", "svg") and "caNary" in str(attrs)):
            self.wrong.append(tag)
        for name, value in attrs:
            self.shown += "caNary" in (value or "")
            holds = "caNary" in (value or "") and name not in ("value", "data-copy", "aria-label")
            if name.startswith("on") or "canary" in name or holds:
                self.wrong.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.shown += "caNary" in data


def harmless(answer: httpx.Response) -> int:
    """How often the canary is shown, as text and nothing else."""
    assert answer.status_code in (200, 303, 403, 404, 429), answer.text
    assert "caNary" not in str(answer.headers)
    for raw in ("<b>caNary", "<script>caNary", "<img src=caNary", "<svg onload", "onfocus='caNary", 'onfocus="caNary'):
        assert raw not in answer.text
    tags = Tags()
    tags.feed(answer.text)
    assert tags.wrong == []
    return tags.shown


@pytest.mark.parametrize("nasty", NASTY)
def test_what_is_sent_comes_back_as_text(running: Site, wang: Visitor, nasty: str) -> None:
    shown = harmless(wang.send("/desk", {"query": nasty, "city": nasty}))
    assert shown
    harmless(wang.send("/desk/passages", {"query": f"高龄津贴{nasty}", "city": nasty}))
    assert harmless(wang.send("/desk/case", {"line": f"{nasty}", "do": "compute"}))
    harmless(wang.send("/desk/case/panel", {"line": f"83 鞍山 {nasty}", "do": "fill"}))
    harmless(wang.send("/desk/case", {"fact.age": "83", "fact.hukou": "anshan", "save_as": nasty}))
    for field in FIELDS:
        for path in ("/desk/case", "/desk/case/panel", "/desk/case/sheet"):
            harmless(wang.send(path, {field: nasty, nasty: nasty, "fact.hukou": "benxi" if field != "fact.hukou" else nasty}))
    assert harmless(wang.send("/desk/case/save", {"fact.age": "83", "fact.living": nasty, "save_as": nasty}))
    wang.send("/desk/case/save", {"fact.age": "83", "save_as": nasty})
    saved = wang.open("/desk/saved")
    assert harmless(saved)
    for number in re.findall(r'name="id" value="(\d+)"', saved.text):
        harmless(wang.send("/desk/saved/open", {"id": number}))
        harmless(wang.send("/desk/saved/delete", {"id": number}))
    visitor = running.visitor()
    harmless(visitor.log_in(nasty, nasty, {"X-Forwarded-For": "192.0.2.77"}))
    visitor.open("/")
    for fields in ({"said": nasty}, {"option": nasty}, {"several": nasty}, {"said": f"我叫{nasty}，83"}):
        visitor.send("/say", fields)
        assert harmless(visitor.open("/"))
    harmless(visitor.open(f"/?{urlencode({'size': nasty})}"))
    harmless(visitor.open("/nothing/" + urlencode({"x": nasty})))
    visitor.cookies["size"] = "caNary"
    harmless(visitor.open("/"))


def test_an_account_may_be_called_anything(running: Site) -> None:
    name = "<b>caNary</b>\"'&"
    visitor = running.operator(name)
    for path in ("/desk", "/desk/case", "/desk/saved"):
        assert harmless(visitor.open(path)) == 1
    assert harmless(visitor.send("/desk/saved/open", {"id": "999999"})) == 1
    harmless(visitor.send("/desk/case/sheet", {"fact.age": "83", "fact.hukou": "anshan"}))


@pytest.mark.parametrize("value", [
    "nan", "inf", "-inf", "1e999", "--5", "-", "1-2-3", "a-b", "nan-inf", "9" * 5000, "٣", "１２", "true", "null", "[]", "\x00",
    "1940-13-45", "0000-00-00", "-0", "1_0", "0x10", "1e5", "a" * 10_000,
])
def test_any_value_of_any_field_is_answered(wang: Visitor, value: str) -> None:
    for field in FIELDS:
        answer = wang.send("/desk/case/panel", {"fact.hukou": "anshan", field: value})
        assert answer.status_code == 200
    for path in ("/desk/case/sheet", "/desk/case/save", "/desk/case"):
        assert wang.send(path, {**dict.fromkeys(FIELDS, value), "save_as": "odd"}).status_code in (200, 303)
    for number in re.findall(r'name="id" value="(\d+)"', wang.open("/desk/saved").text):
        assert wang.send("/desk/saved/open", {"id": number}).status_code == 200
        wang.send("/desk/saved/delete", {"id": number})


# -- headers and paths


def test_no_line_ends_get_into_headers(running: Site, wang: Visitor) -> None:
    broken = "x\r\nSet-Cookie: caNary=1\r\n\r\n<b>"
    fields = {**dict.fromkeys(("name", "password", "query", "save_as", "city", "said"), broken), "fact.age": "83"}
    visitor = running.visitor()
    visitor.open("/login")
    for answer in (
        visitor.send("/login", fields, {"X-Forwarded-For": "192.0.2.78"}), wang.send("/desk", fields),
        wang.send("/desk/case/save", fields),
        wang.open("/?" + urlencode({"size": broken})), wang.open("/desk%0d%0aSet-Cookie:%20caNary=1"),
        wang.open("/static/%0d%0aSet-Cookie:%20caNary=1"), wang.open("/desk/?a=%0d%0aX: caNary"),
    ):
        assert "caNary" not in str(answer.headers)
        assert answer.headers.get("Location") in (None, "/desk/saved", "/login", "/desk")
    elsewhere = httpx.get(f"{running.address}/desk/", headers={"Host": "evil.example"})
    assert (elsewhere.status_code, elsewhere.headers.get("Location")) == (404, None)
    assert httpx.get(f"{running.address}/desk", headers={"Host": "evil.example"}).headers["Location"] == "/login"


@pytest.mark.parametrize("path", [
    "/static/../pages.py", "/static/..%2fpages.py", "/static/%2e%2e/pages.py", "/static/%2e%2e%2fpages.py",
    "/static/..%5cpages.py", "/static/....//pages.py", "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/page.css%00",
    "/static/%00", "/static/", "/static", "/static/page.css/x", "/static/../../../../../../etc/passwd",
    "/static/%252e%252e/pages.py", "/static/" + "a" * 5000, "/static/\\..\\pages.py", "/static/.", "/static/%ff%fe",
    "/templates/base.html", "//etc/passwd", "/static/../templates/base.html",
    "/%2e%2e/%2e%2e/etc/passwd", "/\x7f", "/desk%00", "/..;/desk", "/static/~root", "/static/page.css::$DATA",
])
def test_no_path_leads_out(running: Site, path: str) -> None:
    answer = running.said(f"GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n".encode("latin-1"), end=False)
    assert re.match(rb"HTTP/1.1 (404|400) ", answer)
    for inside in (b"root:", b"def page", b"{%"):
        assert inside not in answer


def test_what_is_no_http_is_hung_up_on(running: Site) -> None:
    for sent in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n", b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://evil.example/desk HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/ask HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\nConnection: close\r\n\r\n",
    ):
        answer = running.said(sent)
        assert not answer.startswith(b"HTTP/1.1 5")
        assert b"Traceback" not in answer


# -- bodies


def test_a_huge_body_is_refused_however_it_comes(running: Site, wang: Visitor) -> None:
    def parts() -> Iterator[bytes]:
        yield b"query="
        for _ in range(20):
            yield b"a" * 65536

    with running.system() as system:
        for path, client, headers in (("/desk", wang.http, {**wang.shown, **FORM}), ("/api/ask", system, {})):
            assert client.post(path, content=b"a" * (3 << 20), headers=headers).status_code == 413
            assert client.post(path, content=parts(), headers=headers).status_code == 413
    assert wang.open("/desk").status_code == 200


def test_a_dripping_body_is_cut_off_and_others_are_served_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.guard.BODY_SECONDS", 1.0)
    with site_here(tmp_path) as here:
        answers: list[bytes] = []

        def drip(path: bytes) -> None:
            port = int(here.address.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
                connection.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                answer = b""
                connection.settimeout(0.1)
                while True:
                    try:
                        connection.sendall(b"1\r\na\r\n")
                        part = connection.recv(65536)
                    except TimeoutError:
                        continue
                    except OSError:  # it was hung up on while it went on
                        break
                    answer += part
                    if not part:
                        break
                answers.append(answer)

        dripping = [threading.Thread(target=drip, args=(path,)) for path in (b"/api/ask", b"/login", b"/say", b"/nothing") * 5]
        for one in dripping:
            one.start()
        visitor = here.visitor()
        visitor.open("/")
        visitor.send("/say", {"said": "83岁"})
        assert "83岁" in visitor.open("/").text
        for one in dripping:
            one.join(timeout=30)
            assert not one.is_alive()
        assert len(answers) == len(dripping)
        for answer in answers:
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b"connection: close" in answer.lower()


def test_half_a_form_does_nothing(running: Site, wang: Visitor) -> None:
    wang.open("/desk")
    body = urlencode({"proof": wang.proof, "fact.age": "83", "save_as": "half"}).encode()
    shown = f"Cookie: {wang.shown['Cookie']}\r\nContent-Type: {FORM['Content-Type']}\r\n"
    head = f"POST /desk/case/save HTTP/1.1\r\nHost: a\r\n{shown}"
    assert running.said(f"{head}Content-Length: {len(body) + 1}\r\n\r\n".encode() + body) == b""
    assert "half" not in wang.open("/desk/saved").text
    answer = running.said(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body, end=False)
    assert answer.startswith(b"HTTP/1.1 303 ")
    assert "half" in wang.open("/desk/saved").text


def test_odd_forms_are_answered(running: Site, wang: Visitor) -> None:
    wang.open("/desk")
    proof = urlencode({"proof": wang.proof})
    many = "&".join(f"a{number}=b" for number in range(100_000))
    multipart = "multipart/form-data; boundary=x"
    parts = f'--x\r\nContent-Disposition: form-data; name="proof"\r\n\r\n{wang.proof}\r\n'
    filed = f'{parts}--x\r\nContent-Disposition: form-data; name="query"; filename="a"\r\n\r\nhallo\r\n--x--\r\n'
    sent: list[tuple[str, bytes, int]] = [
        (FORM["Content-Type"], f"{proof}&{many}".encode(), 400),
        (FORM["Content-Type"], f"{proof}&query=%ff%fe%00&query=a&query=%ed%a0%80".encode(), 200),
        (FORM["Content-Type"], f"{proof}&proof=x".encode(), 403),
        (FORM["Content-Type"], b"%" * 10_000, 403),
        (FORM["Content-Type"], b"&=&;" * 300, 403),
        (multipart, f"{parts}--x--\r\n".encode(), 200),
        (multipart, filed.encode(), 400),
        (multipart, parts.encode(), 403),
        (multipart, b"nothing of the kind", 400),
        (multipart, (f"{parts}--x--\r\n" + "trailing" * 1000).encode(), 200),
        (f"{multipart}; charset=nonsense", f"{parts}--x--\r\n".encode(), 200),
        ("multipart/form-data", parts.encode(), 400),
        ("multipart/form-data; boundary=" + "x" * 5000, parts.encode(), 400),
    ]
    for kind, body, status in sent:
        answer = wang.http.post("/desk", content=body, headers={**wang.shown, "Content-Type": kind})
        assert answer.status_code == status, (kind[:60], body[:60])
    assert running.logged().count("trailing") == 0
    assert len(running.logged()) < 10_000_000


# -- passwords


def told(answer: httpx.Response) -> str:
    """What a page says is wrong."""
    found = re.search('role="alert">([^<]*)<', answer.text)
    return found[1] if found else ""


def test_wrong_passwords_are_slowed_down_for_an_account_from_an_address(running: Site, other: Visitor) -> None:
    assert other
    here, there = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
    visitor = running.visitor()
    for number in range(WRONG_HERE):
        answer = visitor.log_in("李", f"wrong password {number}", here)
        assert (answer.status_code, told(answer)) == (403, "账号或者密码不对。")
    locked = visitor.log_in("李", "wrong once more", here)
    assert locked.status_code == 429
    assert 1 <= int(locked.headers["Retry-After"]) <= 15 * 60
    right = visitor.log_in("李", PASSWORD, here)
    assert (right.status_code, told(right)) == (429, told(locked))
    assert visitor.open("/desk").status_code == 303
    assert visitor.log_in("王", PASSWORD, here).status_code == 303
    assert running.visitor().log_in("李", PASSWORD, there).status_code == 303


def test_guessing_all_at_once_is_no_faster(running: Site, other: Visitor) -> None:
    assert other
    visitor = running.visitor()
    visitor.open("/login")
    headers = {**visitor.shown, "X-Forwarded-For": "192.0.2.3"}

    def guess(number: int) -> int:
        fields = {"proof": visitor.proof, "name": "李", "password": f"wrong password {number}"}
        return visitor.http.post("/login", data=fields, headers=headers).status_code

    with ThreadPoolExecutor(12) as pool:
        statuses = list(pool.map(guess, range(24)))
    assert statuses.count(403) == WRONG_HERE
    assert statuses.count(429) == 24 - WRONG_HERE


def test_an_address_does_not_try_every_account(running: Site) -> None:
    visitor = running.visitor()
    here = {"X-Forwarded-For": "192.0.2.4"}
    statuses = [visitor.log_in(f"nobody {number}", "wrong password", here).status_code for number in range(22)]
    assert statuses == [403] * WRONG_PER_ADDRESS + [429] * 2


def test_who_has_an_account_is_not_told(running: Site, other: Visitor) -> None:
    assert other
    pages = []
    for number, name in enumerate(("李", "nobody", "", "a" * 5000, "\x00", "李 ", "' OR '1'='1", "李\x00")):
        answer = running.visitor().log_in(name, "wrong password", {"X-Forwarded-For": f"192.0.2.{20 + number}"})
        assert answer.status_code == 403
        pages.append(re.sub("[0-9a-f]{64}", "", answer.text))
    assert len(set(pages)) == 1


def test_nobody_but_a_proxy_of_ours_says_where_somebody_comes_from(tmp_path: Path) -> None:
    with site(tmp_path / "data", YANGLAO_WEB__PROXIES='["192.0.2.9"]') as strict:
        strict.operator("王")
        visitor = strict.visitor()
        names = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "X-Forwarded-Host")
        statuses = [
            visitor.log_in("王", "wrong password", dict.fromkeys(names, f"for=192.0.2.{number}")).status_code
            for number in range(WRONG_HERE + 1)
        ]
        assert statuses == [403] * WRONG_HERE + [429]


# -- what belongs to others


def test_what_was_saved_in_words_of_another_time_is_opened_as_far_as_it_is_known(running: Site, wang: Visitor) -> None:
    CaseStore(running.store.engine).save("王", "从前的", {"age": 83, "hukou": "atlantis", "shoe_size": 43, "hardship": "dibao"})
    saved = wang.open("/desk/saved")
    assert saved.status_code == 200
    number = re.findall(r'name="id" value="(\d+)"', saved.text[saved.text.index("从前的"):])[0]
    opened = wang.send("/desk/saved/open", {"id": number})
    assert opened.status_code == 200
    assert "这几项的写法变了，请再问一遍：hukou、shoe_size" in opened.text
    assert wang.send("/desk/saved/delete", {"id": number}).status_code == 303


def test_nobody_opens_or_deletes_what_another_saved(wang: Visitor, other: Visitor) -> None:
    wang.open("/desk")
    wang.send("/desk/case/save", {"fact.age": "87", "save_as": "hers alone"})
    numbers = re.findall(r'name="id" value="(\d+)"', wang.open("/desk/saved").text)
    assert "hers alone" not in other.open("/desk/saved").text
    for number in (*numbers, "0", "-1", "9" * 17, "9" * 100, "１", "1 OR 1=1", "", "1.0", "\x00"):
        other.open("/desk")
        assert other.send("/desk/saved/open", {"id": number}).status_code == 404
        other.open("/desk")
        assert other.send("/desk/saved/delete", {"id": number}).status_code == 303
    assert "hers alone" in wang.open("/desk/saved").text


def test_a_problem_page_still_lets_out(running: Site) -> None:
    visitor = running.operator("孙")
    assert visitor.send("/desk/saved/open", {"id": "999999"}).status_code == 404
    assert visitor.send("/logout").headers["Location"] == "/login"


# -- what every answer says


def test_every_answer_tells_browsers_what_they_may_not_do(running: Site, wang: Visitor) -> None:
    with running.system() as system:
        pages = ["/", "/desk", "/desk/case", "/desk/saved", "/login", "/nothing", "/static/page.css", "/static/nothing"]
        answers = [
            *(wang.open(path) for path in pages),
            wang.http.post("/desk", content=b"a" * (2 << 20), headers=wang.shown),
            wang.http.post("/desk/case", headers=wang.shown),
            wang.http.post("/desk", content=b"x", headers={**wang.shown, "Content-Type": "multipart/form-data"}),
            wang.http.get("/desk/case/save", headers=wang.shown), wang.http.request("TRACE", "/"), wang.http.options("/desk"),
            httpx.get(f"{running.address}/desk"), httpx.post(f"{running.address}/api/ask", json={}),
            system.get("/api/openapi.json"), system.get("/api/nothing"), system.post("/api/ask"),
            system.post("/api/check", json={"facts": {}}), system.get("/healthz"), system.get("/metrics"),
            wang.http.head("/"), wang.http.head("/login"), wang.http.head("/desk", headers=wang.shown),
            wang.http.head("/static/page.css"),
        ]
    assert {answer.status_code for answer in answers} == {200, 303, 400, 401, 403, 404, 405, 413, 415}
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, answer.request.url
        static = answer.request.url.path.startswith("/static/")
        assert answer.headers["Cache-Control"] == ("no-cache" if static else "no-store")
        assert "server" not in answer.headers
        assert "unsafe" not in answer.headers["Content-Security-Policy"]



def test_a_fault_is_told_without_a_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:
    def faulty(*_: object, **__: object) -> None:
        raise ValueError("caNary")

    caplog.set_level("INFO")
    with site_here(tmp_path) as here, here.system() as system:
        visitor = here.operator("王")
        monkeypatch.setattr("bot.cases.CaseStore.saved", faulty)
        monkeypatch.setattr("bot.accounts.Keys.find", faulty)
        page, answer = visitor.open("/desk/saved"), system.post("/api/ask", json={"query": "caNary"})
    assert (page.status_code, answer.status_code) == (500, 500)
    assert answer.json()["error"]["code"] == "fault"
    assert "出了点毛病" in page.text
    for one in (page, answer):
        assert one.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
        assert "caNary" not in one.text
    assert "ValueError" in caplog.text
    assert "caNary" not in caplog.text


def test_other_sites_may_not_ask(running: Site, wang: Visitor) -> None:
    asking = {
        "Origin": "https://evil.example", "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    with running.system() as system:
        answers = [
            system.options("/api/check", headers=asking), system.post("/api/check", json={"facts": {}}, headers=asking),
            wang.http.get("/desk", headers={**wang.shown, **asking}), wang.http.options("/desk", headers=asking),
            wang.http.get("/static/case.js", headers=asking), wang.http.get("/api/openapi.json", headers=asking),
        ]
    for answer in answers:
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_and_nothing_is_echoed(running: Site, method: str) -> None:
    for path in ("/", "/login", "/desk", "/static/page.css", "/api/openapi.json", "/healthz"):
        answer = httpx.request(method, running.address + path, headers={"X-Canary": "caNary"}, content=b"")
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert "caNary" not in answer.text


# -- the log


def test_the_log_holds_nothing_of_anybody(running: Site) -> None:
    places = (
        "query", "path", "name", "password", "said", "line", "save_as", "chat_id", "header", "agent", "cookie", "host", "value",
    )
    canary = {name: f"zq{number}canary{number}qz" for number, name in enumerate(places)}
    visitor = running.operator(canary["name"])
    shown = {"User-Agent": canary["agent"], "Referer": canary["header"], "X-Forwarded-For": "203.0.113.199"}
    visitor.http.headers.update(shown)
    visitor.cookies["more"] = canary["cookie"]
    visitor.open(f"/{canary['path']}?{canary['query']}=1")
    visitor.open(f"/api/{canary['path']}?{canary['query']}=1")
    visitor.open(f"/?size={canary['query']}")
    visitor.open("/desk")
    visitor.send("/desk", {"query": canary["query"]})
    visitor.send("/desk/passages", {"query": canary["query"]})
    visitor.send("/desk/case", {"line": canary["line"], "fact.age": canary["value"]})
    visitor.send("/desk/case/save", {"save_as": canary["save_as"], "fact.age": canary["value"]})
    visitor.send("/desk/case/save", {"save_as": canary["save_as"], "fact.age": "83"})
    visitor.open("/desk/saved")
    visitor.http.request("TRACE", f"/{canary['path']}", headers={"Host": canary["host"]})
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    visitor.http.post("/desk", content=f"--x\r\n{canary['value']}".encode(), headers=multipart)
    visitor.http.post("/desk", content=canary["value"].encode() * 100_000)
    running.said(f"GET /{canary['path']} HTTP/7\r\n{canary['header']}\r\n\r\n".encode())
    running.said(f"{canary['header']} /{canary['path']} HTTP/1.1\r\n\r\n".encode())
    chat = running.visitor()
    chat.open("/")
    chat.send("/say", {"said": canary["said"]})
    stranger = running.visitor()
    stranger.log_in(canary["name"], canary["password"], {"X-Forwarded-For": "203.0.113.199"})
    with running.system("zqcanarysystemqz") as system:
        for name in ("ask", "understand", "check", "chat"):
            for text in (canary["said"], f"{canary['said']}\ud800"):
                sent = {"chat_id": canary["chat_id"], "text": text, "query": text, "facts": {"age": text}}
                system.post(f"/api/{name}", content=json.dumps(sent), headers={"Content-Type": "application/json"})
        system.post("/api/ask", content=f'{{"{canary["value"]}'.encode(), headers={"Content-Type": "application/json"})
        httpx.post(f"{running.address}/api/ask", json={}, headers={"Authorization": f"Bearer {canary['header']}"})
    until(lambda: running.logged().count("POST /api/chat") >= 2)
    log = running.logged().lower()
    tokens = [*running.keys.values(), *visitor.cookies.values(), *chat.cookies.values(), visitor.proof, chat.proof, PASSWORD]
    secrets = [one for one in tokens if len(one) > 5]
    for secret in (*canary.values(), *secrets, "canary", "203.0.113.199", "192.0.2.", "李", "traceback"):
        assert secret.lower() not in log
    for line in log.splitlines():
        assert set(json.loads(line)) <= {"at", "level", "part", "message", "fault"}
    assert '"level": "error"' not in log  # nothing of all that was a fault


def test_what_was_deleted_is_nowhere_in_the_files(tmp_path: Path) -> None:
    with site_here(tmp_path) as here:
        visitor = here.operator("王")
        visitor.send("/desk/case/save", {"fact.age": "87", "save_as": "zqcanaryqz"})
        assert any(b"zqcanaryqz" in file.read_bytes() for file in tmp_path.iterdir())
        [number] = re.findall(r'name="id" value="(\d+)"', visitor.open("/desk/saved").text)
        visitor.send("/desk/saved/delete", {"id": number})
        assert not any(b"zqcanaryqz" in file.read_bytes() for file in tmp_path.iterdir())
    with closing(sqlite3.connect(tmp_path / "yanglao.db")) as database:
        assert database.execute("SELECT count(*) FROM cases").fetchone() == (0,)
