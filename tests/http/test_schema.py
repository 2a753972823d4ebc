"""Requests made from the OpenAPI schema, valid and not: no answer is the server's fault or undescribed.

Seeded and bounded, so that every run makes the same requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from engines.image_core import ImageCoreService
from engines.image_core.http import Limits, create_app
from tests.http.serving import CALLER, derive, serving

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]


OPERATIONS = [
    ("POST", "/media-v2/assets"),
    ("GET", "/media-v2/assets"),
    ("GET", "/media-v2/assets/{asset_id}"),
    ("POST", "/media-v2/assets/{asset_id}/artifacts"),
    ("GET", "/media-v2/artifacts/{artifact_id}"),
    ("GET", "/media-v2/artifacts/{artifact_id}/content"),
    ("HEAD", "/media-v2/artifacts/{artifact_id}/content"),
    ("POST", "/image-core/render"),
    ("POST", "/image-core/psd"),
    ("POST", "/image-core/masks"),
]
WITHOUT_INPUT = [("GET", path) for path in ("/healthz", "/livez", "/readyz", "/metrics")]

SETTINGS = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Served:
    """A schema, and ids that exist on the server it came from."""

    schema: BaseSchema
    ids: dict[str, str]


@pytest.fixture(scope="module")
def served(service: ImageCoreService) -> Iterator[Served]:
    """A server whose queue is never full, so that 503 would be a fault."""
    with serving(create_app(service, queue_limit=1000, limits=Limits(pixels=10_000))) as client:
        artifact = derive(client, b"a mask")
        ids = {"asset_id": artifact["parent_asset_id"], "artifact_id": artifact["id"]}
        yield Served(schemathesis.openapi.from_url(f"{client.base_url}/openapi.json"), ids)


def test_the_schema_describes_what_is_served(served: Served) -> None:
    """Neither more operations nor fewer than those that requests are made for here."""
    described = [(method.upper(), path) for path, methods in served.schema.items() for method in methods]
    assert sorted(described) == sorted(OPERATIONS + WITHOUT_INPUT)


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_answers_are_as_described(served: Served, method: str, path: str, mode: GenerationMode) -> None:
    """Whatever a client sends, it is answered, and as the schema says."""

    @SETTINGS
    @given(served.schema[path][method].as_strategy(generation_mode=mode))
    def check(case: Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    check()


@pytest.mark.parametrize(("method", "path"), [pair for pair in OPERATIONS if "{" in pair[1]] + WITHOUT_INPUT)
def test_answers_about_what_exists_are_as_described(served: Served, method: str, path: str) -> None:
    """The same for the tenant, env and ids of an asset and an artifact that are there."""
    strategy = served.schema[path][method].as_strategy(path_parameters=served.ids, headers=CALLER)

    @SETTINGS
    @given(strategy)
    def check(case: Case[Any]) -> None:
        response = case.call_and_validate(checks=CHECKS)
        assert method == "POST" or response.status_code == 200

    check()
