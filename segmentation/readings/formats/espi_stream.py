"""An ESPI feed as a stream of entries and blocks, by expat. Inside a block only the ends of elements are listened to: that is the speed."""

import xml.parsers.expat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crm.imports.problems import FileProblem

ATOM, ESPI = "http://www.w3.org/2005/Atom ", "http://naesb.org/espi "
FEED_BYTES = 1 << 18
LINK, BLOCK = ATOM + "link", ESPI + "IntervalBlock"
TOLD = {ESPI + name for name in ("UsagePoint", "ReadingType", "LocalTimeParameters")}


@dataclass
class Entry:
    """One entry of the feed. `what`: UsagePoint, ReadingType, LocalTimeParameters or empty; `leaves`: its texts by the name of their element;
    `blocks`: (starts, durations, values) as texts, with the white space around them, None where one is missing."""

    self_link: str = ""
    related: list[str] = field(default_factory=list)
    title: str = ""
    id: str = ""
    what: str = ""
    leaves: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[list, list, list]] = field(default_factory=list)


def entries(path: Path) -> Iterator[Entry]:
    """The entries in the order of the file. Raises `FileProblem` for broken XML, and for a document type: entities can be made to fill a
    memory, and no feed needs them."""
    stream = _Stream()
    try:
        with open(path, "rb") as file:
            while data := file.read(FEED_BYTES):
                stream.parser.Parse(data)
                yield from stream.take()
        stream.parser.Parse(b"", True)
    except xml.parsers.expat.ExpatError as error:
        raise FileProblem("xml_broken", line=error.lineno) from error
    yield from stream.take()


class _Stream:
    def __init__(self):
        self.parser = parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        self.texts: list[str] = []
        parser.CharacterDataHandler = self.texts.append
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        self.entry, self.done = Entry(), []

    def take(self) -> list[Entry]:
        taken, self.done = self.done, []
        return taken

    def _refuse(self, *told):
        raise FileProblem("xml_entities")

    def _start(self, name, attributes):
        self.texts.clear()
        if name == LINK:
            href = attributes.get("href", "").rstrip("/")
            if attributes.get("rel") == "self":
                self.entry.self_link = href
            elif attributes.get("rel") == "related":
                self.entry.related.append(href)
        elif name in TOLD:
            self.entry.what = name.removeprefix(ESPI)
        elif name == BLOCK:
            self._listen_to_a_block()

    def _end(self, name):
        if name == ATOM + "entry":
            self.done.append(self.entry)
            self.entry = Entry()
        elif name in (ATOM + "title", ATOM + "id"):
            setattr(self.entry, name.removeprefix(ATOM), "".join(self.texts).strip())
        elif self.entry.what and name.startswith(ESPI):
            self.entry.leaves.setdefault(name.removeprefix(ESPI), "".join(self.texts).strip())
        self.texts.clear()

    def _listen_to_a_block(self):
        texts, (starts, durations, values) = self.texts, (block := ([], [], []))
        put = {ESPI + name: each.append for name, each in zip(("start", "duration", "value"), block, strict=True)}.get
        reading, interval, whole = (ESPI + name for name in ("IntervalReading", "interval", "IntervalBlock"))
        clear, join = texts.clear, "".join

        def end(name):
            # All text since the last end: a text may come in parts, and starts are not listened to.
            if keep := put(name):
                keep(join(texts))
            elif name == reading:
                if not len(starts) == len(durations) == len(values):
                    _even(block)
            elif name == interval:  # the block's own
                starts.clear(), durations.clear()
            elif name == whole:
                self.entry.blocks.append(block)
                self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
            clear()

        self.parser.StartElementHandler, self.parser.EndElementHandler = None, end


def _even(block):
    """What a reading lacks is missing, what it has twice counts once."""
    many = min(map(len, block)) + 1
    for column in block:
        del column[many:]
        column.extend([None] * (many - len(column)))
