"""The policies an installation starts with: the engine's defaults as version 1, whole, so that the page shows every number."""

import json

from segmentation.engine.policy import Policy as EnginePolicy


def seed(*, policies, at):
    """`policies` is the model; `at` the moment they came into force. Running it again adds only what is missing."""
    bodies = json.loads(json.dumps(EnginePolicy().to_dict()))
    for kind in ("value", "credit", "warning"):
        policies.objects.get_or_create(kind=kind, version=1, defaults={"body": bodies[kind], "state": "published", "published_at": at})
