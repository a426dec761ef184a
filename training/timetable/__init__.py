"""排课建议: sessions into given blocks of time, rooms and lecturers, with the fewest clashes of people. Pure.

`problem` says what is asked for and what an answer is, `solver` finds the best one with OR-Tools, `reasons`
tells in words why a session stands where it stands, and which demands do not go together.
"""

from training.timetable.problem import Answer, Block, Demand, Placed, Room, Session
from training.timetable.solver import solve

__all__ = ["Answer", "Block", "Demand", "Placed", "Room", "Session", "solve"]
