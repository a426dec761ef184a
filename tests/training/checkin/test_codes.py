"""Codes, tokens and the decision, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.checkin import (
    CODE_LETTERS,
    WINDOW,
    Standing,
    Windows,
    code_of,
    decide,
    match_code,
    read_token,
    seconds_left,
    tidy_code,
    token_of,
    window_at,
    window_start,
    windows_about,
    windows_to_try,
)
from training.choices import AttendanceState, CheckInResult

START = datetime(2026, 11, 10, 9, tzinfo=UTC)
WINDOWS = Windows(
    opens_at=START - timedelta(minutes=30),
    late_after=START + timedelta(minutes=5),
    closes_at=START + timedelta(minutes=30),
    out_from=START + timedelta(minutes=110),
    out_until=START + timedelta(minutes=180),
)
secrets = st.binary(min_size=32, max_size=32)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


@settings(deadline=None)  # a busy machine is no fault
@given(secrets, moments)
def test_a_code_lives_for_two_windows(secret: bytes, shown_at: datetime) -> None:
    code = code_of(secret, window_at(shown_at))
    begin = window_start(window_at(shown_at))

    def taken(moment: datetime) -> bool:
        return match_code(secret, code, windows_to_try(moment)) is not None

    assert [taken(begin), taken(begin + 2 * WINDOW - timedelta(milliseconds=1))] == [True, True]
    assert [taken(begin - timedelta(seconds=1)), taken(begin + 2 * WINDOW)] == [False, False]


@settings(deadline=None)  # a busy machine is no fault
@given(secrets, moments)
def test_codes_are_six_signs_nobody_confuses(secret: bytes, moment: datetime) -> None:
    code = code_of(secret, window_at(moment))
    assert (len(code), set(code) <= set(CODE_LETTERS)) == (6, True)
    assert not set("01OI") & set(CODE_LETTERS)
    assert tidy_code(f" {code[:3].lower()} {code[3:]} ") == code


@settings(deadline=None)  # a busy machine is no fault
@given(secrets, st.integers(1, 2**32 - 1), moments)
def test_a_token_says_its_slot_and_window_and_cannot_be_forged(secret, slot_id, moment) -> None:
    window = window_at(moment)
    token = read_token(token_of(secret, slot_id, window))
    assert token is not None
    assert (token.slot_id, token.window, token.genuine(secret)) == (slot_id, window, True)
    assert not token.genuine(b"x" * 32)


@pytest.mark.parametrize("text", ["", "x", "汉字", "A" * 21, "A" * 23, "=" * 22])
def test_what_is_no_token_is_none(text: str) -> None:
    assert read_token(text) is None


@settings(deadline=None)  # a busy machine is no fault
@given(moments, st.integers(-300, 300))
def test_a_wrong_clock_of_five_minutes_still_finds_the_window(moment: datetime, skew: int) -> None:
    assert window_at(moment) in windows_about(moment + timedelta(seconds=skew))


def test_the_screen_waits_until_the_window_ends() -> None:
    begin = window_start(window_at(START))
    assert seconds_left(begin) == 15
    assert seconds_left(begin + timedelta(seconds=14.9)) == 1


@pytest.mark.parametrize(
    ("minutes", "result"),
    [
        (-31, CheckInResult.NOT_OPEN),
        (-30, CheckInResult.PRESENT),
        (5, CheckInResult.PRESENT),
        (6, CheckInResult.LATE),
        (30, CheckInResult.LATE),
        (31, CheckInResult.CLOSED),
    ],
)
def test_the_windows_of_time(minutes: int, result: CheckInResult) -> None:
    standing = Standing(AttendanceState.EXPECTED)
    assert decide(standing, WINDOWS, START + timedelta(minutes=minutes)) == result


@pytest.mark.parametrize("state", [AttendanceState.ABSENT, AttendanceState.LEAVE, AttendanceState.EXCUSED])
def test_who_comes_after_all_may_check_in(state: AttendanceState) -> None:
    assert decide(Standing(state), WINDOWS, START) == CheckInResult.PRESENT


def test_twice_is_once() -> None:
    by_code = Standing(AttendanceState.PRESENT, START)
    by_hand = Standing(AttendanceState.LATE)
    assert [decide(s, WINDOWS, START) for s in (by_code, by_hand)] == [CheckInResult.ALREADY] * 2


@pytest.mark.parametrize(
    ("minutes", "result"),
    [
        (100, CheckInResult.ALREADY),
        (110, CheckInResult.SIGNED_OUT),
        (180, CheckInResult.SIGNED_OUT),
        (181, CheckInResult.CLOSED),
    ],
)
def test_signing_out(minutes: int, result: CheckInResult) -> None:
    inside = Standing(AttendanceState.PRESENT, START)
    assert decide(inside, WINDOWS, START + timedelta(minutes=minutes), signs_out=True) == result


def test_signing_out_needs_a_check_in_and_happens_once() -> None:
    end = START + timedelta(minutes=120)
    outside = Standing(AttendanceState.EXPECTED)
    gone = Standing(AttendanceState.PRESENT, START, end)
    assert decide(outside, WINDOWS, end, signs_out=True) == CheckInResult.CLOSED
    assert decide(gone, WINDOWS, end, signs_out=True) == CheckInResult.ALREADY


def test_nobody_checks_in_to_what_is_cancelled_or_without_being_expected() -> None:
    expected = Standing(AttendanceState.EXPECTED)
    assert decide(expected, WINDOWS, START, cancelled=True) == CheckInResult.CANCELLED
    assert decide(None, WINDOWS, START) == CheckInResult.NOT_EXPECTED
