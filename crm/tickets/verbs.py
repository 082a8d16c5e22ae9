"""How the audit trail tells what is done to tickets."""

from django.utils.translation import gettext_lazy as _

from crm.audit.verbs import SENTENCES, TOLD_ELSEWHERE


def register():
    """Called when the app starts."""
    TOLD_ELSEWHERE.add(("crm.ticket", "logged"))
    SENTENCES.update({
        "crm.ticket logged": _("%(who)s logged ticket #%(id)s"),
        "crm.ticket assigned": _("%(who)s assigned ticket #%(id)s to %(to)s"),
        "crm.ticket contacted": _("%(who)s made the first contact about ticket #%(id)s"),
        "crm.ticket started": _("%(who)s took ticket #%(id)s in hand"),
        "crm.ticket paused": _("%(who)s stopped the clock of ticket #%(id)s: the customer's turn"),
        "crm.ticket resumed": _("%(who)s started the clock of ticket #%(id)s again"),
        "crm.ticket answered": _("%(who)s answered ticket #%(id)s"),
        "crm.ticket closed": _("%(who)s closed ticket #%(id)s"),
        "crm.ticket reopened": _("%(who)s reopened ticket #%(id)s"),
        "crm.ticket noted": _("%(who)s added a note to ticket #%(id)s"),
        "crm.ticket added caller": _("%(who)s added a caller to ticket #%(id)s"),
        "crm.ticket linked": _("%(who)s made ticket #%(id)s part of #%(parent)s"),
        "crm.ticket unlinked": _("%(who)s took ticket #%(id)s out of #%(parent)s"),
        "crm.ticket merged": _("%(who)s merged ticket #%(id)s into #%(into)s"),
        "crm.ticket unmerged": _("%(who)s undid the merge of ticket #%(id)s into #%(out_of)s"),
        "crm.ticket escalated": _("Ticket #%(id)s was escalated to level %(level)s"),
        "crm.ticket logged contact": _("%(who)s wrote down a contact about ticket #%(id)s"),
        "crm.ticket ran macro": _("%(who)s ran “%(name)s” on ticket #%(id)s"),
        "crm.attachment added file": _("%(who)s added the file %(name)s to ticket #%(ticket)s"),
        "crm.attachment removed file": _("%(who)s removed the file %(name)s from ticket #%(ticket)s"),
        "crm.cannedanswer edited canned answer": _("%(who)s edited the canned answer %(name)s"),
        "crm.term added term": _("%(who)s added the term %(code)s to the words of tickets"),
        "crm.term changed term": _("%(who)s changed the term %(code)s of the words of tickets"),
        "crm.ticket breached": _("The answer to ticket #%(id)s is overdue"),
        "crm.calendarday changed day": _("%(who)s changed the working day %(id)s"),
        "crm.calendaryear loaded calendar": _("%(who)s loaded the working calendar of %(id)s: %(source)s"),
        "crm.workingwindow changed working hours": _("%(who)s changed the working hours to %(windows)s"),
        "crm.clockpolicy added": _("%(who)s added the clock policy %(name)s from %(valid_from)s"),
        "crm.clockpolicy ended": _("%(who)s ended the clock policy %(name)s on %(last_day)s"),
        "crm.clockpolicy revised": _("%(who)s revised the clock policy %(name)s from %(valid_from)s"),
    })  # fmt: skip
