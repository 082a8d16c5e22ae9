"""What the wings above have to say in a chapter: they register here when the app starts, as a report may not import upwards."""

from collections.abc import Callable

from segmentation.reports.document import Block

# chapter name -> functions (reader, account ids' standings, as_of) -> (blocks, sentences that hold their numbers)
CONTRIBUTIONS: dict[str, list[Callable]] = {}


def contribute(chapter: str, tell: Callable):
    """`tell(*, reader, standings, as_of) -> (tuple of blocks, tuple of sentences)`, in the language in force; ((), ()) for nothing to say."""
    CONTRIBUTIONS.setdefault(chapter, []).append(tell)


def contributed(chapter: str, *, reader, standings, as_of) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    blocks: tuple[Block, ...] = ()
    sentences: tuple[str, ...] = ()
    for tell in CONTRIBUTIONS.get(chapter, ()):
        more, said = tell(reader=reader, standings=standings, as_of=as_of)
        blocks, sentences = blocks + tuple(more), sentences + tuple(said)
    return blocks, sentences
