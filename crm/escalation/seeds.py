"""The chains a new installation begins with; supervisors' names for levels differ, so none names a person."""

CHAINS = [
    {
        "name": "所有工单", "name_en": "Every ticket", "severity": "",
        "steps": [(80, "assignee"), (100, "unit"), (150, "above")],
    },
    {
        "name": "重大工单", "name_en": "Major tickets", "severity": "major",
        "steps": [(50, "assignee"), (80, "unit"), (100, "above"), (150, "top")],
    },
]  # fmt: skip


def seed(*, chains, steps):
    """Fill the models (or the migration's) where no chain stands."""
    if chains.objects.exists():
        return
    for given in CHAINS:
        chain = chains.objects.create(**{name: value for name, value in given.items() if name != "steps"})
        steps.objects.bulk_create([
            steps(chain=chain, number=number, percent=percent, to=to) for number, (percent, to) in enumerate(given["steps"], 1)
        ])  # fmt: skip
