"""Check-in, slots, the calendar, clashes and timetables."""

from django.urls import path

from training.views import (
    attendance,
    calendar,
    checkin,
    clashes,
    feeds,
    screen,
    slot_rules,
    slots,
    timetables,
)

urlpatterns = [
    path("c/<str:token>/", checkin.ScanCode.as_view(), name="scan"),
    path("checkin/", checkin.CheckInPage.as_view(), name="checkin"),
    path("checkin/<int:pk>/", checkin.CheckInDone.as_view(), name="checkin_done"),
    path("slots/<int:pk>/", slots.SlotPage.as_view(), name="slot"),
    path("slots/<int:pk>/edit/", slots.EditSlot.as_view(), name="slot_edit"),
    path("slots/<int:pk>/cancel/", slots.CancelSlot.as_view(), name="slot_cancel"),
    path("slots/<int:pk>/mark/", attendance.MarkChosen.as_view(), name="slot_mark"),
    path("slots/<int:pk>/import/", attendance.ImportNames.as_view(), name="slot_import"),
    path("slots/<int:pk>/rest/", attendance.RestAbsent.as_view(), name="slot_rest"),
    path("slots/<int:pk>/people/<int:row>/", attendance.ClearSuspicion.as_view(), name="slot_suspicion"),
    path("slots/<int:pk>/screen/", screen.ScreenPage.as_view(), name="screen"),
    path("slots/<int:pk>/screen/board/", screen.ScreenBoard.as_view(), name="screen_board"),
    path("slots/<int:pk>/clash/", clashes.AcceptClash.as_view(), name="clash_accept"),
    path("slots/<int:pk>/slot.ics", feeds.SlotFile.as_view(), name="slot_ics"),
    path("classes/<int:pk>/slots/new/", slots.NewSlot.as_view(), name="slot_new"),
    path("classes/<int:pk>/check/", clashes.ClassCheck.as_view(), name="class_check"),
    path("classes/<int:pk>/class.ics", feeds.ClassFile.as_view(), name="class_ics"),
    path("calendar/", calendar.CalendarPage.as_view(), name="calendar"),
    path("calendar/mine/", calendar.MyCalendar.as_view(), name="my_calendar"),
    path("calendar/feeds/", feeds.FeedsPage.as_view(), name="feeds"),
    path("calendar/feeds/<int:pk>/revoke/", feeds.RevokeFeed.as_view(), name="feed_revoke"),
    path("calendar/feed/<str:token>.ics", feeds.FeedFile.as_view(), name="feed"),
    path("slot-rules/", slot_rules.SlotRulesPage.as_view(), name="slot_rules"),
    path("slot-rules/new/", slot_rules.NewSlotRule.as_view(), name="slot_rule_new"),
    path("timetables/", timetables.TimetableList.as_view(), name="timetables"),
    path("timetables/new/", timetables.NewTimetable.as_view(), name="timetable_new"),
    path("timetables/<int:pk>/", timetables.TimetablePage.as_view(), name="timetable"),
    path("timetables/<int:pk>/adopt/", timetables.AdoptTimetable.as_view(), name="timetable_adopt"),
]
