"""The marshmallow fields that a form is built of.

`Asked` decides whether there may, must or must not be an answer; inside it stands the field of the
type: `Value` for one value, `Several` for a list, `Parts` for an object of named parts.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from marshmallow import ValidationError, fields, missing

from shared.profile.answers import characters, values
from shared.profile.answers.messages import Message, refused
from shared.profile.conditions import holds, is_not_sure

Spec = dict[str, Any]


class Asked(fields.Field[Any]):
    """A question or a part in one branch.

    `need` is required, or_not_sure, optional or absent; `required` is the message for a missing
    answer; `assumed` are the presets and defaults of the branch. Conditions read the raw answers
    around the question, so they never depend on the order of the questions.
    """

    def __init__(
        self, inner: fields.Field[Any], *, spec: Spec, need: str, required: Message, assumed: Spec
    ):
        super().__init__()
        self.inner = inner
        self.spec = spec
        self.must = need in ("required", "or_not_sure")
        self.absent = need == "absent"
        self.unsure = need == "or_not_sure" or (need == "optional" and spec.get("not_sure", False))
        self.required_message = required
        self.when = spec.get("when")
        self.assumed = assumed

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        asked = not self.absent and holds(self.when, data or {}, self.assumed)
        if value is missing:
            return self._left_out(attr, asked)
        if self.spec["type"] == "files":
            raise refused("files_apart")
        if not asked:
            raise refused("not_asked")
        if is_not_sure(value):
            if not self.unsure:
                raise refused("not_sure_not_offered")
            return {"not_sure": True}
        if _empty(value) or (value is False and self.must):
            raise ValidationError(self.required_message) if self.must else refused("empty")
        return self.inner.deserialize(value, attr, data, **kwargs)

    def _left_out(self, attr: str | None, asked: bool) -> Any:
        if self.absent or asked:
            if attr in self.assumed:
                return self.assumed[attr]
            if self.must and asked:
                raise ValidationError(self.required_message)
        return missing


class Value(fields.Field[Any]):
    """One value, read by one function."""

    def __init__(self, read: Callable[[Any], Any]):
        super().__init__()
        self.read = read

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return self.read(value)


class Several(fields.List[Any]):
    """Distinct items, as many as the limits say; a choice marked exclusive stands alone."""

    def __init__(
        self, inner: fields.Field[Any], *, spec: Spec, most: int, alone: Mapping[str, str]
    ):
        super().__init__(inner)
        self.spec = spec
        self.most = most
        self.alone = alone

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        values.count(self.spec, value, self.most)
        items = super()._deserialize(value, attr, data, **kwargs)
        twice = {
            index: refused("duplicate").messages
            for index, item in enumerate(items)
            if item in items[:index]
        }
        if twice:
            raise ValidationError(cast(dict[str, Any], twice))
        lonely = [item for item in items if isinstance(item, str) and item in self.alone]
        if lonely and len(items) > 1:
            raise refused("stands_alone", label=self.alone[lonely[0]])
        return items


class Parts(fields.Nested):
    """An object of named parts, never empty."""

    def _load(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise refused("type", wanted="named parts")
        if not value:
            raise refused("empty")
        return super()._load(value, *args, **kwargs)


def _empty(value: Any) -> bool:
    if isinstance(value, str):
        return characters.blank(value)
    return value is None or value == [] or value == {}
