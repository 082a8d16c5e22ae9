"""The addresses of the action, gathered from the topics."""
app_name = "marketing"
urlpatterns: list = []
