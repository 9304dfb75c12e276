"""The stored lessons: equal to their texts, run in order, told in words, solvable."""

import ast
import copy
import warnings
from importlib import import_module
from pathlib import Path

import nbformat
import pytest

from coursekit.checks import desk
from tools import build_course, lesson_files, lesson_rules, lesson_text

ROOT = Path(__file__).parents[2]
LESSONS = lesson_files.find()
THERE = [f"{number:02}" for number in range(16)]

each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


def stored(lesson):
    assert lesson.notebook.exists(), f"{lesson.name} is not built: start.py notebooks"
    return nbformat.read(lesson.notebook, as_version=4)


def test_every_text_has_its_notebook_and_every_notebook_its_text():
    built = lesson_files.find(among="notebooks")
    assert [lesson.name for lesson in built] == [lesson.name for lesson in LESSONS]
    assert [lesson.number for lesson in LESSONS][: len(THERE)] == THERE


@each_lesson
def test_notebook_equals_its_text(lesson):
    row = lesson_files.measured()[lesson.number]
    written = lesson_text.notebook(lesson, build_course.words(row))
    pairs = zip(stored(lesson).cells, written.cells, strict=True)
    for number, (here, there) in enumerate(pairs, 1):
        assert (here.cell_type, here.source) == (there.cell_type, there.source), f"cell {number}"
        assert (here.id, here.metadata) == (there.id, there.metadata), f"cell {number}"


@each_lesson
def test_lesson_keeps_to_the_rules(lesson):
    notebook = stored(lesson)
    for remark in lesson_rules.remarks(notebook):
        warnings.warn(f"{lesson.name}: {remark}", stacklevel=1)
    assert lesson_rules.problems(notebook, lesson) == []


@each_lesson
def test_lesson_is_quick_and_small_enough(lesson):
    row = lesson_files.measured()[lesson.number]
    assert row["seconds"] <= 60 and row["gigabytes"] <= 2


@each_lesson
def test_what_is_known_of_the_lesson_is_its_header(lesson):
    row = lesson_files.measured()[lesson.number]
    about = lesson_text.header(lesson)
    assert {key: row[key] for key in about} == about
    assert row["name"] == lesson.name
    assert row["exercises"] == build_course.exercises(lesson.number)


@each_lesson
def test_every_exercise_has_its_check_and_its_solution(lesson):
    asked = lesson_rules.CHECK.findall(lesson_rules.everything(stored(lesson)))
    known = import_module(f"coursekit.checks.lesson_{lesson.number}").EXERCISES
    assert asked == list(known)
    assert 3 <= len(known) <= 5
    for number, exercise in known.items():
        desk.find(number)  # raises where the solution lacks an answer
        assert number.partition(".")[0] == lesson.number.lstrip("0") or number[0] == "0"
        assert len(exercise.mistakes) >= 3, f"{number} knows too few mistakes"
        assert exercise.hints, f"{number} has no hint"


def bare(definition):
    """The syntax tree without docstrings: a lesson tells in prose what a package tells there."""
    tree = copy.deepcopy(definition)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def definitions(source):
    return {node.name: node for node in ast.parse(source).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def differing(source, *files):
    """Names that a `shared` cell defines otherwise than the package does, in whichever file."""
    return [name for name, node in definitions(source).items()
            if not any(name in file and bare(node) == bare(file[name]) for file in files)]


@each_lesson
def test_shared_code_is_that_of_the_package(lesson):
    packaged = [definitions(file.read_text(encoding="utf-8"))
                for folder in ("coursekit", "coursekit/models")
                for file in sorted((ROOT / folder).glob("*.py"))]
    for number, cell in lesson_rules.code_cells(stored(lesson)):
        if "shared" in lesson_rules.tags(cell):
            assert differing(cell.source, *packaged) == [], f"cell {number}"


def test_shared_code_may_differ_in_docstrings_only():
    package = definitions('class A:\n    """Long."""\n    def f(self):\n        return 1\n')
    assert differing("class A:\n    def f(self):\n        return 1", package) == []
    assert differing("class A:\n    def f(self):\n        return 2", package) == ["A"]
    assert differing("class B:\n    pass", package) == ["B"]
    other = definitions("class A:\n    pass")  # two files may use one name
    assert differing("class A:\n    pass", package, other) == []


def test_readme_holds_the_table_of_the_lessons():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    between = text.partition(build_course.BEGIN)[2].partition(build_course.END)[0]
    assert between.strip() == build_course.table(lesson_files.measured())
