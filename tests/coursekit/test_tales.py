"""The stories: always the same, well formed, and what their facts and spans say of them."""

import hashlib
import re

import pytest

from coursekit import data
from coursekit.tales import CONCEPTS, END, Tales, tell
from coursekit.tales.statistics import statistics
from coursekit.tales.words import NAMES, OBJECTS, PRONOUNS, SINGULAR


@pytest.fixture(scope="module")
def tales():
    return data.tales()


@pytest.fixture(scope="module")
def found(tales):
    return statistics(tales)


def test_the_first_thousand_stories_are_these_bytes_on_every_python():
    text = Tales(1000).text("all").encode("ascii")
    assert hashlib.sha256(text).hexdigest() == (
        "9ae01eb8f4593bed578ee2886382581532791b11fb17bae4c7a3b8412e53f24c"), (
        "the shipped models learned from this text: a change of the grammar needs new ones")


def test_the_count_does_not_change_the_first_stories(tales):
    assert Tales(50).stories == tales.stories[:50] and Tales(0).text() == ""
    with pytest.raises(ValueError, match="count is -1: give how many stories"):
        Tales(-1)
    assert tales.source == "stories of a grammar of ours, seed 0"


def test_another_seed_tells_other_stories(tales):
    assert not {s.text for s in Tales(500, seed=1).stories} & {s.text for s in tales.stories[:500]}


def test_every_twentieth_story_is_for_validation(tales):
    assert (len(tales.train), len(tales.valid)) == (19_000, 1_000)
    assert tales.valid[0] == tell(0, 19) and tales.train[19] == tell(0, 20)
    assert not {s.text for s in tales.train} & {s.text for s in tales.valid}


def test_each_story_in_the_text_ends_with_the_stop_word(tales):
    assert tales.text("valid").split(END) == [*(s.text for s in tales.valid), ""]
    assert tales.text() == tales.text("train")
    with pytest.raises(ValueError, match="'test'.*'train', 'valid' or 'all'"):
        tales.text("test")


def test_the_statistics_of_the_docstring(found):
    assert found["stories"] == found["different stories"] == 20_000
    assert 5_500_000 < found["characters"] < 6_000_000
    assert 270 < found["characters a story"] < 290
    assert found["longest story"] == 509
    assert found["different words"] == 408
    assert 0.50 < found["with a friend"] < 0.55
    assert 0.39 < found["with a sum"] < 0.44
    assert 0.20 < found["object ends with the friend"] < 0.25
    assert 0.04 < found["object ends lost"] < 0.07
    assert (found["held-out pairs"], found["trained pairs"]) == (48, 432)
    assert (found["held-out sums"], found["trained sums"]) == (12, 132)


def test_each_concept_is_common_enough_to_be_found_and_rare_enough_to_be_missed(found):
    shares = found["concepts"]
    assert len(shares) == 23
    assert all(0.045 < share < 0.25 for share in shares.values()), shares
    assert 0.19 < shares["bridge"] < 0.23


def test_every_word_of_a_concept_is_used(tales):
    used = {story.text[a:b].lower() for story in tales.stories[:5000] for _, a, b in story.spans}
    assert used == {word for words in CONCEPTS.values() for word in words}


def test_a_span_is_the_word_that_speaks_of_the_concept(tales):
    for story in tales.stories[:2000]:
        assert all(story.text[a:b].lower() in CONCEPTS[concept] for concept, a, b in story.spans)
        bridges = [a for concept, a, _ in story.spans if concept == "bridge"]
        assert bridges == [found.start() for found in re.finditer("bridge", story.text)]


def test_the_facts_are_in_the_text(tales):
    for story in tales.stories[:2000]:
        facts, words = story.facts, re.findall(r"\w+", story.text)
        people = [word for word in words if word in NAMES]
        assert people[0] == facts["hero"] and facts["pronoun"] == PRONOUNS[people[0]][0]
        assert set(people) == {facts["hero"], facts["friend"]} - {None}
        assert {word for word in words if word in OBJECTS} == {facts["object"]}
        assert f"{facts['look']} {facts['object']}" in story.text
        assert set(facts["places"]) <= set(words)
        numbers = [int(word) for word in words if word.isdigit()]
        assert numbers == [number for sum_ in facts["sums"] for number in sum_]
        assert facts["holder"] in (facts["hero"], facts["friend"], None)


def test_articles_agree_with_the_word_that_follows(tales):
    text = tales.text("valid")
    assert not re.findall(r"\b[Aa] [aeiou]\w*", text)
    assert not re.findall(r"\b[Aa]n [^aeiou]\w*", text)
    assert len(re.findall(r"\b[Aa]n [aeiou]\w*", text)) > 200


def test_plurals_agree_with_the_number(tales):
    counted = re.findall(r"(\d+) (\w+)", tales.text("valid"))
    nouns = [(int(n), noun) for n, noun in counted if noun in {*SINGULAR, *SINGULAR.values()}]
    assert {n for n, _ in nouns} >= {1, 2, 12, 24}
    assert all((noun in SINGULAR) == (n > 1) for n, noun in nouns)


def test_sentences_begin_and_end_as_sentences_do(tales):
    for story in tales.stories[:2000]:
        assert re.fullmatch(r'[A-Z"][^{}]*\.', story.text) and "  " not in story.text
        assert story.text.count('"') % 2 == 0
        assert not re.search(r"[.] [a-z]", story.text)   # '"Where is it?" he cried' has a ?
