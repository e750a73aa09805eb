"""The rule book: the rules of all cities, read from ``rules/*.yaml``, each fault with its file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from eligibility.conditions import Condition, ConditionError, Reader, Term
from eligibility.diagrams import levels
from eligibility.facts import Vocabulary
from eligibility.rulefile import AmountEntry, RawCondition, RuleFile, TermFile
from eligibility.rules import ALWAYS, Amount, Caveat, Open, Rule, Tier, compile_rule
from eligibility.space import Space
from knowledge.catalogue import Document, catalogue
from knowledge.data import DataError, line_of, read_model

RULES = Path(__file__).parent / "rules"
TERMS_FILE = Path(__file__).parent / "terms.yaml"


@dataclass(eq=False)
class RuleBook:
    """All rules: of the cities, by id, and the space of persons that they tell apart."""

    vocabulary: Vocabulary
    space: Space
    packs: dict[str, tuple[Rule, ...]]

    @cached_property
    def personal_packs(self) -> dict[str, tuple[Rule, ...]]:
        """City → the rules that are addressed to a person."""
        return {city: tuple(rule for rule in pack if rule.audience == "person") for city, pack in self.packs.items()}

    @cached_property
    def cash_rules(self) -> tuple[Rule, ...]:
        """The rules by which money is paid to a person."""
        return tuple(rule for rule in self.rules() if rule.audience == "person" and rule.kind == "cash" and rule.amount)

    @cached_property
    def cash_levels(self) -> tuple[int, ...]:
        """The levels of the facts that money depends on."""
        return tuple(sorted(levels(rule.outcome for rule in self.cash_rules)))

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The documents that the rules cite."""
        return tuple({rule.document.id: rule.document for rule in self.rules()}.values())

    def rules(self) -> Iterator[Rule]:
        """Every rule, city by city, in the order of the files."""
        for pack in self.packs.values():
            yield from pack

    def personal(self, city: str) -> tuple[Rule, ...]:
        """The rules of a city that are addressed to a person."""
        return self.personal_packs[city]


@cache
def rule_book() -> RuleBook:
    """The rules that ship; raises :class:`~knowledge.data.DataError` where a file is wrong."""
    return load_rules(sorted(RULES.glob("*.yaml")))


def load_rules(files: Sequence[Path], documents: dict[str, Document] | None = None) -> RuleBook:
    """Read and compile rule files.

    Args:
        files: one for each city.
        documents: the catalogue they cite; the one that ships when absent.

    Raises:
        DataError: the first fault, with its file and line.
    """
    documents = catalogue() if documents is None else documents
    read = {file: read_model(file, RuleFile) for file in files}
    _one_file_a_city(read)
    vocabulary = Vocabulary({content.city.id: content.city.name for content in read.values()})
    terms = read_model(TERMS_FILE, TermFile).root
    packs: dict[str, tuple[Rule, ...]] = {}
    for file, content in read.items():
        reader = Reader(vocabulary, terms, content.city.id)
        packs[content.city.id] = tuple(
            _read_rule(file, content, i, reader, documents) for i in range(len(content.entitlements))
        )
        _no_id_twice(packs[content.city.id])
    book_conditions = [condition for pack in packs.values() for rule in pack for condition in rule.conditions()]
    in_play = {city: Reader(vocabulary, terms, city).term("本市户籍或居住") for city in packs}
    space = Space(vocabulary, [*book_conditions, *in_play.values()])
    for city, pack in packs.items():
        for rule in pack:
            compile_rule(rule, in_play[city], space)
    return RuleBook(vocabulary, space, packs)


def _one_file_a_city(read: dict[Path, RuleFile]) -> None:
    seen: set[str] = set()
    for file, content in read.items():
        if content.city.id in seen:
            raise DataError(file, line_of(file, ["city", "id"]), f"城市“{content.city.id}”已经有一个规则文件了")
        seen.add(content.city.id)


def _no_id_twice(pack: Sequence[Rule]) -> None:
    seen: set[str] = set()
    for rule in pack:
        if rule.id in seen:
            raise rule.error("这个编号用了两次", ["id"])
        seen.add(rule.id)


def _read_rule(file: Path, content: RuleFile, position: int, reader: Reader, documents: dict[str, Document]) -> Rule:
    entry = content.entitlements[position]
    doc = entry.doc or content.doc
    place: tuple[str | int, ...] = ("entitlements", position)
    if doc not in documents:
        raise DataError(file, line_of(file, [*place, "doc"] if entry.doc else ["doc"]), f"文件目录里没有“{doc}”")
    rule = Rule(entry, content.city, documents[doc], file, place)

    def condition(raw: RawCondition | None, *below: str | int) -> Condition:
        if raw is None:
            return ALWAYS
        try:
            return reader.read(raw)
        except ConditionError as error:
            raise rule.error(error.message, [*below, *error.place]) from None

    rule.requires = tuple(condition(raw, "requires", i) for i, raw in enumerate(entry.requires))
    rule.open = tuple(
        Open(condition(one.when, "discretionary", i, "when"), one.because, ("discretionary", i))
        for i, one in enumerate(entry.discretionary)
    )
    rule.amount = _read_amount(entry.amount, condition)
    rule.caveats = tuple(
        Caveat(ALWAYS, one) if isinstance(one, str) else Caveat(condition(one.when, "caveats", i, "when"), one.text)
        for i, one in enumerate(entry.caveats)
    )
    rule.notes = _notes(rule)
    return rule


def _read_amount(entry: AmountEntry | None, condition: Callable[..., Condition]) -> Amount | None:
    if entry is None:
        return None

    def place(name: str, i: int) -> tuple[str | int, ...]:
        return ("amount", "parts", name, i) if name else ("amount", "tiers", i) if entry.tiers else ("amount",)

    return Amount(entry, {
        name: tuple(Tier(condition(tier.when, *place(name, i), "when"), tier, place(name, i)) for i, tier in enumerate(tiers))
        for name, tiers in entry.all_parts().items()
    })


def _notes(rule: Rule) -> tuple[str, ...]:
    """The readings of ours that the rule rests on, in the order in which it uses them.

    Only the outermost term speaks: a term that is made of others has said itself what it means.
    """
    found: dict[str, None] = {}

    def collect(condition: Condition) -> None:
        if isinstance(condition, Term) and condition.note:
            found[condition.note] = None
        elif not isinstance(condition, Term):
            for part in condition.parts():
                collect(part)

    for condition in [*rule.requires, *(one.when for one in rule.open)]:
        collect(condition)
    return tuple(found)
