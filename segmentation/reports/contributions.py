"""What the wings above have to say in a chapter: they register here when the app starts, as a report may not import upwards."""

from collections.abc import Callable
from dataclasses import dataclass

from segmentation.reports.document import Block


@dataclass(frozen=True)
class Said:
    """In the language in force: blocks, actions that hold their numbers, and what cannot be said and why."""

    blocks: tuple[Block, ...] = ()
    actions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


CONTRIBUTIONS: dict[str, list[Callable[..., Said]]] = {}  # by the chapter's name


def contribute(chapter: str, tell: Callable[..., Said]):
    """`tell(*, reader, standings, as_of) -> Said`; an empty one for nothing to say."""
    CONTRIBUTIONS.setdefault(chapter, []).append(tell)


def contributed(chapter: str, *, reader, standings, as_of) -> Said:
    told = [tell(reader=reader, standings=standings, as_of=as_of) for tell in CONTRIBUTIONS.get(chapter, ())]
    return Said(
        tuple(block for each in told for block in each.blocks), tuple(line for each in told for line in each.actions),
        tuple(line for each in told for line in each.missing),
    )  # fmt: skip
