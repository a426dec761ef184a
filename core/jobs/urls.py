from django.urls import path

from core.jobs import views

urlpatterns = [
    path("", views.JobList.as_view(), name="jobs"),
    path("<uuid:uid>/", views.JobPage.as_view(), name="job"),
    path("<uuid:uid>/status/", views.JobStatus.as_view(), name="job-status"),
    path("<uuid:uid>/cancel/", views.JobCancel.as_view(), name="job-cancel"),
    path("<uuid:uid>/retry/", views.JobRetry.as_view(), name="job-retry"),
    path("<uuid:uid>/resume/", views.JobResume.as_view(), name="job-resume"),
    path("<uuid:uid>/download/", views.JobDownload.as_view(), name="job-download"),
]
