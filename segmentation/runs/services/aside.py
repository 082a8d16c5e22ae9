"""What a run writes and finds beside its publishing, where PostgreSQL is at work and cores are idle: files of features and scores, groups.
A small run's groups are sought beside its judgement."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

import pyarrow as pa
from django.db import connection

from segmentation.engine import groups
from segmentation.engine.judge import KEPT, sparkline
from segmentation.groups.services import Judged
from segmentation.runs.services.grouping import find_groups
from segmentation.runs.services.progress import GROUPS

AT_HAND = "accounts_at_hand"
# Groups are sought on a sample of fixed size, so that they cost a small run more than its judgement, which then leaves cores idle, too.
SOUGHT_AT_ONCE = 200_000  # accounts


class Aside:
    """A context manager: leaving it waits for the threads, whatever became of the run."""

    def __init__(self, *, run, session, lake, progress, at):
        self._run, self._session, self._lake, self._progress, self._at = run, session, lake, progress, at
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="beside")
        self._files: list[Future] = []
        self._features: pa.Table
        self._scores: pa.Table
        self._groups: Future | None = None
        self._pool.submit(groups.get_ready)  # while facts are read from PostgreSQL

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.shutdown()

    def features(self, table: pa.Table):
        """They are there: keep what a run keeps."""
        self._features = table.select(list(KEPT)).append_column("sparkline", sparkline(table))
        if table.num_rows <= SOUGHT_AT_ONCE:
            self._seek_groups()

    def scores(self, table: pa.Table):
        self._scores = table

    @contextmanager
    def at_work(self):
        """Files are written and groups found while the block is at work; when it ends, all stand. Raises what writing the files raised."""
        if not self._files:
            self._seek_groups()
            self._write("features", self._features.select(list(KEPT)))
            self._write("scores", self._scores)
        yield
        for file in self._files:
            file.result()
        self._progress.came_in(GROUPS, *self._groups.result())

    def _seek_groups(self):
        if self._groups is None:
            self._progress.beside(GROUPS)
            self._groups = self._pool.submit(self._find, self._features)

    def _write(self, kind, table):
        def write():
            with closing(self._session.cursor()) as session:
                self._lake.write_table(session, table, self._lake.of_run(kind, self._run.pk))

        self._files.append(self._pool.submit(write))

    def _find(self, table):
        began = time.monotonic()
        with closing(self._session.cursor()) as session, closing(connection):  # both this thread's own
            session.register(AT_HAND, table)
            found = find_groups(run=self._run, session=session, lake=self._lake, at=self._at, judged=Judged(AT_HAND, AT_HAND))
        return found, time.monotonic() - began
