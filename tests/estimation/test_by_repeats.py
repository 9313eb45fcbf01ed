from __future__ import annotations

import numpy as np
import pytest

from foresay.errors import ChoiceError, UnsupportedError
from foresay.trials.profiles import agree, largest, same, squared
from studies import answers, open_study, prediction

GIVEN = {"i1": "aaab", "i2": "aabb", "i3": "abcd", "i4": "cccc", "i5": "aabc"}
PROFILES = [(3, 1), (2, 2), (1, 1, 1, 1), (4,), (2, 1, 1)]


def tables(given=GIVEN):
    rows = [row for item, said in given.items() for row in answers("m", item, said)]
    replies = [
        {**{k: v for k, v in row.items() if k not in ("property", "answer")}, "response": "r"}
        for row in rows
    ]
    asked = [prediction("p", "m", item, "a") for item in given]
    return {"answers": rows, "responses": replies, "predictions": asked}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    with open_study(tmp_path_factory.mktemp("repeats"), tables()) as opened:
        yield opened


def values(frame, estimand):
    rows = frame[frame["estimand"] == estimand]
    return dict(zip(rows["repeats"], rows["value"], strict=True))


def mean(statistic):
    return float(np.mean([float(statistic(profile)) for profile in PROFILES]))


def test_each_row_is_the_expectation_over_all_ways_to_leave_repeats_out(study):
    frame = study.ceiling_by_k()
    for k in (2, 3, 4):
        unbiased = mean(lambda p: same(p, 2))
        assert values(frame, "ceiling_resample")[k] == pytest.approx(unbiased)
        plug = mean(lambda p, k=k: squared(p, k))
        assert values(frame, "plug_in_resample")[k] == pytest.approx(plug)
        most = mean(lambda p, k=k: largest(p, k))
        assert values(frame, "plug_in_modal")[k] == pytest.approx(most)
        left = mean(lambda p, k=k: agree(p, k - 1, 1))
        assert values(frame, "ceiling_modal_lower")[k] == pytest.approx(left)
        roots = [mean(lambda p, j=j: same(p, j)) ** (1 / j) for j in range(2, k + 1)]
        assert values(frame, "ceiling_modal_upper")[k] == pytest.approx(min(most, *roots))
    assert values(frame, "modes_agree")[2] == pytest.approx(mean(lambda p: agree(p, 2, 2)))
    assert sorted(values(frame, "run_hits_mode")) == [1, 2, 3]


def test_with_all_repeats_it_is_the_estimate_itself(study):
    frame = study.ceiling_by_k()
    whole = study.estimate(["ceiling_resample", "ceiling_modal_lower", "ceiling_modal_upper"])
    for row in whole.to_dict("records"):
        rows = frame[(frame["estimand"] == row["estimand"]) & (frame["repeats"] == 4)]
        for column in ("value", "low", "high", "n_trials", "n_items"):
            assert rows[column].iloc[0] == pytest.approx(row[column])


def test_plug_ins_fall_with_more_repeats_and_the_unbiased_ceiling_does_not(study):
    frame = study.ceiling_by_k()
    assert len(set(values(frame, "ceiling_resample").values())) == 1
    for name in ("plug_in_resample", "plug_in_modal"):
        found = [v for _, v in sorted(values(frame, name).items())]
        assert found == sorted(found, reverse=True)


def test_a_few_items_with_fewer_repeats_are_left_out_and_counted(tmp_path):
    given = {**{f"i{n}": "aab" for n in range(19)}, "short": "aa"}
    with open_study(tmp_path, tables(given)) as study:
        frame = study.ceiling_by_k()
        assert frame["repeats"].max() == 3
        assert set(frame["n_excluded"]) == {1}
        assert set(frame["n_items"]) == {19}
        assert all("items with at least 3 repeats" in note for note in frame["note"])


def test_agreement_of_each_number_is_over_the_same_items(study):
    frame = study.agreement_by_n(by=["target"])
    found = values(frame, "agreement_answer")
    for n in (2, 3, 4):
        assert found[n] == pytest.approx(mean(lambda p, n=n: same(p, n)))
        one = study.estimate("agreement_answer", by=["target"], agreement=n)
        assert one["value"].iloc[0] == pytest.approx(found[n])
    assert set(values(frame, "agreement_raw").values()) == {1.0}


def test_repeats_that_cannot_be_are_refused(study, tmp_path):
    with pytest.raises(ChoiceError, match="1 is no number of repeats"):
        study.ceiling_by_k(repeats=[1])
    single = {item: said[:1] for item, said in GIVEN.items()}
    with (
        open_study(tmp_path, tables(single)) as alone,
        pytest.raises(UnsupportedError, match="two usable repeats"),
    ):
        alone.ceiling_by_k()


def test_two_levels_and_macro_weights_are_designs_here_too(study):
    frame = study.ceiling_by_k(
        by=[], weighting="macro_property", interval="percentile", resamples=200
    )
    assert frame["value"].notna().all()
    assert set(frame["weighting"]) == {"macro_property"}
