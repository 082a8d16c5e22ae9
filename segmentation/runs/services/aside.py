"""What a run writes and finds beside its publishing, where PostgreSQL is at work and cores are idle: files of features and scores, groups."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

import pyarrow as pa
from django.db import connection

from segmentation.engine.judge import KEPT, sparkline
from segmentation.groups.services import Judged
from segmentation.runs.services.grouping import find_groups

AT_HAND = "accounts_at_hand"


class Aside:
    """A context manager: leaving it waits for the threads, whatever became of the run."""

    def __init__(self, *, run, session, lake, at):
        self._run, self._session, self._lake, self._at = run, session, lake, at
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="beside")
        self._files: list[Future] = []
        self._features: pa.Table
        self._groups: Future

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._pool.shutdown()

    def features(self, table: pa.Table):
        """They are there: keep what a run keeps."""
        self._features = table.select(list(KEPT)).append_column("sparkline", sparkline(table))

    def scores(self, table: pa.Table):
        """The judgement is over: write both, and find the groups."""
        self._groups = self._pool.submit(self._find, self._features)
        self._write("features", self._features.select(list(KEPT)))
        self._write("scores", table)
        del self._features

    def groups(self) -> tuple[int | None, float]:
        """How many accounts have a group (None when grouping stopped with an error), and the seconds it took. Waits."""
        return self._groups.result()

    def written(self):
        """Waits until the files stand. Raises what writing them raised."""
        for file in self._files:
            file.result()

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
