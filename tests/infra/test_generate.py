"""The generated files are up to date, and valid as far as can be checked offline."""

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml

from infra.tools import asyncapi
from infra.tools.generate import ROOT, generated
from shared.broker import topology
from shared.events import EVENTS, SERVICES

REFERENCE = {
    "type": "object",
    "required": ["$ref"],
    "properties": {"$ref": {"type": "string", "pattern": "^#/"}},
    "additionalProperties": False,
}
# The parts of the AsyncAPI 3.0.0 schema that we use, written down here because the official file
# cannot be fetched by a test.
ASYNCAPI = {
    "type": "object",
    "required": ["asyncapi", "info", "channels", "operations", "components"],
    "additionalProperties": False,
    "properties": {
        "asyncapi": {"const": "3.0.0"},
        "defaultContentType": {"type": "string"},
        "info": {
            "type": "object",
            "required": ["title", "version"],
            "additionalProperties": False,
            "properties": {
                "title": {"type": "string"},
                "version": {"type": "string"},
                "description": {"type": "string"},
                "license": {"type": "object", "required": ["name"]},
            },
        },
        "channels": {
            "propertyNames": {"pattern": r"^[A-Za-z0-9_\-]+$"},
            "additionalProperties": {
                "type": "object",
                "required": ["address", "messages"],
                "additionalProperties": False,
                "properties": {
                    "address": {"type": "string"},
                    "description": {"type": "string"},
                    "messages": {"additionalProperties": REFERENCE},
                    "bindings": {"type": "object"},
                },
            },
        },
        "operations": {
            "additionalProperties": {
                "type": "object",
                "required": ["action", "channel"],
                "additionalProperties": False,
                "properties": {
                    "action": {"enum": ["send", "receive"]},
                    "channel": REFERENCE,
                    "description": {"type": "string"},
                    "messages": {"type": "array", "minItems": 1, "items": REFERENCE},
                },
            },
        },
        "components": {
            "type": "object",
            "required": ["messages", "schemas"],
            "additionalProperties": False,
            "properties": {
                "messages": {
                    "propertyNames": {"pattern": r"^[\w\d.\-_]+$"},
                    "additionalProperties": {
                        "type": "object",
                        "required": ["name", "payload", "examples"],
                        "additionalProperties": False,
                        "properties": {
                            "name": {"type": "string"},
                            "title": {"type": "string"},
                            "summary": {"type": "string"},
                            "contentType": {"type": "string"},
                            "payload": {"type": "object"},
                            "examples": {
                                "items": {"type": "object", "required": ["name", "payload"]}
                            },
                        },
                    },
                },
                "schemas": {"additionalProperties": {"type": "object"}},
            },
        },
    },
}


@pytest.mark.parametrize("file", generated(), ids=lambda file: file.name)
def test_a_generated_file_says_what_the_code_says(file: Any):
    assert file.read_text(encoding="utf-8") == generated()[file], "run: make docs"


def test_the_check_of_the_command_agrees():
    command = [sys.executable, "-m", "infra.tools.generate", "check"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr


def test_the_document_has_the_form_of_asyncapi():
    jsonschema.Draft202012Validator(ASYNCAPI).validate(written())


def test_every_reference_in_the_document_leads_somewhere():
    document = written()
    found = list(references(document))
    assert len(found) > 50
    for reference in found:
        assert resolved(document, reference), reference


def test_the_document_knows_every_event_queue_and_exchange():
    document = written()
    assert set(document["components"]["messages"]) == set(EVENTS)
    assert {channel["address"] for channel in document["channels"].values()} == {
        topology.exchange_of(service) for service in SERVICES
    }
    told = str(document["operations"])
    queues = [queue for service in SERVICES for queue in topology.queues_of(service)]
    assert queues and all(queue in told for queue in queues)


@pytest.mark.parametrize("name", EVENTS)
def test_the_example_of_a_message_has_the_form_that_the_document_says(name: str):
    document = written()
    message = document["components"]["messages"][name]
    schema = {**message["payload"], "components": document["components"]}
    validator = jsonschema.Draft202012Validator(schema)
    (example,) = message["examples"]
    validator.validate(example["payload"])
    for field in document["components"]["schemas"][EVENTS[name].schema.__name__]["required"]:
        data = {key: value for key, value in example["payload"]["data"].items() if key != field}
        assert not validator.is_valid({**example["payload"], "data": data}), field


@cache
def written() -> Any:
    text = (ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == asyncapi.document()
    return yaml.safe_load(text)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolved(document: Any, reference: str) -> Any:
    for part in reference.removeprefix("#/").split("/"):
        document = document.get(part) if isinstance(document, dict) else None
    return document
