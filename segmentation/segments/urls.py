from django.urls import path

from segmentation.segments import views

urlpatterns = [
    path("segments/", views.segment_list, name="segment-list"),
    path("segments/new/", views.segment_new, name="segment-new"),
    path("segments/count/", views.segment_count, name="segment-count"),
    path("segments/<int:pk>/", views.segment_detail, name="segment-detail"),
    path("segments/<int:pk>/chart/", views.segment_chart, name="segment-chart"),
    path("segments/<int:pk>/edit/", views.segment_edit, name="segment-edit"),
    path("segments/<int:pk>/freeze/", views.segment_freeze, name="segment-freeze"),
    path("segments/<int:pk>/remove/", views.segment_remove, name="segment-remove"),
]
