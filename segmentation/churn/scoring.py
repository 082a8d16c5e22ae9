"""The models in a run: the one in force judges, challengers score beside it unseen, and both are held to what happened."""

import datetime as dt
import logging
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from segmentation.churn.learning import Facts
from segmentation.churn.models import ChurnTerms, ModelUse, RiskModel
from segmentation.engine.churn import OUTCOMES, ColumnsDiffer, snapshots
from segmentation.engine.churn.banding import Bands, expected
from segmentation.engine.churn.bundle import PSI_ALARM, Bundle

log = logging.getLogger(__name__)
FIRST = 0.05  # share of accounts called first, by which a challenger is compared with the one in force
SHOWN = 25
SETTLED_AT_ONCE = 3


@dataclass
class InRun:
    """`bundle` is None where no model is in force, or it cannot read the features: then the rules judge, and the run says why."""

    run_number: int
    as_of: dt.date
    bundle: Bundle | None = None
    model: RiskModel | None = None
    why_rules: str = ""
    uses: list = field(default_factory=list)
    _shadows: list = field(default_factory=list)
    _either: np.ndarray | None = None

    def __post_init__(self):
        self.terms = ChurnTerms.objects.in_force()
        self.model = RiskModel.objects.without_cards().filter(state="in_force").select_related("text").first()
        if self.model is None:
            self.why_rules = "no_model"
        else:
            self.bundle = bundle_of(self.model, self.terms)
            self._check()
        for model in RiskModel.objects.without_cards().filter(shadow=True).select_related("text"):
            self._shadows.append((model, bundle_of(model, self.terms)))

    def _check(self):
        """A column the model learned from and the engine no longer gives (renamed) is told before anything is scored."""
        gone = [name for name in self.bundle.columns if name not in snapshots.COLUMNS]
        if gone:
            self.why_rules = f"columns_differ: {', '.join(gone)}"
            log.error(
                "model %s cannot score run %s, it learned from %s; the rules judge", self.model and self.model.pk, self.run_number, gone
            )
            self.bundle = None

    def hear(self, features: pa.Table, warned: pa.Table, scored):
        self._either = scored.either
        judged = warned["risk_score"].is_valid().to_numpy(zero_copy_only=False)
        bands = np.array(warned["risk_band"].to_pylist(), dtype=object)
        self._note(self.model, ModelUse.Role.CHAMPION, features, scored, bands, judged, self.bundle)

    def shadow(self, features: pa.Table, warned: pa.Table):
        """Score the challengers. What they cannot read is noted, not raised: nobody waits for them."""
        judged = warned["risk_score"].is_valid().to_numpy(zero_copy_only=False)
        for model, bundle in self._shadows:
            try:
                scored = bundle.score(features)
            except ColumnsDiffer as error:
                self.uses.append(
                    ModelUse(model=model, run_number=self.run_number, role="shadow", as_of=self.as_of, refused=str(error)[:200])
                )
                log.warning("model %s cannot score run %s in shadow: %s", model.pk, self.run_number, error)
                continue
            self._note(model, ModelUse.Role.SHADOW, features, scored, bundle.band(scored, features, judged), judged, bundle)
            self.uses[-1].either = scored.either

    def _note(self, model, role, features, scored, bands, judged, bundle):
        drift = bundle.drift(features, scored, judged, self.as_of.month)
        alarm = any(it["psi"] >= PSI_ALARM for it in drift)
        if alarm:
            log.warning("model %s: the accounts have changed since it was trained: %s", model.pk, drift[:3])
        self.uses.append(
            ModelUse(
                model=model, run_number=self.run_number, role=role, as_of=self.as_of, accounts=int(judged.sum()),
                expected=expected(bands, scored.either, judged), drift=drift[:SHOWN], alarm=alarm,
            )
        )  # fmt: skip

    def summary(self) -> dict:
        """What the run keeps of it; writes the uses."""
        for use in self.uses:
            if use.role == ModelUse.Role.SHADOW and self._either is not None and hasattr(use, "either"):
                use.agreement = _agreement(self._either, use.either)
        ModelUse.objects.filter(run_number=self.run_number).delete()
        ModelUse.objects.bulk_create(self.uses)
        if self.bundle is None or self.model is None:
            return {"source": "rules", "why": self.why_rules}
        return {"source": "model", "model": self.model.pk, "expected": self.uses[-1].expected}

    def settle(self, tables, session):
        """How many true leavers each band of older runs held, once their horizon is over by this run's day."""
        over = self.as_of - dt.timedelta(days=1)
        waiting = [
            use for use in ModelUse.objects.filter(held={}, refused="", as_of__lt=over).select_related("model").order_by("run_number")[:50]
            if use.as_of + dt.timedelta(days=use.model.parameters.get("horizon_days", 90)) <= self.as_of
        ][:SETTLED_AT_ONCE]  # fmt: skip
        if not waiting:
            return
        facts = Facts(tables, session)
        found = snapshots.happened(tables, facts.accounts, facts.changes, self.as_of)
        for use in waiting:
            bundle = bundle_of(use.model, self.terms)
            then = facts.snapshot(use.as_of)
            scored, judged = bundle.score(then), np.ones(len(then), bool)
            bands = bundle.band(scored, then, judged)
            met, _before = snapshots.label(found, then["account_id"].to_numpy(), use.as_of, bundle.horizon_days)
            left = np.isin(met, [OUTCOMES.index(name) for name in bundle.models])
            use.held = {name: int(left[bands == name].sum()) for name in use.expected}
            use.save(update_fields=["held"])


def bundle_of(model: RiskModel, terms: ChurnTerms) -> Bundle:
    bands = Bands(how=terms.bands, from_=terms.band_from, capacity=terms.calls_a_week)
    return Bundle.from_dict(model.text.body, version=model.pk, bands=bands, top=terms.explained)


def _agreement(mine, theirs) -> float:
    first = max(1, round(FIRST * len(mine)))
    a, b = (set(np.argsort(-it, kind="stable")[:first].tolist()) for it in (mine, theirs))
    return round(len(a & b) / first, 4)
