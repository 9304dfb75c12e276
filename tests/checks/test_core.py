"""The four outcomes, known mistakes by name, and answers that break or never end."""

import numpy as np
import pytest
import torch

from coursekit.checks.core import Exercise, Finding, Mistake, diagnose, try_all
from coursekit.checks.values import same, show


def step(weights, x, target):
    """The perceptron's rule on one point."""
    out = 1 if np.dot(weights, x) > 0 else 0
    return [w + (target - out) * v for w, v in zip(weights, x, strict=True)]


def wrong_sign(weights, x, target):
    out = 1 if np.dot(weights, x) > 0 else 0
    return [w - (target - out) * v for w, v in zip(weights, x, strict=True)]


def always_updates(weights, x, target):
    return [w + (2 * target - 1) * v for w, v in zip(weights, x, strict=True)]


def never_updates(weights, x, target):
    return list(weights)


CASES = [([0.0], [1.0], 0), ([0.0], [1.0], 1), ([1.0, 1.0], [1.0, 2.0], 1)]
STEP = Exercise(
    "One step", "step", CASES,
    [Mistake("wrong sign", wrong_sign, "The weights move away from the target."),
     Mistake("updates on correct points", always_updates),
     Mistake("never updates", never_updates)],
    hints=["Compare the output with the target first."],
)


def found(answer, exercise=STEP, reference=step):
    return diagnose(exercise, answer, reference)


def test_the_reference_is_right():
    assert found(step) == Finding("✓")


def test_an_equivalent_in_torch_is_right():
    def in_torch(weights, x, target):
        w, v = torch.tensor(weights), torch.tensor(x)
        return w + (target - int(w @ v > 0)) * v

    assert found(in_torch) == Finding("✓")


def test_a_known_mistake_is_named_with_the_smallest_input():
    finding = found(wrong_sign)
    assert (finding.outcome, finding.mistake) == ("✗", "wrong sign")
    assert finding.lines == (
        "The weights move away from the target.",
        "smallest input that shows it: step([0], [1], 1)",
        "got:      [-1]",
        "expected: [1]",
    )


def test_an_unknown_mistake_shows_the_smallest_input():
    finding = found(lambda weights, x, target: [9.0] * len(weights))
    assert (finding.outcome, finding.mistake) == ("✗", "")
    assert finding.lines[0] == "smallest input that shows it: step([0], [1], 0)"
    assert finding.lines[1:] == ("got:      [9]", "expected: [0]")


def test_a_mistake_with_a_second_one_is_not_named_wrongly():
    def wrong_sign_and_more(weights, x, target):
        return [w - 7 for w in wrong_sign(weights, x, target)]

    assert found(wrong_sign_and_more).mistake == ""


def test_an_error_is_told_in_plain_words_with_its_line():
    def broken(weights, x, target):
        return weights[5] + x[0]

    finding = found(broken)
    assert finding.outcome == "!"
    assert finding.lines[0] == (
        "An index points past the end (IndexError: list index out of range)")
    assert finding.lines[1].endswith("stopped: return weights[5] + x[0]")
    assert finding.lines[2] == "on the input step([0], [1], 0)"


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), RecursionError()])
def test_errors_that_end_programs_are_findings_as_well(error):
    def rude(weights, x, target):
        raise error

    assert found(rude).outcome == "!"


def test_too_few_parameters_are_an_error_of_theirs():
    finding = found(lambda weights: weights)
    assert finding.outcome == "!" and "TypeError" in finding.lines[0]


def test_an_endless_loop_is_stopped():
    def endless(weights, x, target):
        while True:
            weights = [w + 1 for w in weights]

    finding = found(endless, Exercise("Endless", "step", CASES, seconds=0.3))
    assert finding.outcome == "!"
    assert "did not finish within 0.3 s" in finding.lines[0]


def test_an_endless_generator_is_cut():
    def forever():
        while True:
            yield 1

    finding = found(forever, Exercise("Ones", "ones", [()]), lambda: [1, 1])
    assert finding.outcome == "✗"


def test_stubs_are_not_tried():
    def untouched(weights, x, target):
        """Moves the weights."""
        ...

    def begun(weights, x, target):
        out = 1 if np.dot(weights, x) > 0 else 0
        return [w + (target - out) * ... for w in weights]

    def raises(weights, x, target):
        raise NotImplementedError

    for stub in (untouched, begun, raises, None, ...):
        assert found(stub).outcome == "○"


def test_an_ellipsis_in_an_index_is_no_stub():
    def slicing(weights, x, target):
        return np.asarray(weights)[..., :1] + 5

    assert found(slicing).outcome == "✗"


def test_a_forgotten_return_is_a_mistake_not_a_stub():
    def forgetful(weights, x, target):
        weights = [w + v for w, v in zip(weights, x, strict=True)]

    assert found(forgetful).mistake == "returns nothing"


def test_what_the_answer_prints_is_shown_once_not_spilled(capsys):
    def chatty(weights, x, target):
        print("hello", target)
        return [9.0]

    assert "it printed: hello 0" in found(chatty).lines
    assert capsys.readouterr().out == ""


def test_sums_without_a_value_are_the_check_s_to_tell_not_numpy_s(recwarn):
    def answer(weights, x, target):
        return np.log(np.zeros(len(weights))) * 0

    assert found(answer).outcome == "✗" and not recwarn.list


def test_arguments_that_an_answer_changes_do_not_reach_the_next_case():
    def greedy(weights, x, target):
        new = step(weights, x, target)
        weights.clear()
        return new

    assert found(greedy).outcome == "✓" and found(step).outcome == "✓"


class Counter:
    def __init__(self):
        self.count = 0

    def tick(self):
        self.count += 1
        return self.count


class Stuck(Counter):
    def tick(self):
        return 1


class Unwritten:
    def __init__(self):
        self.count = 0

    def tick(self):
        ...


def ticks(cls, times):
    counter = cls()
    return [counter.tick() for _ in range(times)]


def test_a_class_is_an_answer_too():
    counting = Exercise("Counter", "Counter", [(1,), (2,)], [Mistake("is stuck", Stuck)],
                        call=ticks)
    assert diagnose(counting, Counter, Counter).outcome == "✓"
    assert diagnose(counting, Stuck, Counter).mistake == "is stuck"
    assert diagnose(counting, Unwritten, Counter).outcome == "○"


def test_two_functions_are_an_answer_too():
    both = Exercise("There and back", ("there", "back"), [(3,)], call=lambda pair, n:
                    [pair[0](n), pair[1](pair[0](n))])
    reference = (lambda n: n + 1, lambda n: n - 1)
    assert diagnose(both, (lambda n: n + 1, lambda n: n - 1), reference).outcome == "✓"
    assert diagnose(both, (lambda n: n + 1, lambda n: n), reference).outcome == "✗"
    assert diagnose(both, (lambda n: n + 1, lambda n: ...), reference).outcome == "○"


def test_a_value_is_an_answer_too():
    weights = Exercise("AND", "weights", [(0, 1), (1, 1)],
                       call=lambda w, a, b: int(w[0] * a + w[1] * b > w[2]))
    assert diagnose(weights, (5, 5, 7), (1, 1, 1.5)).outcome == "✓"
    assert diagnose(weights, (5, 5, 3), (1, 1, 1.5)).outcome == "✗"
    assert diagnose(weights, ..., (1, 1, 1.5)).outcome == "○"


def test_a_judge_decides_by_itself():
    def even(answer, reference):
        return None if answer() % 2 == 0 else Finding("✗", "is odd", ("got: an odd number",))

    judged = Exercise("Even", "two", judge=even, mistakes=[Mistake("is odd", None, "Halve it.")])
    assert diagnose(judged, lambda: 8, lambda: 2).outcome == "✓"
    finding = diagnose(judged, lambda: 7, lambda: 2)
    assert (finding.mistake, finding.lines) == ("is odd", ("Halve it.", "got: an odd number"))
    assert diagnose(judged, lambda: ..., lambda: 2).outcome == "○"
    assert diagnose(judged, lambda: 1 / 0, lambda: 2).outcome == "!"


def test_a_sound_exercise_has_no_problems():
    def by_arrays(weights, x, target):
        return np.add(weights, np.multiply(target - int(np.dot(weights, x) > 0), x))

    assert try_all(STEP, step, equivalents=[by_arrays]) == []


def test_one_mistake_that_hides_another_is_a_problem():
    twins = [Mistake("first", wrong_sign), Mistake("second", wrong_sign),
             Mistake("third", never_updates)]
    problems = try_all(Exercise("One step", "step", CASES, twins), step)
    assert len(problems) == 1
    assert problems[0].startswith("mistake 'second' is found ✗ first")


def test_an_equivalent_that_is_refused_is_a_problem():
    assert "the equivalent 'wrong_sign'" in try_all(STEP, step, equivalents=[wrong_sign])[0]


def test_an_exercise_without_cases_is_refused():
    with pytest.raises(ValueError, match="neither cases nor a judge"):
        Exercise("Nothing", "nothing")


@pytest.mark.parametrize(("a", "b", "equal"), [
    (1, 1.0, True), (True, 1, True), ("a", "a", True), ("1", 1, False),
    ([1, 2], (1, 2), True), ([1, 2], [1, 2, 3], False), (np.zeros((2, 1)), np.zeros(2), False),
    (torch.tensor([0.5]), [0.5], True), (torch.ones(1, dtype=torch.bfloat16), [1], True),
    (float("nan"), float("nan"), True), ({"a": [1]}, {"a": (1.0,)}, True),
    ({"a": 1}, {"b": 1}, False), ([1, "x"], [1, "y"], False), ([[1], [1, 2]], [[1], [1, 2]], True),
    (None, 0, False), (1e-9, 0, True), (1.001, 1, False), ({1, 2}, {2, 1}, True),
])
def test_equal_answers(a, b, equal):
    assert same(a, b) is equal
    assert same(b, a) is equal


@pytest.mark.parametrize(("value", "text"), [
    (1 / 3, "0.3333"), (-0.0, "0"), ([1, (2,)], "[1, (2,)]"), ("x", "'x'"), (None, "None"),
    (np.float32(0.5), "0.5"), (torch.arange(3), "[0, 1, 2]"), (object(), "a object"),
    ({"a": 1.0}, "{'a': 1}"), (step, "step"), (np.array([1.0, np.nan]), "[1, nan]"),
])
def test_a_value_in_one_line(value, text):
    assert show(value) == text
