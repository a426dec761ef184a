from rotation.urls import proposals, room, secondments, tenure

app_name = "rotation"
urlpatterns = [
    *proposals.urlpatterns,
    *room.urlpatterns,
    *secondments.urlpatterns,
    *tenure.urlpatterns,
]
