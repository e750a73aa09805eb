"""The command line. Each command imports only what it needs, so that a short one starts at once."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from bot.administration import accounts, keys
from bot.screening import screen

# pydantic looks through every installed package for plugins of its own, which costs each start a fiftieth of a second.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

MOST_ID_CHARACTERS = 64
MOST_HITS = 50  # as bot.requests has it, which is not imported before it is needed

EXTRAS = {
    "argon2": "web", "ibis": "screen", "matplotlib": "screen", "psycopg": "postgres", "pyarrow": "screen", "pyspark": "spark",
}
"""What has to be installed besides for a module that some commands need."""

CONTEXT = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="yanglao")
@click.option("-C", "--config", type=click.Path(path_type=Path), help="配置文件（TOML）")
@click.option("--data", type=click.Path(path_type=Path), help="存放资料的文件夹")
@click.pass_context
def main(context: click.Context, config: Path | None, data: Path | None) -> None:
    """养老：政策文件怎么写，老人就能领什么。"""
    context.obj = (config, data)
    if config is not None:
        from bot.settings import load_settings

        load_settings(config, data)  # a mistake in it is told at once, whatever the command


main.add_command(screen)
main.add_command(accounts)
main.add_command(keys)


@main.command()
@click.option("--jsonl", is_flag=True, help="每行一个 JSON，给程序用")
@click.option("--chat-id", default="terminal", show_default=True, help="这次谈话的名字，同名的接着谈")
@click.pass_context
def chat(context: click.Context, jsonl: bool, chat_id: str) -> None:
    """聊着算：问几句，告诉您能领什么。"""
    from bot.conversation import Conversation
    from bot.gaps import GapKeeper
    from bot.sessions import SessionStore
    from bot.settings import load_settings
    from bot.terminal import talk, talk_jsonl
    from eligibility.rulebook import rule_book

    settings = load_settings(*context.obj)
    if not 0 < len(chat_id) <= MOST_ID_CHARACTERS:
        raise click.BadParameter(f"要有1到{MOST_ID_CHARACTERS}个字符", param_hint="--chat-id")
    store, gaps = SessionStore(settings.store), GapKeeper(settings.store)
    try:
        (talk_jsonl if jsonl else talk)(Conversation(rule_book()), store, gaps, chat_id)
    finally:
        store.close()
        gaps.close()


@main.command()
@click.argument("query", nargs=-1)
@click.option("--city", help="只查这个城市：anshan、benxi、shuangyashan")
@click.option("--top", default=3, show_default=True, type=click.IntRange(1, MOST_HITS), help="最多给几段")
@click.option("--jsonl", is_flag=True, help="每行一个 JSON，给程序用")
@click.pass_context
def ask(context: click.Context, query: tuple[str, ...], city: str | None, top: int, jsonl: bool) -> None:
    """查文件：哪一段写了这件事。"""
    from bot.gaps import GapKeeper
    from bot.jsonl import serve_lines
    from bot.requests import AskRequests
    from bot.settings import load_settings
    from bot.terminal import show_answer
    from bot.understanding.language import Language
    from eligibility.rulebook import rule_book

    book = rule_book()
    gaps = GapKeeper(load_settings(*context.obj).store)
    context.call_on_close(gaps.close)
    requests = AskRequests(book, Language(book.vocabulary), gaps.keep)

    if jsonl:
        serve_lines(requests)
        return
    if not query:
        raise click.UsageError("请写上要问的话")
    if city is not None and city not in book.packs:
        raise click.BadParameter(f"只能是 {'、'.join(book.packs)}", param_hint="--city")
    show_answer(" ".join(query), requests.answer(" ".join(query), city, top))


@main.command()
@click.pass_context
def telegram(context: click.Context) -> None:
    """Telegram 机器人（要有令牌，见 config.example.toml）。"""
    from bot.logs import log_lines
    from bot.settings import load_settings

    settings = load_settings(*context.obj)
    log_lines()
    try:
        from bot.telegram.run import run_telegram
    except ModuleNotFoundError as missing:
        _fail(f"缺少 {missing.name}：要用 Telegram，请装 yanglao[telegram]")
    run_telegram(settings)


@main.command()
@click.option("--host", help="在哪个地址上听；不写就按设置")
@click.option("--port", type=click.IntRange(1, 65535), help="在哪个端口上听；不写就按设置")
@click.pass_context
def serve(context: click.Context, host: str | None, port: int | None) -> None:
    """网页工作台、聊天页和接口（先用 accounts add 添一个账号）。"""
    from bot.logs import log_lines
    from bot.settings import load_settings

    settings = load_settings(*context.obj)
    log_lines()
    try:
        from bot.web.run import run_web
    except ModuleNotFoundError as missing:
        _fail(f"缺少 {missing.name}：要用网页，请装 yanglao[web]")
    run_web(settings, host or settings.web.host, port or settings.web.port)


@main.command("gaps")
@click.option("--json", "as_json", is_flag=True, help="JSON")
@click.pass_context
def show_gaps(context: click.Context, as_json: bool) -> None:
    """文件答不上来的问题，按事分好，给管文件的人看。"""
    from bot.gaps import GapStore
    from bot.settings import load_settings
    from bot.wording import say

    store = GapStore(load_settings(*context.obj).store)
    gathered = store.gathered()
    store.close()
    if as_json:
        _print_json([asdict(topic) for topic in gathered])
        return
    for topic in gathered:
        cities = "，" + "、".join(topic.cities) if topic.cities else ""
        click.echo(say("gaps_topic", topic=topic.topic, count=topic.count, cities=cities))
        for question in topic.questions:
            click.echo(f"  · {question}")
    if not gathered:
        click.echo(say("gaps_none"))


@main.command()
@click.argument("text", nargs=-1)
@click.option("--jsonl", is_flag=True, help="每行一个 JSON，给程序用")
def understand(text: tuple[str, ...], jsonl: bool) -> None:
    """听懂一句话：里面说了哪些情况。"""
    from bot.jsonl import serve_lines
    from bot.requests import understand_request
    from bot.understanding.language import Language
    from eligibility.rulebook import rule_book

    language = Language(rule_book().vocabulary)
    handle = partial(understand_request, language=language)
    if jsonl:
        serve_lines(handle)
    elif text:
        _print_json(handle({"text": " ".join(text)}))
    else:
        raise click.UsageError("请写上要听的话")


@main.command()
@click.argument("said", nargs=-1, metavar="[事实=值 | 说的话]...")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天算；不写就是今天")
@click.option("--json", "as_json", is_flag=True, help="JSON")
@click.option("--jsonl", is_flag=True, help="每行一个 JSON，给程序用")
def check(said: tuple[str, ...], as_of: Any, as_json: bool, jsonl: bool) -> None:
    """算一算：这个人能领什么。例：yanglao check 82 本溪 低保 半失能 一个人住，或者 hukou=benxi age=82"""
    from bot.jsonl import serve_lines
    from bot.requests import check_request
    from eligibility.assessment import assess
    from eligibility.rulebook import rule_book

    book = rule_book()
    handle = partial(check_request, book=book)
    if jsonl:
        serve_lines(handle)
        return
    from bot.report import summary
    from bot.understanding.message import facts_from

    on = as_of.date() if as_of else date.today()
    facts = facts_from(said, book.vocabulary, on)
    if not facts:
        raise click.UsageError("请写上情况，例如 82 本溪 低保，或者 hukou=benxi age=82")
    if as_json:
        _print_json(handle({"facts": facts, "as_of": on.isoformat()}))
    else:
        click.echo(summary(assess(facts, book, on)))


@main.command("facts")
def show_facts() -> None:
    """事实词汇表（JSON Schema）。"""
    from eligibility.rulebook import rule_book
    from eligibility.schema import fact_schema

    _print_json(fact_schema(rule_book().vocabulary))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="JSON")
def catalog(as_json: bool) -> None:
    """全部待遇：编号、名称、城市、种类、依据。"""
    from eligibility.assessment import citation
    from eligibility.rulebook import rule_book

    book = rule_book()
    entries = [
        {"id": rule.id, "name": rule.name, "city": rule.city.id, "kind": rule.kind, "audience": rule.audience,
         "source": citation(rule), "status": rule.document.status}
        for rule in book.rules()
    ]
    if as_json:
        _print_json(entries)
        return
    for rule in book.rules():
        click.echo(f"{rule.id}\t{rule.name}\t{rule.city.name}\t{rule.document.number} {rule.entry.section}")


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def lint(files: tuple[Path, ...]) -> None:
    """核对规则和文件：引文、数额、年龄、清单一项不漏。"""
    from eligibility.lint import lint as check_rules

    faults = check_rules(files or None)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        click.echo(f"有 {len(faults)} 处要改。", err=True)
        raise SystemExit(1)
    click.echo("都对得上。")


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def run() -> None:
    """The entry of ``yanglao``: exit 0 done, 2 bad usage, 1 anything else with one sentence on standard error."""
    from bot.jsonl import RequestError, log_fault
    from knowledge.data import DataError

    try:
        main(prog_name="yanglao")
    except (DataError, RequestError) as fault:
        _fail(str(fault))
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(1) from None
    except Exception as fault:
        if type(fault).__name__ in ("AccountError", "FactError", "RosterError", "SettingsError", "StartError", "StoreError"):
            _fail(str(fault))
        if isinstance(fault, ModuleNotFoundError) and fault.name in EXTRAS:
            _fail(f"缺少 {fault.name}：请装 yanglao[{EXTRAS[fault.name]}]")
        log_fault(fault)
        _fail("程序出了毛病")


def _fail(message: str) -> None:
    click.echo(message, err=True)
    raise SystemExit(1)


if __name__ == "__main__":
    run()
