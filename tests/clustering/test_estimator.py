"""GeoDBSCAN is a scikit-learn estimator."""

import logging
from functools import partial

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClusterMixin, clone
from sklearn.utils.estimator_checks import check_estimator

import hubrank
from hubrank.clustering import estimator
from hubrank.clustering.dbscan.dbscan import dbscan
from hubrank.clustering.estimator import GeoDBSCAN, _rows, _weights
from hubrank.core.errors import ArgumentError

COLUMNS = "it feeds more than two columns; GeoDBSCAN takes latitude and longitude"
DEGREES = "it feeds numbers that are no degrees"
EXCEPTED = {
    "check_fit_score_takes_y": COLUMNS,
    "check_dont_overwrite_parameters": COLUMNS,
    "check_n_features_in_after_fitting": COLUMNS,
    "check_positive_only_tag_during_fit": COLUMNS,
    "check_estimators_dtypes": COLUMNS,
    "check_sample_weights_list": COLUMNS,
    "check_all_zero_sample_weights_error": COLUMNS,
    "check_sample_weight_equivalence_on_dense_data": COLUMNS,
    "check_dtype_object": COLUMNS,
    "check_pipeline_consistency": COLUMNS,
    "check_estimators_nan_inf": COLUMNS,
    "check_estimators_pickle": COLUMNS,
    "check_f_contiguous_array_estimator": COLUMNS,
    "check_methods_sample_order_invariance": COLUMNS,
    "check_methods_subset_invariance": COLUMNS,
    "check_fit2d_1sample": COLUMNS,
    "check_dict_unchanged": COLUMNS,
    "check_fit2d_predict1d": COLUMNS,
    "check_fit_idempotent": DEGREES,
    "check_fit_check_is_fitted": DEGREES,
    "check_n_features_in": DEGREES,
}
ABSENT = {"check_array_api_input", "check_sample_weights_pandas_series"}  # where pandas or the array API is missing


class EuclideanDBSCAN(ClusterMixin, BaseEstimator):
    """DBSCAN in any number of dimensions, over the same kernel as `GeoDBSCAN`; Euclidean."""

    def __init__(self, radius=0.5, min_weight=5):
        self.radius = radius
        self.min_weight = min_weight

    def fit(self, X, y=None, sample_weight=None):  # noqa: ARG002, N803
        """Cluster rows, shape (n, d)."""
        rows = _rows(self, X)
        clustering = dbscan(rows, _weights(sample_weight, len(rows)), radius=self.radius, min_weight=self.min_weight)
        self.labels_ = clustering.label.astype(np.int64)
        self.core_sample_indices_ = np.flatnonzero(clustering.is_core)
        return self


def _outcomes(candidate, excepted=None):
    outcomes = check_estimator(candidate, expected_failed_checks=excepted, on_skip=None, on_fail=None)
    return [(one["check_name"], one["status"]) for one in outcomes if one["check_name"] not in ABSENT]


def test_over_the_kernel_of_any_dimension_scikit_learn_has_nothing_to_except():
    outcomes = _outcomes(EuclideanDBSCAN())
    assert len(outcomes) > 45
    assert {status for _, status in outcomes} == {"passed"}


def test_geodbscan_passes_all_checks_that_feed_it_places():
    outcomes = _outcomes(GeoDBSCAN(radius_km=60), EXCEPTED)
    assert {name for name, status in outcomes if status == "xfail"} == set(EXCEPTED)
    assert {status for name, status in outcomes if name not in EXCEPTED} == {"passed"}


def test_hubrank_names_it():
    assert hubrank.GeoDBSCAN is GeoDBSCAN


def test_weights_are_whole_and_add_up():
    basel, mulhouse, paris = [47.56, 7.59], [47.75, 7.34], [48.86, 2.35]
    places = [basel, mulhouse, paris]
    model = GeoDBSCAN(radius_km=30, min_weight=9).fit(places, sample_weight=[5.0, 4.0, 8.0])
    assert model.labels_.tolist() == [0, 0, -1]
    assert model.core_sample_indices_.tolist() == [0, 1]
    assert clone(model).fit_predict(places).tolist() == [-1, -1, -1]


HOSTILE = {
    "row 1: .*NaN": ([[0, 0], [float("nan"), 0]], None),
    "row 2: .*inf": ([[0, 0], [1, 1], [0, float("inf")]], None),
    "row 1: .*latitude in -90": ([[0, 0], [90.1, 0]], None),
    "row 0: .*longitude in -180": ([[0, -181], [0, 0]], None),
    "row 1: weight is -2": ([[0, 0], [1, 1]], [1, -2]),
    "row 1: sample_weight is 0.5": ([[0, 0], [1, 1]], [1, 0.5]),
    "row 0: sample_weight is nan": ([[0, 0], [1, 1]], [float("nan"), 1]),
    "sample_weight has the shape": ([[0, 0], [1, 1]], [1, 1, 1]),
    "zero for every row": ([[0, 0], [1, 1]], [0, 0]),
    "minimum of 1 is required": (np.empty((0, 2)), None),
    "inhomogeneous|sequence": ([[0, 0], [1]], None),
    "3 feature": ([[0, 0, 0]], None),
}


@pytest.mark.parametrize("message", HOSTILE)
def test_what_cannot_be_used_is_named(message):
    places, weight = HOSTILE[message]
    with pytest.raises(ValueError, match=message):
        GeoDBSCAN().fit(places, sample_weight=weight)


@pytest.mark.parametrize(
    "choices",
    [
        {"radius_km": 0},
        {"radius_km": -1.0},
        {"radius_km": None},
        {"min_weight": 0},
        {"min_weight": 2.5},
        {"min_weight": None},
        {"threads": 0},
        {"threads": "2"},
    ],
)
def test_choices_that_mean_nothing_are_refused(choices):
    with pytest.raises(ArgumentError, match=f"{next(iter(choices))} is .*; expected"):
        GeoDBSCAN(**choices).fit([[0, 0]])


def test_the_first_use_says_that_it_compiles(monkeypatch, caplog):
    fit = partial(GeoDBSCAN().fit, [[0.0, 0.0]])
    with caplog.at_level(logging.INFO, logger="hubrank"):
        monkeypatch.setattr(estimator, "compiled", lambda: True)
        fit()
        assert not caplog.messages
        monkeypatch.setattr(estimator, "compiled", lambda: False)
        fit()
    assert caplog.messages == ["Compiling the clustering kernel: once, some seconds."]
