"""The fact vocabulary (``facts.yaml``): what each fact means, its values, its question and how people say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, RootModel, model_validator

from knowledge.data import Record, read_model
from knowledge.phrases import Phrases, checked

FACTS_FILE = Path(__file__).parent / "facts.yaml"

OTHER_CITY = "other"

Scalar = bool | int | str

Pattern = Annotated[str, AfterValidator(checked)]

FactType = Literal["city", "integer", "choice", "boolean", "number", "date", "year", "range"]


class Option(Record):
    """One value of a fact: its button, how a reason names it, what it is, how people say it, and answer with it when asked."""

    label: str
    plain: str
    means: str | None = None
    says: tuple[Pattern, ...] = ()
    answers: tuple[Pattern, ...] = ()
    kin: Literal["children", "household", "ours", "bereaved", "family"] | None = None

    @cached_property
    def words(self) -> Phrases:
        """What means the option when its question is asked."""
        return Phrases((*self.says, *self.answers, self.plain))


class Fact(Record):
    """One fact. ``domain`` is every value it can have, None for what is computed with and not decided by (dates, numbers)."""

    title: str
    type: FactType
    question: str | None = None
    help: str | None = None
    range: tuple[int, int] | None = None
    options: dict[Scalar, Option] = {}
    effort: int = 1
    usual: Scalar | None = None
    group: str | None = None
    reach: Literal["grows", "fate"] | None = None
    needs: dict[str, tuple[Scalar, ...]] = {}
    void_when: dict[str, tuple[Scalar, ...]] = {}
    after: tuple[str, ...] = ()
    topics: tuple[Pattern, ...] = ()
    having: Scalar | None = None
    lacking: Scalar | None = None
    lasting: bool = False

    @model_validator(mode="after")
    def _usual_is_a_value(self) -> Self:
        if self.usual is not None and self.usual not in (self.domain or ()):
            raise ValueError(f"usual 写的 {self.usual!r} 不是“{self.title}”的取值")
        return self

    @cached_property
    def domain(self) -> tuple[Scalar, ...] | None:
        if self.type == "integer" and self.range:
            return tuple(range(self.range[0], self.range[1] + 1))
        return tuple(self.options) if self.options else None

    def describe(self, values: Iterable[Scalar]) -> str:
        """The sentence that the fact has one of ``values``, as a reason says it."""
        chosen = set(values)
        assert self.domain is not None  # noqa: S101 - only such facts stand in conditions
        ordered = [value for value in self.domain if value in chosen]
        if self.options:
            return "或".join(self.options[value].plain for value in ordered)
        return "或".join(self._span(low, high) for low, high in runs([int(value) for value in ordered]))

    def _span(self, low: int, high: int) -> str:
        assert self.range is not None  # noqa: S101 - a number without options has one
        if high == self.range[1]:
            return f"年满{low}周岁"
        if low == high:
            return f"{self.title}为{low}周岁"
        return f"{self.title}在{low}至{high}周岁" if low != self.range[0] else f"未满{high + 1}周岁"


def runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The unbroken runs of ascending numbers, first and last of each."""
    start = 0
    for i in range(1, len(numbers) + 1):
        if i == len(numbers) or numbers[i] != numbers[i - 1] + 1:
            yield numbers[start], numbers[i - 1]
            start = i


class _File(RootModel[dict[str, Fact]]):
    pass


class Vocabulary:
    """All facts, in the order of the file.

    Args:
        cities: id → name of the cities that have rules; values of the facts of type ``city``, beside those of the file.
    """

    def __init__(self, cities: Mapping[str, str], file: Path = FACTS_FILE) -> None:
        self.cities = dict(cities)
        self.facts: dict[str, Fact] = {}
        for name, fact in read_model(file, _File).root.items():
            if fact.type == "city":
                options: dict[Scalar, Option] = {
                    city: Option(label=label, plain=f"{fact.title[:2]}在{label}") for city, label in cities.items()
                }
                fact = fact.model_copy(update={"options": options | fact.options})
            self.facts[name] = fact

    def city_name(self, city: str) -> str:
        """The name of a city that has rules, else the id itself."""
        return self.cities.get(city, city)

    def variables(self) -> list[str]:
        """The facts with a finite domain, in order: what conditions may name."""
        return [name for name, fact in self.facts.items() if fact.domain is not None]
