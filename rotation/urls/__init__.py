from rotation.urls import room, secondments, tenure

app_name = "rotation"
urlpatterns = [
    *room.urlpatterns,
    *secondments.urlpatterns,
    *tenure.urlpatterns,
]
