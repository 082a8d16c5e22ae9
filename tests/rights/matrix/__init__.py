"""The rights matrix: every address, and who gets what. A new address fails the test until it has its line here."""

from tests.rights.matrix import action, api, crm, development, judgement, retention
from tests.rights.matrix.answers import ROLES

PAGES = crm.PAGES | judgement.PAGES | action.PAGES | development.PAGES | retention.PAGES
API = api.API | development.API | retention.API

__all__ = ["API", "PAGES", "ROLES"]
