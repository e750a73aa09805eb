"""Places: cities, districts and counties by the names that people give them (``places.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import RootModel

from eligibility.facts import OTHER_CITY, Vocabulary
from knowledge.data import Record, read_model
from knowledge.lexicon import Found, Lexicon

PLACES_FILE = Path(__file__).parent / "places.yaml"


_REGISTERED = re.compile(r"户口|户籍|落户|上的户|籍贯|迁")
_REGISTERED_AFTER = re.compile(
    r"^(?:落|上|迁)的?户|^[市区县那这边的是]*(?:农村|城镇|农业|非农|城市|屯子|村)?的?(?:户口|户籍|户囗|户)"
)
_LIVES = re.compile(
    r"(?:住|居住|常住|现居|居|家在|搬到|搬来|搬回|搬去|搬|接到|接来|接去|接|来到|来|回到|回|到了|人在|人搁|待在|呆在|在|搁|租住|租房|落脚|奔|定居)"
    r"(?:[了在到于]|的(?:地方)?[是在]|[^，。不没户]{0,2}[在到于])?(?:咱们?|我们|俺们|你们)?\s*$"
)
_LIVES_AFTER = re.compile(r"^[^，。户]{0,7}?(?:住|居住|常住|租|待着|呆着|过日子|一起过|一块儿?过|定居)")
_LIVES_THERE = re.compile(r"^(?:那边|这边|城里|市里)?(?:住|租|常住)")
_LIVED = re.compile("^[^，。]{0,3}(?:住|待|呆)过")
"""我在本溪住过三十年: no more."""

_STREET = re.compile(
    r"^是(?:我|俺|他|她)(?:家|们)?(?:弟|哥|姐|妹|儿|闺女|姑娘|老伴|爸|妈|爹|娘|叔|姨|舅|姑)|^(?:[东西南北中一二三四五六七八九十]{0,3}(?:大街|大路|路|街|道(?!口))|小区|新村|胡同|花园|广场|医院|宾馆|饭店|大厦|话|菜|战役|会战"
    r"|人家|钢铁|日报|站)"
)
_THERE = re.compile(
    r"^(?:那个|那家|这个|有个|有家|那疙瘩|那边|的)?[^，。]{0,4}?"
    r"(?:食堂|医院|公园|景区|风景区|大集|商场|超市|车站|大学|中学|钢厂|矿务局|公司|民政|社保|政府|街道|社区|办事处|银行|残联"
    r"|法院|公证处|派出所|邮局|信用社|网格员|社工|志愿者|居委会|卫生院)"
)
_HOME = re.compile("(?:住|家[在搁是]?)(?:在|到)?$")
_VISITS = re.compile(r"(?:去|上|到|往|飞|考到|嫁到|去过|到过|打过|打|路过|从|离|去了|跑)\s*$")
_ERRAND = re.compile(
    r"^[^，。]{0,3}?(?:打工|开会|看病|念书|上学|上班|出差|读书|当兵|工作|做生意|买房|住院|手术|旅游|串门|探亲|成家|上大学|大学|开店|务工|干活|挣钱|干工程|办事|来的|回来|转来|过来|[修干做教挖建跑学练打]过|下乡|下过乡|插队|插过队|当过兵|领|交|开支|报销|退休)"
)


def place_fact(before: str, after: str) -> str | None:
    """What a place between ``before`` and ``after`` says: ``hukou``, ``residence``, "" for either, None for nothing.

    人在鞍山 lives there, 鞍山户口 is registered there, 鞍山路 and 上沈阳开会 tell neither.
    """
    if _STREET.match(after) or _ERRAND.match(after) or (_THERE.match(after) and not _HOME.search(before)):
        return None
    if _REGISTERED_AFTER.match(after):
        return "hukou"
    registered = next(reversed(list(_REGISTERED.finditer(before))), None)
    lives = _LIVES.search(before)
    if registered and len(before) - registered.end() > 3 and _LIVES_THERE.match(after):
        return "residence"  # 户口在岫岩这几年跟俺在海城住
    if registered and (lives is None or not re.search("住|居|搬|接|人", before[registered.end():])):
        return "hukou"
    if _LIVED.match(after) and not registered:
        return None
    visits = _VISITS.search(before) and not lives and not after.startswith("住")
    if visits or re.search("[想要]再?(?:来|去|上|到)$|[按照依]$", before):
        return None
    return "residence" if lives or _LIVES_AFTER.match(after) else ""


_WITHIN = ("", "市", "省", "的", "市的", "那边的", "那边")
"""Between a city and a place in it."""

_UNLISTED_CITY = re.compile("(?:(?![我俺咱你您他她们本这那该全级城在住个是])[\u4e00-\u9fff]){2}市的?$")
"""北海市, of which nothing is known but that it is a city of its own."""


_LEADING = re.compile("^(?:现|常)?(?:户籍|户口|居住|户|居|住)(?:所在)?地?(?:[在于是:]|(?=.))")
_ENDING = re.compile("(?:市|区|县|城区|市区|城里|市里|满族自治县|自治县|人|的|本地|户|户口|户籍|籍|本市)*")
_WITHIN_CITY = re.compile("[区县镇乡街路村]")
_ADDRESS = re.compile("[区县镇乡村街路道号屯委组楼栋园]|农场")
_MOVED = re.compile("迁|原籍|原户|户口|户籍|现住|现居|常住|住在|挂靠|曾|非|不在|注销|或")
"""What goes on like an address, and what tells of another place (鞍山市铁东区园林路3号，已迁沈阳)."""


@cache
def _province() -> re.Pattern[str]:
    """A province of ours at the head of an address."""
    names = {place.province for place in known_places().values() if place.province}
    return re.compile(f"^(?:{'|'.join(sorted(names))})省?(?=.)")


class Place(Record):
    """A city's names, districts, counties and county-level cities, its province, and how ID numbers from there begin."""

    names: tuple[str, ...]
    district: tuple[str, ...] = ()
    county: tuple[str, ...] = ()
    province: str | None = None
    code: str | None = None


class _File(RootModel[dict[str, Place]]):
    pass


@cache
def known_places() -> dict[str, Place]:
    """The places of every city that is known, by the city's id; ``other`` holds cities without rules."""
    return read_model(PLACES_FILE, _File).root


class Places:
    """Finds places in a text, each with its name and the city that it belongs to; a city without rules is ``other``."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names = Lexicon(
            (written, (name, city if city in vocabulary.cities else OTHER_CITY))
            for city in known_places() for name, written in _names(city)
        )
        self._cities = frozenset(name for place in known_places().values() for name in place.names)

    def phrases(self) -> Iterator[str]:
        """Every name."""
        return self._names.phrases()

    def listed(self, text: str) -> Iterator[Found]:
        """The names in the text, whatever stands before them: 双压山市尖山区 is misspelt, and no city of its own."""
        return self._names.find(text)

    def find(self, text: str) -> list[Found]:
        """The places in the order of the text; a namesake in another city (沈阳市铁西区) is part of that one."""
        places: list[Found] = []
        for found in self._names.find(text):
            before = places[-1] if places else None
            inside = found.meaning[0] not in self._cities
            unlisted = _UNLISTED_CITY.search(text, 0, found.start) if not before or before.end < found.start - 1 else None
            if inside and before and before.meaning[1] == OTHER_CITY and text[before.end:found.start] in _WITHIN:
                places[-1] = Found(before.start, found.end, before.meaning)
            elif inside and unlisted:
                places.append(Found(unlisted.start(), found.end, (unlisted[0], OTHER_CITY)))
            else:
                places.append(found)
        return places

    def address(self, text: str) -> tuple[str, str] | None:
        """The place with which an address begins, and its city; None where it begins with none, or names several cities."""
        text = _province().sub("", _LEADING.sub("", text))
        places = self.find(text)
        if not places or places[0].start:
            return None
        first, city = places[0], str(places[0].meaning[1])
        rest = text[first.end:]
        near = first.end + len(_WITHIN_CITY.split(rest, maxsplit=1)[0])  # further on towns and streets are called like cities
        others = [place for place in places if place.start < near and place.meaning[1] != city]
        elsewhere = any(not _STREET.match(text[place.end:]) for place in others)
        ends = _ENDING.fullmatch(rest)
        if elsewhere or _STREET.match(rest) or not (ends or city == OTHER_CITY or _ADDRESS.search(rest)):
            return None
        if _MOVED.search(rest) and not ends:
            return None
        within = next((one for one in places[1:] if one.meaning[0] not in self._cities and one.start <= near), first)
        return str(within.meaning[0]), city


def local_names(vocabulary: Vocabulary) -> set[str]:
    """The names of the places in the cities that have rules."""
    return {written for city in known_places() if city in vocabulary.cities for _, written in _names(city)}


def _names(city: str) -> Iterator[tuple[str, str]]:
    """The names of a city's places, each as it is written: a district's and a county's with its ending and without."""
    place = known_places()[city]
    yield from ((name, name) for name in place.names)
    for names, ending in ((place.district, "区"), (place.county, "县")):
        for name in names:
            yield name, name
            if not name.endswith(ending):
                yield name, name + ending


def city_of_code(digits: str) -> str | None:
    """The city in which an ID number that begins with ``digits`` was given out; None for a city that is not known."""
    return next((city for city, place in known_places().items() if place.code and digits.startswith(place.code)), None)
