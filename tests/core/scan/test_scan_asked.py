"""Findings about what the author asks of those who judge."""

import json

import pytest


def made(cells, **settings):
    return {
        "cells": cells,
        "metadata": {"recrate": settings},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def cell(*outputs, **metadata):
    shown = [{"output_type": "stream", "name": "stdout", "text": one} for one in outputs]
    return {"cell_type": "code", "source": "1", "metadata": metadata, "outputs": shown, "id": "a"}


def codes(inventory):
    wanted = {"bad-setting", "claim-not-found", "bad-policy"}
    return [(one.code, one.cell) for one in inventory.findings if one.code in wanted]


@pytest.mark.parametrize("bad", [-1, float("nan"), "0.1", {"relative": -2}, {"rel": 1}])
def test_a_tolerance_that_cannot_be_used_is_found(scan, bad):
    assert codes(scan({"a.ipynb": made([cell("1")], tolerance=bad)})) == [("bad-setting", None)]
    found = codes(scan({"a.ipynb": made([cell("1", recrate={"tolerance": bad})])}))
    assert found == [("bad-setting", 0)]


@pytest.mark.parametrize(
    "tag", ["recrate-tolerance-", "recrate-tolerance--1", "recrate-tolerance-x"]
)
def test_a_tag_that_cannot_be_used_is_found(scan, tag):
    assert codes(scan({"a.ipynb": made([cell("1", tags=[tag])])})) == [("bad-setting", 0)]


def test_claims_of_what_is_not_there_are_found(scan):
    claims = [{"cell": "b"}, {"cell": "a", "output": 1}, {"cell": "a", "output": 0}, {"cell": 0}]
    found = codes(scan({"a.ipynb": made([cell("1")], claims=claims)}))
    assert found == [("claim-not-found", None), ("claim-not-found", 0)]


def test_what_can_be_used_is_no_finding(scan):
    good = made(
        [cell("1", tags=["recrate-tolerance-1e-3", "recrate-claim"], recrate={"skip": False})],
        tolerance={"relative": 0.1, "absolute": 0},
        skip=True,
        claim="All",
        claims=[{"cell": "a", "output": 0, "title": "T", "title_ja": "表"}],
    )
    policy = {"name": "ours", "tolerance": {"relative": 0.1}}
    assert codes(scan({"a.ipynb": good, "recrate-policy.json": json.dumps(policy)})) == []


@pytest.mark.parametrize(
    "policy",
    [
        "{",
        "[]",
        '{"name": "usual", "tolerance": {"relative": 1}}',
        '{"name": "two\\nlines"}',
        '{"tolerance": {"relative": NaN}}',
        '{"tolerance": {"absolute": -1}}',
        '{"places": [{"path": "", "tolerance": {}}]}',
        '{"image_fraction": 2}',
        '{"stderr": "hide"}',
        '{"waivers": [{"path": "a", "cell": 0, "output": 0, "reason": "x"}]}',
        '{"name": "x", "own": 1}',
        " " * 1_000_001,
    ],
)
def test_a_policy_that_cannot_be_used_is_found(scan, policy):
    files = {"a.ipynb": made([cell("1")]), "recrate-policy.json": policy}
    assert codes(scan(files)) == [("bad-policy", None)]
