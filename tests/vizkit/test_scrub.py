"""ScrubViewer without a browser: the same prompts at each checkpoint."""

import numpy as np
import pytest

import vizkit as vk

TEXTS = ["kk k", "the the", "a cat sat."]
STEPS = [0, 100, 2000]


def test_the_last_checkpoint_is_shown_first_and_the_slider_goes_through_all():
    seen = vk.scrub(TEXTS, STEPS, ["Once "], {"loss": [6.2, 3.1, 0.9]})
    assert repr(seen) == "ScrubViewer: 1 text at 3 checkpoints, after 2,000 steps (3 of 3)"
    seen.moment = 0
    assert "before training (1 of 3)" in repr(seen)
    assert "after 100 steps: 'the the'" in seen.describe() and "after 'Once '" in seen.describe()
    assert "loss from 6.20 to 0.900" in seen.describe()
    assert seen.data["loss"].tolist() == [6.2, 3.1, 0.9]
    with pytest.raises(ValueError, match="there are 0 to 2"):
        seen.moment = 3


def test_it_may_go_through_something_else_than_a_training():
    seen = vk.scrub(TEXTS, ["0", "1", "2"], noun="temperature", moment=0)
    assert repr(seen) == "ScrubViewer: 1 text at 3 temperatures, 0 (1 of 3)"
    assert seen.describe().startswith("What a model writes, at 3 temperatures. 0: 'kk k'")


def test_a_function_is_asked_once_for_each_step():
    asked = []

    def write(step):
        asked.append(step)
        return [f"one {step}", f"two {step}"]

    seen = vk.scrub(write, STEPS, moment=1)
    assert asked == STEPS and seen.texts[1] == ["one 100", "two 100"] and seen.moment == 1


def test_texts_that_do_not_fit_are_refused():
    for texts, steps, more, said in (
        (TEXTS, [1], {}, "3 checkpoints of texts and 1 steps"), ([], [], {}, "at least one"),
        ([["a"], ["a", "b"]], [1, 2], {}, "one text for each prompt"),
        (TEXTS, STEPS, {"prompts": ["a", "b"]}, "one text for each prompt"),
        (TEXTS, STEPS, {"prompts": "a"}, "one text for each prompt"),
        (TEXTS, STEPS, {"scores": {"loss": [1]}}, "1 values of loss for 3"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            vk.scrub(texts, steps, **more)


def test_what_is_no_text_is_refused():
    for texts in (None, "abc", [1, 2, 3], [["a", None]] * 3):
        with pytest.raises(TypeError, match="expected a"):
            vk.scrub(texts, STEPS)
    assert vk.scrub(["a", "b"], [1, 2.5]).steps == ["after 1 step", "after 2.5 steps"]


def test_the_picture_shows_every_checkpoint(tmp_path):
    seen = vk.scrub([["$a$\nb " * 60]] + [[text] for text in TEXTS[1:]], STEPS,
                    scores={"loss": [3, np.nan, 1], "heroes kept": [0, 0.5, 1]})
    said = [text.get_text() for text in seen.figure().axes[0].texts]
    assert "before training" in said and "the the" in said and "NaN" in said
    for ending in ("png", "svg", "npz"):
        assert seen.save(tmp_path / f"scrub.{ending}").stat().st_size > 500
