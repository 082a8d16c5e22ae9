"""The addresses of the facts, gathered from the topics."""
app_name = "crm"
urlpatterns: list = []
