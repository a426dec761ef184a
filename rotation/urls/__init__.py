from rotation.urls import plans, proposals, room, secondments, tenure

app_name = "rotation"
urlpatterns = [
    *plans.urlpatterns,
    *proposals.urlpatterns,
    *room.urlpatterns,
    *secondments.urlpatterns,
    *tenure.urlpatterns,
]
