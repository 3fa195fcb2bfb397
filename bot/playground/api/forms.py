"""What a call brings: its parameters as query string, form, JSON or multipart, and typed looks at them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bot.playground.api.errors import Refused

BOUNDARY = re.compile(r'boundary="?([^";,]+)"?')
NAME, FILENAME = re.compile(r'[; ]name="([^"]*)"'), re.compile(r'filename="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """The parameters of one call of a method."""

    values: Mapping[str, Any]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; raises Refused for anything else."""
        try:
            return int(self.values.get(name) or default)
        except (TypeError, ValueError) as error:
            raise Refused(f'invalid value of parameter "{name}"') from error

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in {"true", "1", "yes"}

    def json(self, name: str) -> Any:
        """A parameter that is an object or a list; None where it is not given."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value:
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise Refused(f"can't parse {name}: JSON object expected") from error

    def upload(self, name: str) -> Upload | None:
        """A file, sent under its own name or under the one that ``attach://`` gives."""
        return self.files.get(self.text(name).removeprefix("attach://") or name)


def read_call(query: str, kind: str, body: bytes) -> Call:
    """A call from its query string and its body of media type ``kind``."""
    values: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    if kind.startswith("application/json"):
        return Call(values | read_json(body))
    if kind.startswith("multipart/form-data"):
        fields, files = read_multipart(kind, body)
        return Call(values | fields, files)
    return Call(values | dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True)))


def read_json(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body or b"{}")
    except ValueError as error:
        raise Refused("can't parse the request's JSON") from error
    return values if isinstance(values, dict) else {}


def read_multipart(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    """Fields and files of a form: https://www.rfc-editor.org/rfc/rfc7578"""
    boundary = BOUNDARY.search(kind)
    fields: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in body.split(b"--" + boundary[1].encode())[1:-1] if boundary else ():
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        about, content = head.decode(errors="replace"), content.removesuffix(b"\r\n")
        name, filename = NAME.search(about), FILENAME.search(about)
        if name and filename:
            files[name[1]] = Upload(filename[1], content)
        elif name:
            fields[name[1]] = content.decode(errors="replace")
    return fields, files
