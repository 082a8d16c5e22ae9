"""A simulation's state and what stopped it, in the reader's language."""

from django.utils.translation import gettext as _

from segmentation.engine.explain import label


def problem_words(problem: dict, language: str) -> str:
    """Why a simulation was refused or failed and what to do next; empty where nothing is wrong."""
    code = problem.get("code")
    if not code:
        return ""
    joint = "、" if language.startswith("zh") else ", "
    if code == "missing":
        return _(
            "Unknown for more than half of the accounts of every kind: %(features)s. An indicator most accounts lack says nothing about them; take it out or choose another."
        ) % {"features": share_words(problem["features"], language)}
    names = joint.join(label(name, language) for name in problem.get("features", []))
    return {
        "no_such_feature": _("The last run did not measure these: %(names)s. Take them out, or recompute first.") % {"names": names},
        "nothing_differs": _(
            "Entropy has nothing to weigh by: all accounts are alike in %(names)s, and nothing can be divided by nothing. Weigh by judgement or by hand."
        ) % {"names": names},
        "no_accounts": _("The last run knows no account of this kind, so nothing can be simulated."),
        "no_features": _("What run %(run)s measured is no longer in the lake. Recompute, then simulate again.") % {"run": problem.get("run")},
        "old_features": _("Run %(run)s was measured by an older version of the product. Recompute, then simulate again.") % {"run": problem.get("run")},
        "bad_policy": _("These numbers cannot be judged by: %(reason)s") % {"reason": problem.get("said")},
        "broke": _("It stopped with an error: %(reason)s. The worker's log has the rest; simulate again once it is mended.") % {"reason": problem.get("said")},
        "died": _("The worker was lost twice. Check its memory and its log, then simulate again."),
    }[code]  # fmt: skip


def share_words(shares: dict[str, float], language: str) -> str:
    told = [
        _("%(feature)s (%(share)d %%)") % {"feature": label(name, language), "share": round(share * 100)} for name, share in shares.items()
    ]
    return ("、" if language.startswith("zh") else ", ").join(told)


def step_words() -> dict[str, str]:
    return {
        "": _("Waiting for a worker"),
        "read": _("Reading what the last run measured"),
        "judge": _("Judging every account by the draft"),
        "count": _("Counting who moves"),
    }
