"""Gaps: what people asked and the documents do not answer, kept without a trace of who asked, for the documents' keeper."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.database import open_database, reading
from bot.jsonl import log_fault
from bot.tables import GAPS
from bot.understanding.id_numbers import without_id_number
from knowledge.questions import asking

MOST_CHARACTERS = 80
"""So much of a question is kept."""

LATER_SECONDS = 1.0
"""So long what is to be kept may wait for more."""

EXAMPLES = 3
"""So many questions of a topic are listed."""

_PERSONAL = re.compile(
    r"(?:我叫|我姓|俺叫|名叫|姓名|本人姓|叫做|叫)[:是]?[\u4e00-\u9fff]{1,3}|[\u4e00-\u9fff]{1,4}(?:先生|女士|大爷|大娘|阿姨|奶奶|爷爷)(?=[，,。])"
    r"|[\u4e00-\u9fff0-9]{1,8}(?:路|街|巷|小区|花园|村|屯|社区|号楼|单元|栋|室|组)(?:[0-9]+号?)?|[0-9]{4,}|[\w.]+@[\w.]+"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """One question without its answer: what it was about, and its words."""

    topic: str
    question: str
    city: str | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The gaps of one topic: how many there are, in which cities, and the last questions."""

    topic: str
    count: int
    cities: tuple[str, ...]
    questions: tuple[str, ...]


def anonymous(message: str) -> str:
    """What a message asks, without names, addresses, numbers, and without the story around it."""
    asked = "。".join(asking(without_id_number(message)))
    # What cannot be printed, half a character among it, not every database takes.
    return "".join(one for one in _PERSONAL.sub("某", asked) if one.isprintable())[:MOST_CHARACTERS]


class GapStore:
    """Gaps in the database.

    Args:
        place: where the database lies (:func:`bot.database.open_database`).

    Raises:
        StoreError: it cannot be used.
    """

    def __init__(self, place: Path | str) -> None:
        self._engine = open_database(place)

    def keep(self, gaps: Sequence[Gap]) -> None:
        """Takes gaps in, their questions made anonymous."""
        day = datetime.now(UTC).date()
        rows = [{"day": day, "city": gap.city, "topic": gap.topic, "question": anonymous(gap.question)} for gap in gaps]
        with self._engine.begin() as connection:
            connection.execute(GAPS.insert(), rows)

    def gathered(self) -> list[Gathered]:
        """All gaps, topic by topic, the most frequent first."""
        with reading(self._engine) as connection:
            counted = connection.execute(
                select(GAPS.c.topic, func.count()).group_by(GAPS.c.topic).order_by(func.count().desc(), GAPS.c.topic)
            ).all()
            rows = connection.execute(select(GAPS.c.topic, GAPS.c.city, GAPS.c.question).order_by(GAPS.c.id.desc())).all()
        return [_gathered(topic, count, [row for row in rows if row.topic == topic]) for topic, count in counted]

    def close(self) -> None:
        self._engine.dispose()


class GapKeeper:
    """Keeps gaps where that is possible, several at once and a little later: nobody waits for it, nor is refused for it.

    Args:
        place: where the database lies; it is opened when the first gap comes.
    """

    def __init__(self, place: Path | str) -> None:
        self._place = place
        self._store: GapStore | None = None
        self._waiting: list[Gap] = []
        self._timer: threading.Timer | None = None
        self._one_at_a_time, self._one_writes = threading.Lock(), threading.Lock()

    def keep(self, gap: Gap | None) -> None:
        """Takes a gap in, if there is one."""
        if gap is None:
            return
        with self._one_at_a_time:
            self._waiting.append(gap)
            if self._timer is None:
                self._timer = threading.Timer(LATER_SECONDS, self._write)
                self._timer.daemon = True
                self._timer.start()

    def close(self) -> None:
        """Writes what is waiting yet."""
        if self._timer:
            self._timer.cancel()
        self._write()
        if self._store:
            self._store.close()

    def _write(self) -> None:
        """Writes what is waiting; a fault is logged, and what was to be written then is lost."""
        with self._one_at_a_time:
            waiting, self._waiting, self._timer = self._waiting, [], None
        with self._one_writes:  # whoever has another gap does not wait for the disk
            if waiting:
                try:
                    self._store = self._store or GapStore(self._place)
                    self._store.keep(waiting)
                except Exception as fault:
                    log_fault(fault)


def _gathered(topic: str, count: int, rows: Sequence[object]) -> Gathered:
    cities = dict.fromkeys(str(row.city) for row in rows if row.city)  # type: ignore[attr-defined]
    questions = dict.fromkeys(str(row.question) for row in rows)  # type: ignore[attr-defined]
    return Gathered(topic, count, tuple(cities), tuple(questions)[:EXAMPLES])
