"""How far a run is, told as it goes, outside the transactions of the work itself."""

import json
import time

# The engine's stages under the names a reader sees; "standing" is where reasons are put into place.
SYNC, GROUPS, PUBLISH = "sync", "groups", "publish"
OF_ENGINE = {"features": "features", "credit": "credit", "value": "value", "warning": "warning", "churn": "churn", "standing": "reasons"}
STAGES = [SYNC, *OF_ENGINE.values(), GROUPS, PUBLISH]


class Cancelled(Exception):
    """The run is no longer to be run: somebody cancelled it."""


class Progress:
    """Writes `stage`, `stages` and the heartbeat of a run on the lock's connection, so that readers see each step at once.

    Every write notices a cancelled run and raises `Cancelled`.
    """

    def __init__(self, *, run_id: int, guard, names=STAGES, listen=lambda stage: None):
        self.run_id, self._guard, self._listen = run_id, guard, listen
        self.stages = [{"stage": name, "state": "waiting", "rows": None, "seconds": None} for name in names]
        self._begun = 0.0

    def leave_out(self, name):
        """A stage that this run does not have."""
        self.stages = [stage for stage in self.stages if stage["stage"] != name]

    def start(self, name):
        self._at(name).update(state="running")
        self._begun = time.monotonic()
        self._write(name)

    def advance(self, name, rows):
        """Rows so far; `seconds` lets the page say how fast."""
        self._at(name).update(rows=rows, seconds=self._elapsed())
        self._write(name)

    def done(self, name, rows):
        self.close(name, rows)
        self._write(name)

    def close(self, name, rows):
        """As `done`, but only in memory: the last stage is written with the publication itself."""
        self._at(name).update(state="done", rows=rows, seconds=self._elapsed())
        self._listen(self._at(name))

    def beside(self, name):
        """A stage that goes on beside the one at work."""
        self._at(name).update(state="running")

    def came_in(self, name, rows, seconds):
        """It is done; `seconds` are its own, and part of those of no other stage but as far as that waited."""
        self._at(name).update(state="done", rows=rows, seconds=round(seconds, 3))
        self._listen(self._at(name))

    def _elapsed(self):
        return round(time.monotonic() - self._begun, 3)

    def _at(self, name):
        return next(stage for stage in self.stages if stage["stage"] == name)

    def _write(self, name):
        with self._guard.cursor() as db:
            db.execute(
                "update segmentation_run set stage = %s, stages = %s, heartbeat_at = now() where id = %s and state = 'running'",
                [name, json.dumps(self.stages), self.run_id],
            )
            if db.rowcount == 0:
                raise Cancelled(self.run_id)
