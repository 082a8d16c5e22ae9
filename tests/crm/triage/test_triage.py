"""What the words of a ticket say."""

import importlib.util

import pytest

from crm.demo.texts import TICKETS
from crm.triage import classifier, training
from crm.triage.rules import major_by_rule
from crm.triage.suggestions import SURE, suggestions


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("冷库突然停电，事先没有通知", "outage/notice"),
        ("电费怎么这么高，请核查", "business/price"),
        ("The lights flicker every evening", "supply_quality/voltage"),
        ("想装个充电桩，要什么手续", "business/application"),
        ("The cable trench in front of my house stays open", "construction/works"),
    ],
)
def test_class_and_topic_are_read_in_both_languages(text, matter):
    assert suggestions(text)["matter"]["value"] == matter


def test_most_texts_it_has_never_seen_are_read_right():
    """The demonstration's texts are written apart from the corpus."""
    told = [row for rows in TICKETS.values() for row in rows]
    right = sum(
        classifier.guess(f"{title}\n{text}")["matter"].label == f"{category}/{topic}" for _, category, topic, _, title, text, *_ in told
    )
    assert right / len(told) > 0.8


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("有人触电受伤", "danger_to_life"), ("变压器着火了", "fire"), ("高压线掉下来了", "line_down"), ("医院停电", "important_place"),
        ("A reporter will come", "press"), ("全村停电", "many_people"), ("no one was injured, the bill is wrong", ""), ("没有人员伤亡，只是电费高", ""),
    ],
)  # fmt: skip
def test_danger_makes_a_case_major_by_rule_and_its_denial_does_not(text, rule):
    assert major_by_rule(text) == rule


def test_a_rule_goes_before_the_classifier_and_says_its_name():
    assert suggestions("家里有呼吸机，停电了")["severity"]["by"] == "rule:danger_to_life"


@pytest.mark.parametrize("text", ["", "  ", "?!", "……", "1234567890", "\U0001f600" * 50, "你" * 9000])
def test_text_without_meaning_suggests_nothing_and_breaks_nothing(text):
    assert suggestions(text) == {} or all(found["confidence"] >= SURE[task] for task, found in suggestions(text).items())


def test_the_weights_are_read_without_pickle_and_know_every_label_of_the_corpus():
    tasks, version = classifier.load()
    known = training.phrases()
    assert version
    assert all(set(tasks[task][0]) == {label for _phrase, label in known[task]} for task in classifier.TASKS)


@pytest.mark.skipif(importlib.util.find_spec("sklearn") is None, reason="training needs scikit-learn")
def test_training_again_gives_the_weights_that_are_in_use(tmp_path):
    import datetime as dt

    path = tmp_path / "weights.npz"
    done = training.train(path=path, on=dt.date(2026, 11, 22))
    assert done.accuracy["severity"] > 0.8
    text = "停电两小时没人来修"
    mine = classifier.guess(text)
    classifier.load.cache_clear()
    learned, _version = classifier.load(path)
    classifier.load.cache_clear()
    assert learned["matter"][0] == classifier.load()[0]["matter"][0]
    assert mine["matter"].label == "outage/repair"
