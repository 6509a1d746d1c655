"""The vocabulary as an AsyncAPI 3.0.0 document, for those who want to listen without our code.

Everything in it comes from shared/events.py and the topology; nothing is written twice. Payload
schemas leave room for unknown fields, because whoever listens must ignore them.
"""

import json
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from shared import events
from shared.broker import topology
from shared.inbox import CONTENT_TYPE

EXAMPLES = Path(__file__).parents[2] / "tests" / "examples"

ABOUT = (
    "What the three services of Overture tell each other. One exchange a speaker, one queue a pair "
    "of listener and speaker, the name of the event as routing key. Each event carries the whole "
    "current state of one thing and its version: keep it if the version is newer than yours, else "
    "do nothing. Delivery is at least once, so drop an id that you have handled. Ignore fields "
    "that you do not know."
)

Spec = dict[str, Any]


def document() -> Spec:
    """The whole document, ready to be written as YAML or JSON."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events of Overture",
            "version": "1.0.0",
            "description": ABOUT,
            "license": {"name": "MIT"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {_channel(speaker): _exchange(speaker) for speaker in events.SERVICES},
        "operations": {**_sending(), **_receiving()},
        "components": {
            "messages": {name: _message(name) for name in events.EVENTS},
            "schemas": _schemas(),
        },
    }


def _said_by(speaker: str) -> list[str]:
    return [name for name, event in events.EVENTS.items() if speaker in event.speakers]


def _channel(speaker: str) -> str:
    return f"{speaker}_events"


def _exchange(speaker: str) -> Spec:
    return {
        "address": topology.exchange_of(speaker),
        "description": f"What {speaker} says.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _said_by(speaker)},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {
                    "name": topology.exchange_of(speaker),
                    "type": "topic",
                    "durable": True,
                    "autoDelete": False,
                },
            }
        },
    }


def _sending() -> dict[str, Spec]:
    return {
        f"{speaker}_says": _operation("send", speaker, _said_by(speaker))
        for speaker in events.SERVICES
    }


def _receiving() -> dict[str, Spec]:
    found = {}
    for listener in events.SERVICES:
        for speaker in events.SERVICES:
            heard = [
                name for name in _said_by(speaker) if listener in events.listeners(name, speaker)
            ]
            if heard:
                queue = f"The queue {listener}.from-{speaker}.{topology.VERSION}."
                operation = {**_operation("receive", speaker, heard), "description": queue}
                found[f"{listener}_hears_{speaker}"] = operation
    return found


def _operation(action: str, speaker: str, names: list[str]) -> Spec:
    channel = f"#/channels/{_channel(speaker)}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in names],
    }


def _message(name: str) -> Spec:
    event = events.EVENTS[name]
    said = {
        "type": {"const": events.PREFIX + name},
        "data": {"$ref": f"#/components/schemas/{event.schema.__name__}"},
    }
    example = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return {
        "name": name,
        "title": (event.schema.__doc__ or "").strip(),
        "summary": f"One stream for each {event.thing}; at most {event.max_bytes // 1024} KiB.",
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {"type": "object", "properties": said},
            ]
        },
        "examples": [{"name": name, "payload": example}],
    }


def _schemas() -> dict[str, Spec]:
    spec = APISpec(title="", version="", openapi_version="3.1.0", plugins=[MarshmallowPlugin()])
    written: list[type[Schema]] = [events.Envelope]
    written += [event.schema for event in events.EVENTS.values()]
    for schema in written:
        spec.components.schema(schema.__name__, schema=schema)
    found: dict[str, Spec] = spec.to_dict()["components"]["schemas"]
    for shape in found.values():
        shape.pop("additionalProperties", None)
    return found
