"""Where the palette can take a person, and what it can do. Wings above and `config` add theirs: addresses are names, never imports."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy, override

from crm.accounts.search import syllables_of


@dataclass(frozen=True)
class Place:
    """A page (`url_name`), or an action done on the page at hand: `press` is the selector of what is pressed for the person.

    `words`: other words by which it is looked for, not shown.
    """

    label: object
    icon: str
    permission: str = ""
    url_name: str = ""
    query: str = ""
    press: str = ""
    words: str = ""


PAGES: dict[str, Place] = {}
ACTIONS: dict[str, Place] = {
    "ticket-new": Place(gettext_lazy("New ticket"), "message-plus", "crm.log_ticket", "crm:ticket-new", words="complaint log call"),
    "ticket-mine": Place(
        gettext_lazy("My open tickets"), "message-report", "crm.work_ticket", "crm:ticket-list", "queue=mine", words="queue"
    ),
    "ticket-overdue": Place(
        gettext_lazy("Overdue tickets"), "clock-exclamation", "crm.view_ticket", "crm:ticket-list", "queue=overdue", words="breach late"
    ),
    "portfolio-mine": Place(gettext_lazy("Accounts I manage"), "building-factory", "crm.view_desk", "segmentation:portfolio", "mine=true"),
    "import-new": Place(gettext_lazy("Import a file"), "upload", "crm.import", "crm:import-list", words="upload csv xlsx"),
    "recompute": Place(
        gettext_lazy("Recompute tiers and risk"), "refresh", "segmentation.recompute", "segmentation:run-list", words="run judge score"
    ),
    "webhook-new": Place(gettext_lazy("New webhook"), "send", "crm.edit_webhooks", "crm:webhook-new"),
    "webhook-log": Place(gettext_lazy("Webhook log"), "history", "crm.edit_webhooks", "crm:webhook-log"),
    "job-failures": Place(gettext_lazy("Failed jobs"), "alert-triangle", "crm.view_jobs", "crm:job-failures", words="errors traceback"),
    "units": Place(gettext_lazy("Units"), "hierarchy", "crm.view_people", "crm:unit-list", words="organisation tree"),
    "me": Place(gettext_lazy("My page"), "user-circle", "", "crm:me", words="token key password profile"),
    "chinese": Place(gettext_lazy("Read in Chinese"), "language", press=".language [value='zh-hans']", words="中文 language zh"),
    "english": Place(gettext_lazy("Read in English"), "language", press=".language [value='en']", words="英文 language en"),
    "theme": Place(gettext_lazy("Change the theme"), "sun-moon", press="[data-theme-toggle]", words="dark light"),
    "keys": Place(gettext_lazy("Keyboard shortcuts"), "keyboard", press="[data-dialog='keys-sheet']", words="help"),
    "sign-out": Place(gettext_lazy("Sign out"), "logout", press=".topbar-user form button", words="log out leave"),
}


def add_pages(rail):
    """Every page of the rail: `[(group, [(url name, label, icon, permission)])]`."""
    for _group, entries in rail:
        for url_name, label, icon, permission in entries:
            PAGES[url_name] = Place(label, icon, permission, url_name)


@lru_cache(maxsize=512)
def keys_of(place: Place) -> tuple[str, ...]:
    """What a place is found by, whichever language is read: its label in both, pinyin, initials, other words; all in small letters."""
    with override("en"):
        english = str(place.label).lower()
    with override("zh-hans"):
        chinese = str(place.label).lower()
    syllables = syllables_of(chinese)
    initials = "".join(syllable[0] for syllable in syllables)
    english_initials = "".join(word[0] for word in english.split())
    return (english, chinese, "".join(syllables), initials, english_initials, *place.words.lower().split())
