from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "facts"

    def ready(self):
        from crm.account_page import sources
        from crm.escalation import verbs as escalation_verbs
        from crm.jobs import providers
        from crm.routing import verbs as routing_verbs
        from crm.telephony import told
        from crm.tickets import exports as ticket_exports
        from crm.tickets import verbs
        from crm.webhooks import verbs as webhook_verbs

        sources.register()
        providers.register_all()
        verbs.register()
        told.register()
        ticket_exports.register()
        webhook_verbs.register()
        routing_verbs.register()
        escalation_verbs.register()
