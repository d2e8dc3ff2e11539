"""Numbers as a runner reads them."""

from __future__ import annotations

import pytest

from service.language import speaking
from service.messages.units import average, distance, duration, percent


@pytest.mark.parametrize(
    ("metres", "shown"), [(18_200, "18.2 km"), (18_250, "18.3 km"), (18_249.9, "18.2 km"), (1_234_500, "1,234.5 km")]
)
def test_kilometres_have_one_decimal_and_halves_go_up(metres, shown):
    assert distance(metres, "km") == shown


@pytest.mark.parametrize(("metres", "shown"), [(18_200, "11.3 mi"), (42_195, "26.2 mi"), (1609.344, "1.0 mi")])
def test_miles_are_the_international_ones(metres, shown):
    assert distance(metres, "mi") == shown


def test_the_upper_end_of_a_range_is_rounded_down():
    assert distance(13_799, "km", down=True) == "13.7 km"
    assert distance(13_799, "km") == "13.8 km"


def test_a_quarter_kilometre_is_not_lost_to_binary_fractions():
    assert distance(0.05 * 1000 * 21, "km") == "1.1 km"  # 1.05 km, which binary fractions hold as a little less


@pytest.mark.parametrize(
    ("seconds", "shown"), [(2_700, "45 min"), (11_520, "3 hr 12 min"), (29, "0 min"), (30, "1 min")]
)
def test_times_are_hours_and_minutes(seconds, shown):
    assert duration(seconds) == shown


def test_per_cents_are_whole():
    assert percent(0.456) == "46"
    assert percent(0.455) == "46"


def test_just_above_the_limit_never_reads_as_the_limit():
    assert percent(0.3004, above=0.30) == "30.1"
    assert percent(0.304, above=0.30) == "30.4"
    assert percent(0.31, above=0.30) == "31"


def test_an_average_drops_an_idle_zero():
    assert (average(3.5), average(4.0), average(2.25)) == ("3.5", "4", "2.3")


def test_the_language_decides_the_decimal_sign():
    with speaking("de"):
        assert distance(18_200, "km") == "18,2 km"
    with speaking("pt-BR"):
        assert distance(18_200, "km") == "18,2 km"


def test_a_language_without_numbers_of_its_own_gets_the_english_ones():
    with speaking("xx"):
        assert distance(18_200, "km") == "18.2 km"
