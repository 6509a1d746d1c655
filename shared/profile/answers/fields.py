"""The marshmallow fields of a form.

`QuestionField` decides whether an answer is required, allowed or refused. It wraps the field of the
type: `ValueField` for one value, `ItemsField` for a list, `PartsField` for named parts.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from marshmallow import ValidationError, fields, missing

from shared.profile.answers import characters, values
from shared.profile.answers.messages import Message, refused
from shared.profile.conditions import holds, is_not_sure

Spec = dict[str, Any]


class QuestionField(fields.Field[Any]):
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
        applies = not self.absent and holds(self.when, data or {}, self.assumed)
        if value is missing:
            return self._unanswered(attr, applies)
        if self.spec["type"] == "files":
            raise refused("files_apart")
        if not applies:
            raise refused("not_asked")
        if is_not_sure(value):
            if not self.unsure:
                raise refused("not_sure_not_offered")
            return {"not_sure": True}
        if _empty(value) or (value is False and self.must):
            raise ValidationError(self.required_message) if self.must else refused("empty")
        return self.inner.deserialize(value, attr, data, **kwargs)

    def _unanswered(self, attr: str | None, applies: bool) -> Any:
        if self.absent or applies:
            if attr in self.assumed:
                return self.assumed[attr]
            if self.must and applies:
                raise ValidationError(self.required_message)
        return missing


class ValueField(fields.Field[Any]):
    """One value, read by one function."""

    def __init__(self, read: Callable[[Any], Any]):
        super().__init__()
        self.read = read

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return self.read(value)


class ItemsField(fields.List[Any]):
    """Distinct items within the limits; an exclusive choice allows no other."""

    def __init__(
        self,
        inner: fields.Field[Any],
        *,
        spec: Spec,
        most: int,
        exclusive_labels: Mapping[str, str],
    ):
        super().__init__(inner)
        self.spec = spec
        self.most = most
        self.exclusive_labels = exclusive_labels

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        values.count(self.spec, value, self.most)
        items = super()._deserialize(value, attr, data, **kwargs)
        duplicates = {
            index: refused("duplicate").messages
            for index, item in enumerate(items)
            if item in items[:index]
        }
        if duplicates:
            raise ValidationError(cast(dict[str, Any], duplicates))
        exclusive = [
            item for item in items if isinstance(item, str) and item in self.exclusive_labels
        ]
        if exclusive and len(items) > 1:
            raise refused("stands_alone", label=self.exclusive_labels[exclusive[0]])
        return items


class PartsField(fields.Nested):
    """An object of named parts, never empty."""

    def _load(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise refused("type", wanted=f"an object with {' and '.join(self.schema.fields)}")
        if not value:
            raise refused("empty")
        return super()._load(value, *args, **kwargs)


def _empty(value: Any) -> bool:
    if isinstance(value, str):
        return characters.blank(value)
    return value is None or value == [] or value == {}
