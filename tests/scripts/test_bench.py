from bench.__main__ import measured, middle


def test_the_middle_of_three_is_told() -> None:
    assert middle([3, 1, 2]) == 2
    assert middle([0.1, 0.123456, 9.0]) == 0.1235
    assert middle(["a", "b"]) == "b"


def test_every_figure_has_its_median() -> None:
    answers = iter([{"per_second": 10}, {"per_second": 30}, {"per_second": 20}])
    figures = measured(lambda: next(answers), 3)
    assert (figures["per_second"], figures["runs"]) == (20, 3)
