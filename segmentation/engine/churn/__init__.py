"""Who will leave, how and why: typed outcomes within a horizon, learned from what happened.

::

    from segmentation.engine.churn import ChurnModel, combine
    model = ChurnModel("closed", 90).fit(X, y, groups=accounts, periods=days)    # pandas or Arrow; numbers, words, gaps
    model.predict_proba(X)[:, 1]; model.explain(X, top=5); model.to_dict()       # text and numbers, no pickle

`labels` says who met which outcome when, `snapshots` builds what is learned from, `leaks` asks whether a column knows the future, `bundle` is
what a run scores with, `surviving` the time-to-event view.
"""

from .combining import combine
from .outcomes import OUTCOMES
from .refusals import CannotLearn, ColumnsDiffer, NoColumns, OneClass, PastTheData, TooFewLeavers

__all__ = [
    "OUTCOMES",
    "CannotLearn",
    "ChurnModel",
    "ColumnsDiffer",
    "NoColumns",
    "OneClass",
    "PastTheData",
    "Reason",
    "TooFewLeavers",
    "combine",
]


def __getattr__(name):
    """The estimator on first use: scikit-learn and LightGBM take longer to load than all the rest of a web process."""
    if name in ("ChurnModel", "Reason"):
        from . import model

        return getattr(model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
