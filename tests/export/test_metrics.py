# SPDX-License-Identifier: MIT
"""The measures beside slow, plain versions of themselves, and on cases with a known answer."""

import math

import numpy as np
import pytest

from export.judging import metrics


@pytest.fixture(params=range(4))
def case(request):
    """A random map with ties and random fixations; the seed is the parameter."""
    random = np.random.default_rng(request.param)
    values = np.round(random.random((12, 17)), 1) + 1e-3
    return values, random.random((9, 2)), random.random((14, 2)), random.random((12, 17))


def cell(values, point):
    height, width = values.shape
    return values[min(int(point[1] * height), height - 1)][min(int(point[0] * width), width - 1)]


def plain_auc(positives, negatives):
    """Every pair looked at."""
    won = sum(1.0 if p > n else 0.5 if p == n else 0.0 for p in positives for n in negatives)
    return won / (len(positives) * len(negatives))


def test_nss_is_the_mean_of_standard_scores_at_the_points(case):
    values, points, _, _ = case
    flat = [float(v) for v in values.ravel()]
    mean = sum(flat) / len(flat)
    deviation = math.sqrt(sum((v - mean) ** 2 for v in flat) / len(flat))
    plain = sum((cell(values, point) - mean) / deviation for point in points) / len(points)
    assert metrics.nss(values, points) == pytest.approx(plain)


def test_auc_judd_counts_the_pairs_of_fixated_and_other_cells(case):
    values, points, _, _ = case
    height, width = values.shape
    hit = {(min(int(y * height), height - 1), min(int(x * width), width - 1)) for x, y in points}
    negatives = [values[i, j] for i in range(height) for j in range(width) if (i, j) not in hit]
    plain = plain_auc([cell(values, point) for point in points], negatives)
    assert metrics.auc_judd(values, points) == pytest.approx(plain)


def test_shuffled_auc_counts_the_pairs_with_fixations_of_other_pictures(case):
    values, points, others, _ = case
    plain = plain_auc([cell(values, p) for p in points], [cell(values, p) for p in others])
    assert metrics.auc_shuffled(values, points, others) == pytest.approx(plain)


def test_correlation_similarity_and_divergence_agree_with_loops(case):
    values, _, _, density = case
    a, b = values.ravel() / values.sum(), density.ravel() / density.sum()
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    top = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    scale = math.sqrt(sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b))
    assert metrics.correlation(values, density) == pytest.approx(top / scale)
    pairs = list(zip(a, b, strict=True))
    assert metrics.similarity(values, density) == pytest.approx(sum(min(pair) for pair in pairs))
    plain = sum(y * math.log(y / x) for x, y in pairs)
    assert metrics.divergence(values, density) == pytest.approx(plain)


def test_measures_agree_with_pysaliency_where_it_is_installed(case):
    pytest.importorskip("pysaliency", reason="pysaliency is not installed: nothing to compare with")
    from pysaliency import metrics as theirs
    from pysaliency.roc import general_rocs_per_positive

    values, points, others, density = case
    rows, columns = metrics.cells_of(points, values.shape)
    assert metrics.nss(values, points) == pytest.approx(theirs.NSS(values, columns, rows).mean())
    assert metrics.correlation(values, density) == pytest.approx(theirs.CC(values, density))
    assert metrics.similarity(values, density) == pytest.approx(theirs.SIM(values, density))
    assert metrics.divergence(values, density) == pytest.approx(theirs.MIT_KLDiv(values, density))
    there = values[metrics.cells_of(others, values.shape)]
    expected = general_rocs_per_positive(values[rows, columns], there).mean()
    assert metrics.auc_shuffled(values, points, others) == pytest.approx(expected)


def test_a_perfect_map_scores_best_and_an_even_map_scores_nothing():
    points = np.array([[0.2, 0.3], [0.25, 0.35], [0.7, 0.8]])
    density = metrics.density_of(points, (60, 80))
    assert metrics.correlation(density, density) == pytest.approx(1)
    assert metrics.similarity(density, density) == pytest.approx(1)
    assert metrics.divergence(density, density) == pytest.approx(0, abs=1e-9)
    assert metrics.auc_judd(density, points) > 0.98
    even = np.ones((60, 80))
    assert metrics.nss(even, points) == 0
    assert metrics.correlation(even, density) == 0
    assert metrics.auc_judd(even, points) == pytest.approx(0.5)


def test_a_density_spreads_each_point_by_three_percent_of_the_width():
    density = metrics.density_of(np.array([[0.5, 0.5]]), (301, 401))
    assert density.sum() == pytest.approx(1)
    columns = density.sum(0)
    place = (np.arange(401) + 0.5) / 401
    deviation = math.sqrt(float((columns * (place - 0.5) ** 2).sum()))
    assert deviation == pytest.approx(0.03, rel=0.02)


def test_the_best_window_is_that_of_an_exhaustive_search():
    random = np.random.default_rng(7)
    values, window = random.random((10, 40)) ** 4, 16 / 40
    sums = [values[:, i : i + 16].sum() for i in range(25)]
    left = metrics.best_left(values, window)
    assert left == pytest.approx(np.argmax(sums) / 40)
    assert metrics.kept_of_density(values, left, window) == pytest.approx(max(sums) / values.sum())


def test_the_best_window_of_an_even_map_is_in_the_middle():
    assert metrics.best_left(np.ones((4, 30)), 0.4) == pytest.approx(0.3)


def test_points_and_density_agree_on_what_a_window_keeps():
    points = np.random.default_rng(3).random((400, 2))
    counts = np.zeros((50, 50))
    np.add.at(counts, metrics.cells_of(points, counts.shape), 1)
    by_density = metrics.kept_of_density(counts, 0.2, 0.4)
    assert metrics.kept(points, 0.2, 0.4) == pytest.approx(by_density)
    assert metrics.nss_of_density(np.arange(2500.0).reshape(50, 50), counts) == pytest.approx(
        metrics.nss(np.arange(2500.0).reshape(50, 50), points)
    )
