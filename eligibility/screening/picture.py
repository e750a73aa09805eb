"""The picture of a screening: one page that needs nothing else, with charts, to look at and to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from io import StringIO
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from warnings import catch_warnings, filterwarnings

from eligibility.assessment import UNKNOWN
from eligibility.rulebook import RuleBook
from eligibility.rules import DISCRETIONARY, ELIGIBLE
from eligibility.screening.screening import Screened
from eligibility.screening.summary import BAND, Line, by_age, by_benefit, by_community, sources, total

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAGE_FILE = Path(__file__).parent / "picture.html"

MOST_COMMUNITIES, MOST_ASKED = 25, 10

COLOURS = {ELIGIBLE: "#1b6ca8", DISCRETIONARY: "#7fb2d6", UNKNOWN: "#c9c9c9"}
NAMES = {ELIGIBLE: "够条件", DISCRETIONARY: "由有关部门定", UNKNOWN: "还缺情况"}
MONEY = "#2e7d4f"

WIDTH, ROW, MARGIN = 8.0, 0.26, 0.9
"""Inches: of a chart, of one bar in it, and of what is around the bars."""

FONTS = ["Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC", "sans-serif"]


def write_picture(target: Path, screened: Screened, book: RuleBook, as_of: date) -> None:
    """Writes the page; raises OSError where that is not possible."""
    text = Template(PAGE_FILE.read_text(encoding="utf-8")).substitute(
        title=f"名册筛查 {as_of.isoformat()}", figures=_figures(screened),
        sources=_sources(screened, as_of), charts="\n".join(_charts(screened, book)),
        fonts=", ".join(f"'{font}'" if " " in font else font for font in FONTS),
    )
    target.write_text(text, encoding="utf-8")


def _figures(screened: Screened) -> str:
    money = total(screened.counts).money
    figures = {
        "算了的人": f"{screened.people:,}", "读不了的人": f"{screened.rejected:,}",
        "没有规则可算的人": f"{screened.nowhere:,}",
        "每月发钱（元）": f"{money['month']:,.0f}", "每年另发（元）": f"{money['year']:,.0f}",
    }
    return "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in figures.items())


def _sources(screened: Screened, as_of: date) -> str:
    return "".join(f"<p>{escape(title)}：{escape(caveat)}</p>" for title, caveat in sources(screened.counts, as_of).items())


def _charts(screened: Screened, book: RuleBook) -> list[str]:
    benefits = by_benefit(screened.counts, book.rules())
    charts = []
    for city in dict.fromkeys(rule.city.name for rule in benefits):
        lines = {rule.name: line for rule, line in benefits.items() if rule.city.name == city}
        charts.append(_chart(f"{city}：每项有多少人（够条件的／连同还没定的）", _people(lines), stacked=True))
        paid = {name: line.monthly for name, line in lines.items() if line.monthly}
        charts.append(_chart(f"{city}：每项每月多少元（按年发的折成月）", {"元": paid}))
    by_band = by_age(screened.counts)
    bands = range(min(by_band, default=0), max(by_band, default=-1) + 1, BAND)
    ages = {f"{age}—{age + BAND - 1}岁": by_band.get(age, Line()) for age in bands}
    charts.append(_chart("各年龄：多少项次（够条件的／连同还没定的）", _people(ages), stacked=True))
    charts.append(_chart("各年龄：每月多少元（按年发的折成月）", {"元": {name: line.monthly for name, line in ages.items()}}))
    if screened.columns.community:
        communities = {name: line.monthly for name, line in by_community(screened.counts).items()}
        most = dict(sorted(communities.items(), key=lambda item: -item[1])[:MOST_COMMUNITIES])
        charts.append(_chart(f"{screened.columns.community}：每月多少元（按年发的折成月；最多的{len(most)}个）", {"元": most}))
    asks = {book.vocabulary.facts[one.fact].title: float(one.people) for one in screened.asks[:MOST_ASKED]}
    charts.append(_chart("问清楚哪一项：缺的人（牵涉的钱最多的在前）", {"人": asks}))
    if screened.coming:
        months = {month or "生日不详": float(times) for month, times in screened.coming.items()}
        charts.append(_chart("因为到了岁数能领上、或能多领的：项次，按月", {"项次": months}))
    return [chart for chart in charts if chart]


def _people(lines: Mapping[str, Line]) -> dict[str, dict[str, float]]:
    return {
        status: {name: float(line.people.get(status, 0)) for name, line in lines.items()}
        for status in (ELIGIBLE, DISCRETIONARY, UNKNOWN)
    }


def _chart(title: str, series: Mapping[str, Mapping[str, float]], stacked: bool = False) -> str:
    """Bars, one a name, as a picture with its title; empty where there is nothing to show."""
    names = list(next(iter(series.values())))
    if not names:
        return ""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # Texts stay texts, in the fonts of the page: whoever looks at it has one for them, where it is written there may be none.
    with mpl.rc_context(), catch_warnings():
        mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "yanglao", "font.size": 10, "text.parse_math": False})
        filterwarnings("ignore", "Glyph .* missing")
        figure = Figure(figsize=(WIDTH, ROW * len(names) + MARGIN), layout=None)
        axes = figure.add_axes((0.36, 0.55 / (ROW * len(names) + MARGIN), 0.52, ROW * len(names) / (ROW * len(names) + MARGIN)))
        _bars(axes, names, series, stacked)
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    svg = out.getvalue()
    return f"<figure><figcaption>{escape(title)}</figcaption>{svg[svg.index('<svg'):]}</figure>"


def _bars(axes: Axes, names: Sequence[str], series: Mapping[str, Mapping[str, float]], stacked: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    places, left = range(len(names)), [0.0] * len(names)
    for kind, values in series.items():
        widths = [values[name] for name in names]
        axes.barh(places, widths, left=left, height=0.7, color=COLOURS.get(kind, MONEY), label=NAMES.get(kind, kind))
        left = [start + width for start, width in zip(left, widths, strict=True)] if stacked else left
    ends = left if stacked else [max(values[name] for values in series.values()) for name in names]
    shown = next(iter(series.values()))
    for place, name in zip(places, names, strict=True):
        both = f" {shown[name]:,.0f}／{ends[place]:,.0f}" if stacked else f" {shown[name]:,.0f}"
        axes.text(ends[place], place, both, va="center", fontsize=9)
    axes.set_yticks(places, names)
    axes.invert_yaxis()
    axes.set_xlim(0, max(*ends, 1) * 1.15)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    if stacked:
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(series), frameon=False, fontsize=9, borderaxespad=0.1)
