from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = "facts"

    def ready(self):
        from crm.account_page import sources

        sources.register()
