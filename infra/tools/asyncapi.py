"""The vocabulary as an AsyncAPI 3.0.0 document, for consumers that do not use our code.

All of it is derived from shared/events.py and the topology. Payload schemas allow unknown fields,
which consumers must ignore.
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
    "The events between the three services of Overture. One exchange per publisher, one queue per "
    "pair of consumer and publisher; the routing key is the name of the event. Each event carries "
    "the whole current state of one thing and its version: keep it if the version is newer, else "
    "do nothing. Delivery is at least once, so drop an id that you have handled. Ignore fields "
    "that you do not know."
)

Spec = dict[str, Any]


def document() -> Spec:
    """The document, ready to be written as YAML or JSON."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events of Overture",
            "version": "1.0.0",
            "description": ABOUT,
            "license": {"name": "MIT"},
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {_channel(publisher): _exchange(publisher) for publisher in events.SERVICES},
        "operations": {**_sending(), **_receiving()},
        "components": {
            "messages": {name: _message(name) for name in events.EVENTS},
            "schemas": _schemas(),
        },
    }


def _published_by(publisher: str) -> list[str]:
    return [name for name, event in events.EVENTS.items() if publisher in event.publishers]


def _channel(publisher: str) -> str:
    return f"{publisher}_events"


def _exchange(publisher: str) -> Spec:
    return {
        "address": topology.exchange_of(publisher),
        "description": f"The events of {publisher}.",
        "messages": {
            name: {"$ref": f"#/components/messages/{name}"} for name in _published_by(publisher)
        },
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {
                    "name": topology.exchange_of(publisher),
                    "type": "topic",
                    "durable": True,
                    "autoDelete": False,
                },
            }
        },
    }


def _sending() -> dict[str, Spec]:
    return {
        f"{publisher}_publishes": _operation("send", publisher, _published_by(publisher))
        for publisher in events.SERVICES
    }


def _receiving() -> dict[str, Spec]:
    operations = {}
    for consumer in events.SERVICES:
        for publisher in events.SERVICES:
            names = [
                name
                for name in _published_by(publisher)
                if consumer in events.consumers(name, publisher)
            ]
            if names:
                queue = f"The queue {consumer}.from-{publisher}.{topology.VERSION}."
                operation = {**_operation("receive", publisher, names), "description": queue}
                operations[f"{consumer}_consumes_from_{publisher}"] = operation
    return operations


def _operation(action: str, publisher: str, names: list[str]) -> Spec:
    channel = f"#/channels/{_channel(publisher)}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in names],
    }


def _message(name: str) -> Spec:
    event = events.EVENTS[name]
    properties = {
        "type": {"const": events.PREFIX + name},
        "data": {"$ref": f"#/components/schemas/{event.schema.__name__}"},
    }
    example = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return {
        "name": name,
        "title": (event.schema.__doc__ or "").strip(),
        "summary": f"Ordered per {event.thing}; at most {event.max_bytes // 1024} KiB.",
        "contentType": CONTENT_TYPE,
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {"type": "object", "properties": properties},
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
    schemas: dict[str, Spec] = spec.to_dict()["components"]["schemas"]
    for schema_object in schemas.values():
        schema_object.pop("additionalProperties", None)
    return schemas
