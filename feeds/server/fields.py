"""Fields: what the API takes in each field of a record, said once for the check and for /openapi.json.

Every source's records pass the gate (`sources.record.admit`), which reads what it can and passes over the
rest. Who sends records by a program wants to hear of a mistake instead: here a field of tagwire's own names
must be of its type. Other names (ninjs, JSON Feed, schema.org) go to the gate as they are.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)

from feeds.server.patterns import ID, LANGUAGE, MOMENT, SHOWS, URL
from sources.identity import canonical_url
from sources.languages import language_tag
from sources.records.names import STATES
from sources.text import one_line, strip_forbidden

LONGEST_ID = 1_000  # characters
LONGEST_WORDS = 2_000  # characters of a withdrawal's reason or notice
EXAMPLE = "2024-10-28T12:40:00+07:00"


def _date(value: str) -> str:
    if value and not strip_forbidden(value)[0].strip():
        raise ValueError("blank")
    return value


def _absolute(value: str) -> str:
    if value:
        if not value.lower().startswith(("http://", "https://")):
            raise ValueError("relative")
        canonical_url(value, value)
    return value


def _language(value: str) -> str:
    if not re.fullmatch(LANGUAGE, str(language_tag(value) or ("-" if value else ""))):
        raise ValueError("no language")
    return value


def _state(value: str) -> str:
    if value.strip().lower() not in STATES:
        raise ValueError("no state")
    return value


def _whole(value: object) -> object:
    # To JSON 4711.0 is a whole number like any other.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **schema})


Id = Annotated[str, Field(min_length=1, max_length=LONGEST_ID, pattern=ID)]
Number = Annotated[int, Field(ge=0, lt=2**53), BeforeValidator(_whole)]
Headline = Annotated[str, Field(pattern=SHOWS)]
Date = Annotated[str, AfterValidator(_date), _text(pattern=f"^(?:{MOMENT})?$", examples=[EXAMPLE])]
Url = Annotated[str, AfterValidator(_absolute), _text(pattern=f"^(?:{URL})?$")]
Language = Annotated[str, AfterValidator(_language), _text(pattern=LANGUAGE)]
State = Annotated[str, AfterValidator(_state), _text(enum=sorted(STATES))]
Thing = dict[str, Any]  # an object around the value, as systems write it: {"rendered": …}, {"name": …}


def _one_of(names: str, shape: dict[str, Any]) -> dict[str, Any]:
    needed = [{"required": [name], "properties": {name: shape}} for name in names.split()]
    return {"anyOf": needed}


_WORDS = _one_of("title headline summary content text", {"type": "string", "pattern": SHOWS})
_WORDS["anyOf"].append({"required": ["headlines"], "properties": {"headlines": {"type": "array"}}})
_DATED = _one_of(
    "published updated modified versioncreated versionCreated",
    {"type": "string", "pattern": f"^{MOMENT}$"},
)


class HeadlineOf(BaseModel):
    """A headline of ninjs 2 and 3."""

    model_config = ConfigDict(extra="allow", strict=True)

    value: Headline


class Record(BaseModel):
    """An article as a content system sends it: tagwire's own names, or those of ninjs 1, 2 or 3.

    It needs words (a headline, or a text to take one from) and a date. A field that is null or "" counts as
    left out. Names that are not listed here are read as other systems use them (JSON Feed, schema.org), or
    passed over.
    """

    model_config = ConfigDict(
        extra="allow", strict=True, json_schema_extra={"required": [], "allOf": [_WORDS, _DATED]}
    )

    id: Id | Number | None = Field(
        None,
        description="what the system calls it for good: at most 1,000 characters, no controls; or a number",
    )
    uri: Id | None = Field(None, description="ninjs's id, at most 1,000 characters, no controls")
    url: Url | None = Field(None, description="where readers find it, an absolute http(s) address")
    title: str | Thing | None = Field(None, description="the headline, as text")
    headline: Headline | None = Field(None, description="ninjs 1's headline, with at least one letter")
    headlines: Annotated[list[HeadlineOf], Field(min_length=1)] | None = Field(
        None, description='ninjs\'s headlines, [{"value": "…"}], at least one'
    )
    summary: str | Thing | None = Field(None, description="the lead, as text")
    content: str | Thing | None = Field(None, description="the whole story, as HTML")
    text: str | Thing | None = Field(
        None, description="the story as plain text, a blank line between paragraphs"
    )
    published: Date | None = Field(None, description=f"when it was published, a date such as {EXAMPLE}")
    updated: Date | None = Field(None, description=f"its last significant change, a date such as {EXAMPLE}")
    modified: Date | None = Field(None, description=f"its last change of any kind, a date such as {EXAMPLE}")
    versioncreated: Date | None = Field(None, description=f"ninjs 1's last change, a date such as {EXAMPLE}")
    versionCreated: Date | None = Field(  # noqa: N815 - ninjs's name
        None, description=f"ninjs's last change, a date such as {EXAMPLE}"
    )
    embargoed_until: Date | None = Field(None, description=f"in no feed before a date such as {EXAMPLE}")
    expires: Date | None = Field(None, description=f"in no feed from a date on, such as {EXAMPLE}")
    authors: str | Thing | list[str | Thing] | None = Field(
        None, description='names, or objects such as {"name": "…", "role": "author"}'
    )
    publisher: str | Thing | None = Field(None, description="who publishes it, as text")
    tags: str | list[str | int | Thing] | None = Field(None, description="tags as printed, a list of text")
    section: str | Thing | None = Field(None, description="the desk or rubric, as text")
    language: Language | None = Field(None, description="a BCP 47 tag such as id or en-GB")
    images: str | Thing | list[str | Thing] | None = Field(
        None, description='pictures, the leading one first: addresses, or objects such as {"url": "…"}'
    )
    enclosures: str | Thing | list[str | Thing] | None = Field(
        None, description='sound, film, files: addresses, or objects such as {"url": "…"}'
    )
    credit: str | list[str] | Thing | None = Field(
        None, description="the agency the report leans on, as text"
    )
    rights: str | Thing | None = Field(None, description="who may do what, as text for people")
    comments_url: Url | None = Field(
        None, description="where readers discuss it, an absolute http(s) address"
    )
    status: State | None = Field(
        None, description="usable, withheld, canceled, or a content system's word for one"
    )
    alternate_ids: list[Id] | None = Field(
        None, description="ids and addresses it was known by before, a list of text"
    )


def fault(record: dict[str, Any]) -> tuple[str, str] | None:
    """Name the first field that is not what it takes, and what it takes; None if there is none."""
    try:
        Record.model_validate(record)
    except ValidationError as error:
        # Of a field that takes several shapes, the error that goes deepest says most.
        places = [one["loc"] for one in error.errors(include_url=False, include_input=False)]
        place = max((place for place in places if place[0] == places[0][0]), key=len)
        name = str(place[0])
        index = "".join(f"[{part}]" for part in place[1:] if isinstance(part, int))
        told = Record.model_fields[name].description
        return name + index, f"this field takes {told}; mend it or leave it out"
    return None


def is_id(text: str) -> bool:
    """Can this be an article's id or address?"""
    return len(text) <= LONGEST_ID and re.fullmatch(ID, text) is not None


def words(text: str) -> str:
    """Read an editor's words for readers. Raises ValueError that says what is wrong."""
    said = one_line(strip_forbidden(text)[0])
    if not re.search(SHOWS, said) or len(text) > LONGEST_WORDS:
        raise ValueError(f"must have at least one letter and at most {LONGEST_WORDS:,} characters")
    return said


def address(text: str) -> str:
    """Read the address of a page. Raises ValueError that says what is wrong."""
    try:
        _absolute(text)
        return canonical_url(text, "")
    except ValueError as error:
        raise ValueError("must be an absolute http(s) address") from error
