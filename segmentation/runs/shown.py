"""A run as rows to print: its stages with speed and what is left, its counts as bars."""

from segmentation.runs.models import RiskBand, Run, Tier
from segmentation.runs.services.progress import PUBLISH, STAGES
from segmentation.runs.words import stage_words

BLANKS = {"unscored", "unknown", ""}


def stages_of(run: Run, before: Run | None) -> list[dict]:
    """One row a stage for the component `progress`; the last published run tells how long a stage may take."""
    words = stage_words()
    last = {stage["stage"]: stage for stage in before.stages} if before else {}
    listed = run.stages or [
        {"stage": name, "state": "waiting", "rows": None, "seconds": None} for name in ([PUBLISH] if run.restores_id else STAGES)
    ]
    return [_stage(run, stage, words, last.get(stage["stage"])) for stage in listed]


def _stage(run, stage, words, last):
    rows, seconds, state = stage["rows"], stage["seconds"], stage["state"]
    if state == "running" and run.state in (Run.State.FAILED, Run.State.CANCELLED):
        state = "failed"
    speed = rows / seconds if rows and seconds and state == "running" else None
    return {
        "label": words.get(stage["stage"], stage["stage"]), "state": state, "rows": rows, "rate": speed,
        "seconds": seconds if state == "done" else None,
        "usual": last["seconds"] if last and state != "done" else None,
    }  # fmt: skip


def bars_of(run: Run, kind: str) -> list[dict]:
    """Accounts by tier or by band, best or worst first, with their share."""
    counts = run.counts.get(kind) or {}
    whole = sum(counts.values())
    listed = []
    for choice in {"tiers": Tier, "bands": RiskBand}[kind]:
        number = sum(counts.get(name, 0) for name in BLANKS) if choice.value == "" else counts.get(choice.value, 0)
        if number or choice.value:
            listed.append({"key": choice.value, "label": choice.label, "count": number, "share": number / whole if whole else 0})
    return listed if whole else []
