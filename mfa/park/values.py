"""The ground the park types stand on: frozen, validated values and frozen mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NoReturn, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, PlainSerializer
from pydantic.functional_validators import BeforeValidator
from pydantic_core import core_schema

DAYS_PER_YEAR = 365.0
"""One year in every conversion (semantics §1)."""

SMALLEST_FLOW = 1e-9
"""Flows below this many tonnes (or GJ) a day are zero (semantics §1)."""

ENVIRONMENT = "environment"
"""The node that takes and gives what the park does not account for; always present."""

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dict that refuses to change, so that a frozen value stays frozen all the way down."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this mapping belongs to a frozen value; build a new one instead")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = __ior__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenDict, (dict(self),))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        # pydantic takes a subclass of dict for an opaque type: without this, keys and values would go unchecked.
        key, value = get_args(source) or (Any, Any)
        return core_schema.no_info_after_validator_function(cls, handler.generate_schema(dict[key, value]))  # type: ignore[valid-type]


def _freeze(mapping: Any) -> Any:
    return FrozenDict(mapping) if isinstance(mapping, Mapping) else mapping


class Value(BaseModel):
    """A frozen value: unknown fields, NaN and infinities are refused.

    Change one with `replace`, which validates again; pydantic's `model_copy(update=)` does not
    and would keep what was derived from the old fields.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        populate_by_name=True,
        arbitrary_types_allowed=True,
    )

    def replace(self, **fields: Any) -> Self:
        """Return a copy with some fields changed, built and checked by the constructor."""
        names = {field.alias or name: name for name, field in type(self).model_fields.items()}
        known = {name: getattr(self, name) for name in names.values()}
        return type(self)(**(known | {names.get(name, name): value for name, value in fields.items()}))


T = TypeVar("T")

Id = Annotated[str, Field(min_length=1, max_length=200)]
NonNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Place = tuple[float, float]

Freeze = BeforeValidator(_freeze)
AmountByYear = Annotated[FrozenDict[int, NonNegative], Freeze]
ShareByYear = Annotated[FrozenDict[int, Fraction], Freeze]
ToDict = PlainSerializer(dict, return_type=dict)


class Text(Value):
    """A name or a sentence in English, in Chinese, or both."""

    en: str | None = None
    zh: str | None = None

    def in_language(self, language: str) -> str:
        """Return the text in `language` ("en" or "zh"), or in the other one where it is missing."""
        first, second = (self.zh, self.en) if language == "zh" else (self.en, self.zh)
        return first or second or ""


def _read_text(value: Any) -> Any:
    return {"en": value, "zh": None} if isinstance(value, str) else value


Name = Annotated[Text, BeforeValidator(_read_text)]
