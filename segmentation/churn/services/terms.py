"""What counts as leaving, edited by new rows only."""

import datetime as dt

from django.db import transaction

from crm.audit.services import record
from segmentation.churn.models import ChurnTerms


@transaction.atomic
def edit_terms(*, terms: ChurnTerms, by, at: dt.datetime) -> ChurnTerms:
    """Put edited terms in force as a new row; those before stay readable. What is in force scores by the new bands from the next run on."""
    terms.pk, terms.made_by, terms.valid_from = None, by, at
    terms._state.adding = True
    terms.full_clean(exclude=["made_by"])
    terms.save(force_insert=True)
    record(by=by, did="edited churn terms", on=terms, horizon=terms.horizon_days, bands=terms.bands)
    return terms
