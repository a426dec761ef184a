from django.urls import path

from growth.views import files, orders

app_name = "growth"
urlpatterns = [
    path("", files.FileList.as_view(), name="files"),
    path("make/", orders.MakeMany.as_view(), name="make_many"),
    path("make/<int:pk>/", orders.MakeFile.as_view(), name="make"),
    path("<int:pk>/", files.FilePage.as_view(), name="file"),
    path("<int:pk>/pages/<int:number>.png", files.PageImage.as_view(), name="page"),
    path("<int:pk>/download/", files.Download.as_view(), name="download"),
]
