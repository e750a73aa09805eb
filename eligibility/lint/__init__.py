"""The checks of ``yanglao lint``: rules and documents against each other, every fault with its file and line.

What a file must be like to be read at all is checked on load. Here stands what the text has to say to it (:mod:`.quotations`,
:mod:`.figures`), and what a diagram shows of a rule for every person at once (:mod:`.proofs`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from eligibility.lint.figures import FIGURE_CHECKS
from eligibility.lint.proofs import PROOFS
from eligibility.lint.quotations import items_without_rule, quotes
from eligibility.lint.vocabulary import unfit_labels, unused_terms
from eligibility.rulebook import RULES, RuleBook, load_rules
from knowledge.catalogue import DOCUMENTS, catalogue
from knowledge.data import DataError
from knowledge.outline import outline


def lint(files: Sequence[Path] | None = None, documents: Path | None = None) -> list[DataError]:
    """Every fault of the rules, by file and line; empty where all is well.

    Args:
        files: the rule files, each checked by itself; all that ship when absent, and the vocabulary with them.
        documents: the folder of the texts and their catalogue; the one that ships when absent.
    """
    try:
        known = catalogue(documents or DOCUMENTS)
    except DataError as error:
        return [error]
    faults: list[DataError] = []
    books: list[RuleBook] = []
    asked = sorted(RULES.glob("*.yaml")) if files is None else files
    for file in asked:
        try:
            books.append(load_rules([file], known))
        except DataError as error:
            faults.append(error)
    for book in books:
        faults += book_faults(book)
    if files is None and len(books) == len(asked):  # a term may be used by the very file that could not be read
        faults += [*unused_terms(books), *unfit_labels()]
    once = {str(fault): fault for fault in faults}
    return sorted(once.values(), key=lambda fault: (str(fault.file), fault.line, fault.message))


def book_faults(book: RuleBook) -> Iterator[DataError]:
    """What is wrong with the rules of a book."""
    cited = {rule.document.id: rule.document for rule in book.rules()}
    outlines = {name: outline(document.text()) for name, document in cited.items()}
    for rule in book.rules():
        yield from quotes(rule, outlines[rule.document.id])
        for check in FIGURE_CHECKS:
            yield from check(rule)
        for prove in PROOFS:
            yield from prove(rule, book.space)
    for pack in book.packs.values():
        yield from items_without_rule(pack, outlines)
