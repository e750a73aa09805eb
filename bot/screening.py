"""Screening on the command line: a whole roster in, one row for each person and entitlement out, the sums on the screen."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from eligibility.rulebook import RuleBook
    from eligibility.screening.cells import Spoken
    from eligibility.screening.profiles import Answer, Tell
    from eligibility.screening.screening import Screened

STAGES = {
    "roster": "读名册", "people": "看每一格写的是什么", "city": "按{city}的规则算", "result": "写结果", "summary": "汇总",
}

CHANGES = {"new": "新够条件", "gone": "不再够条件", "open": "这次定不了", "amount": "数额变了", "status": "别的变化"}
REASONS = {"age": "年龄", "facts": "情况变了", "rule": "规则变了", "roster": "名册进出", "unread": "这次读不了"}

REPORT_MONTHS = 12
"""So far ahead a picture looks."""

MOST_REASONS = 5
"""So many reasons for which people could not be read are shown."""

MOST_ASKED = 8
"""So many of the facts worth asking are shown."""

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _months(_context: click.Context, _option: click.Parameter, value: str | None) -> int | None:
    """``12m`` or ``1y`` as months."""
    if value is None:
        return None
    found = re.fullmatch(r"([1-9][0-9]?)([my])", value)
    if found is None:
        raise click.BadParameter("要写成 12m（12个月）或 2y（2年）")
    return int(found[1]) * (12 if found[2] == "y" else 1)


@click.command()
@click.argument("roster", type=A_FILE)
@click.option("-o", "--output", "result", required=True, type=click.Path(path_type=Path), help="结果文件：.csv 或 .parquet")
@click.option("--mapping", type=A_FILE, help="表头对照（YAML）：表头: 事实")
@click.option("--keep", multiple=True, metavar="表头", help="原样带到结果里的一列；可以写几次。不写的都不带")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天算；不写就是今天")
@click.option("--ahead", callback=_months, metavar="12m", help="另列出这些月里因为到了岁数能领的人：RESULT.ahead")
@click.option(
    "--since", type=click.Path(exists=True, path_type=Path),
    help="上次的结果：另列出新增的、没有了的、数额变了的，和为什么：RESULT.changes",
)
@click.option("--report", type=click.Path(path_type=Path), help="画成一页图：FILE.html")
@click.option("--excel", is_flag=True, help="写出的 CSV 让 Excel 认得出中文")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True, help="用什么算")
@click.option("--master", default="local[*]", show_default=True, help="Spark 的主节点地址")
def screen(
    roster: Path, result: Path, mapping: Path | None, keep: tuple[str, ...], as_of: datetime | None, ahead: int | None,
    since: Path | None, report: Path | None, excel: bool, engine: str, master: str,
) -> None:
    """筛名册：整个名册按规则算一遍，谁该领什么，还缺什么。"""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from eligibility.rulebook import rule_book
    from eligibility.screening.columns import read_mapping
    from eligibility.screening.orders import Order
    from eligibility.screening.screening import screen

    book = rule_book()
    order = Order(
        roster, result, as_of.date() if as_of else date.today(), read_mapping(mapping) if mapping else {}, keep, engine, master,
        ahead or (REPORT_MONTHS if report else None), since, report, excel,
    )
    for number in (signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])):
        signal.signal(number, signal.default_int_handler)  # a window that is closed leaves no more behind than Ctrl-C
    shown = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(STAGES) - 1 + len(book.packs))

        def begun(stage: str) -> None:
            name, _, city = stage.partition(":")
            bar.update(task, description=STAGES[name].format(city=book.vocabulary.city_name(city)), advance=1)

        try:
            screened = screen(order, book, spoken(order.as_of), begun, tell(book))
        except KeyboardInterrupt:
            raise click.ClickException("停下了，没有做完") from None
    _show(screened, book, order.as_of, Console())
    click.echo(f"结果：{result}")
    if screened.coming is not None:
        times = sum(screened.coming.values())
        click.echo(f"{order.ahead}个月里因为到了岁数能领上、或能多领的：{times:,} 项次")
        click.echo(f"是谁、哪一天：{order.coming}")
    if report is not None:
        from eligibility.screening.picture import write_picture

        write_picture(report, screened, book, order.as_of)
        click.echo(f"图：{report}")
    if screened.changes is not None:
        told = "；".join(f"{CHANGES[one.change]}（{REASONS[one.why]}）{one.answers:,}" for one in screened.changes)
        click.echo(f"跟上次比：{told or '没有变化'}，在 {order.changes}")
    if screened.rejected:
        click.echo(f"读不了的名单：{order.rejects}")
        click.echo("最多的原因：")
        for reason, people in [*screened.reasons.items()][:MOST_REASONS]:
            click.echo(f"  {people:,} 人：{reason}")


def spoken(as_of: date | None = None) -> Spoken:
    """Reads a cell as an entry, written on a day."""
    from bot.understanding.entries import Entries
    from bot.understanding.language import Language
    from eligibility.rulebook import rule_book

    return Entries(Language(rule_book().vocabulary), as_of).read


def tell(book: RuleBook) -> Tell:
    """Says an answer in plain words."""
    from bot.wording import amount_text
    from eligibility.assessment import UNKNOWN
    from eligibility.rules import DISCRETIONARY, ELIGIBLE

    def told(answer: Answer) -> str:
        if answer.status == ELIGIBLE:
            return "，".join(filter(None, ("够条件", amount_text(answer.amount))))
        if answer.status == UNKNOWN:
            return f"还缺：{'、'.join(book.vocabulary.facts[fact].title for fact in answer.missing)}"
        return "由有关部门定" if answer.status == DISCRETIONARY else "不够条件"

    return told


def _show(screened: Screened, book: RuleBook, as_of: date, console: Console) -> None:
    columns = screened.columns
    if columns.unread:
        click.echo(f"没有用到的列：{'、'.join(columns.unread)}")
    for table in _tables(screened, book):
        console.print(table)
    for sentence in _sentences(screened, as_of):
        click.echo(sentence)


def _tables(screened: Screened, book: RuleBook) -> Iterator[Table]:
    from rich.markup import escape

    from eligibility.assessment import UNKNOWN
    from eligibility.rules import DISCRETIONARY, ELIGIBLE
    from eligibility.screening.summary import by_benefit, by_community

    benefits = by_benefit(screened.counts, book.rules())
    for city in dict.fromkeys(rule.city.name for rule in benefits):
        table = _table(city, "够条件", "部门定", "缺情况", "每月元", "每年元")
        for rule, line in benefits.items():
            if rule.city.name == city:
                counts = (f"{line.people.get(status, 0):,}" for status in (ELIGIBLE, DISCRETIONARY, UNKNOWN))
                table.add_row(rule.name, *counts, *_money(line.money))
        yield table
    if screened.columns.community:
        table = _table(escape(screened.columns.community), "够条件（项次）", "每月元", "每年元")
        for community, line in by_community(screened.counts).items():
            table.add_row(escape(community), f"{line.people.get(ELIGIBLE, 0):,}", *_money(line.money))
        yield table
    if screened.asks:
        table = _table("问清楚哪一项", "缺的人", "最多牵涉每月元")
        for asked in screened.asks[:MOST_ASKED]:
            table.add_row(book.vocabulary.facts[asked.fact].title, f"{asked.people:,}", f"{asked.money:,.0f}")
        yield table


def _sentences(screened: Screened, as_of: date) -> Iterator[str]:
    from eligibility.screening.summary import sources, total

    month, year = _money(total(screened.counts).money)
    read = screened.people + screened.rejected
    yield f"名册 {read:,} 人：算了 {screened.people:,} 人，读不了 {screened.rejected:,} 人。"
    if screened.doubtful:
        yield f"其中 {screened.doubtful:,} 人的年龄是 0 岁或者超过 120 岁，是照写的算的，要核对。"
    if screened.nowhere:
        yield f"其中 {screened.nowhere:,} 人不知道户口、住处在哪个市，或者不在有规则的城市，没有结果，另有名单（nowhere）。"
    for title, caveat in sources(screened.counts, as_of).items():
        yield f"{title}：{caveat}"
    yield f"发钱的合计：每月 {month} 元，每年另有 {year} 元。"


def _table(first: str, *titles: str) -> Table:
    """A table that fits a narrow screen: names in front, numbers at the right."""
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column(first, no_wrap=True)
    for title in titles:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def _money(money: Mapping[str, float]) -> tuple[str, str]:
    return f"{money['month']:,.2f}".removesuffix(".00"), f"{money['year']:,.2f}".removesuffix(".00")
