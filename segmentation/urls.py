"""The addresses of the judgement, gathered from the topics."""
app_name = "segmentation"
urlpatterns: list = []
