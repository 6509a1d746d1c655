"""One value of each type, as JSON Schema."""

from typing import Any

from shared.profile.answers import values

Spec = dict[str, Any]

_LINE = {"pattern": r"^[^\n\r\t]*$"}
_SHAPES: dict[str, Spec] = {
    "text": _LINE,
    "long_text": {},
    "email": _LINE | {"format": "email", "maxLength": 254},
    "phone": {"pattern": values.PHONE},
    "url": _LINE | {"format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"},
    "date_or_month": {"pattern": f"^{values.DATE_OR_MONTH}$"},
}


def value(spec: Spec) -> Spec:
    """Text, number or boolean of this question or part, with its limits."""
    kind = spec["type"]
    if kind == "consent":
        return {"type": "boolean"}
    if kind in _SHAPES:
        longest = spec.get("limits", {}).get("max_chars", values.LONGEST)
        return {"type": "string", "minLength": 1, "maxLength": longest} | _SHAPES[kind]
    limits = {"minimum": spec["limits"]["min"], "maximum": spec["limits"]["max"]}
    if kind == "number":
        return {"type": "number", "multipleOf": 0.5} | limits
    whole: Spec = {"type": "integer"} | limits
    if kind == "money":
        return whole
    return {
        "oneOf": [
            whole,
            {
                "type": "object",
                "required": ["from", "to"],
                "properties": {"from": whole, "to": whole},
                "additionalProperties": False,
            },
        ]
    }


def several(spec: Spec, item: Spec, most: int) -> Spec:
    """A list of distinct items, each like `item`."""
    limits = spec.get("limits", {})
    return {
        "type": "array",
        "items": item,
        "uniqueItems": True,
        "minItems": limits.get("min_items", 1),
        "maxItems": limits.get("max_items", most),
    }
