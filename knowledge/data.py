"""Reading the data files that a clerk edits: YAML in, checked models out, and errors that name the file and the line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

Model = TypeVar("Model", bound=BaseModel)

Place = Sequence[str | int]
"""Keys and list positions that lead from the top of a file to a value in it."""

_BASE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]
    """A safe loader that does not let the second of two equal keys win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"“{key.value}”写了两次", problem_mark=key.start_mark)
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


_PLAIN = {
    "missing": "缺少“{field}”这一项",
    "model_type": "“{field}”要写成“名字: 值”的样子",
    "dict_type": "“{field}”要写成“名字: 值”的样子",
    "tuple_type": "“{field}”要写成一列",
    "extra_forbidden": "不认识“{field}”这一项（是不是写错了字？）",
    "literal_error": "“{field}”的值 {value!r} 不对，只能是 {expected}",
}


class DataError(Exception):
    """A data file is wrong. ``file`` and ``line`` (from 1, 0 where unknown) say where, ``message`` what, for a clerk."""

    def __init__(self, file: Path, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
        self.message = message


class Record(BaseModel):
    """A part of a data file: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_yaml(file: Path) -> Any:
    """The content of a YAML file.

    Raises:
        DataError: the file is not there, not UTF-8, not YAML, or names a key twice.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError:
        raise DataError(file, 0, "打不开这个文件") from None
    except UnicodeDecodeError:
        raise DataError(file, 0, "文件不是 UTF-8 编码") from None
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise DataError(file, line, f"YAML 格式不对：{error.problem or error.context}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise DataError(file, 0, f"YAML 格式不对：{error}") from None


def read_model(file: Path, model: type[Model]) -> Model:
    """The content of a YAML file as a checked model.

    Raises:
        DataError: what is wrong first, and on which line.
    """
    try:
        return model.model_validate(read_yaml(file))
    except ValidationError as error:
        first = error.errors()[0]
        place = first["loc"]
        field = str(place[-1]) if place else file.name
        template = _PLAIN.get(first["type"])
        if template:
            message = template.format(field=field, value=first["input"], expected=first.get("ctx", {}).get("expected", ""))
        else:
            message = f"“{field}”写得不对：{first['msg'].removeprefix('Value error, ')}"
        raise DataError(file, line_of(file, place), message) from None


def line_of(file: Path, place: Place) -> int:
    """The line (from 1) on which the value at ``place`` stands, or the nearest one above it; 0 where the file cannot be read.

    Looked up only once something is wrong, so that loading a sound file does not pay for it.
    """
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return 0
    line = 1
    for key in place:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == _key_text(key)), None)
            if pair is None:
                continue
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
    return line


def _key_text(key: str | int) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)
