"""What is done about checkups: campaigns, the list, slots, results, reminders, the own locker."""
