"""The arrows between the parts, read from the import statements. Nothing is imported here."""

import ast
import warnings
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("coursekit", "vizkit", "tools", "train", "bench", "course")
SIZES = range(50, 251)  # lines that read top to bottom; outside of it is worth a look, no failure


def module_of(file):
    words = list(file.relative_to(ROOT).with_suffix("").parts)
    return ".".join(words[:-1] if words[-1] == "__init__" else words)


MODULES = {module_of(file): file for part in PARTS for file in sorted((ROOT / part).rglob("*.py"))}


def imported(tree, module, is_package=False):
    """Our modules that a syntax tree imports, also inside functions, also relatively or by name."""
    home = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = home[:len(home) - node.level + 1] if node.level else []
            whole = ".".join([*base, *filter(None, [node.module])])
            names = [f"{whole}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [node.value] if node.value in MODULES else []  # import_module("coursekit.data")
        else:
            continue
        for name in names:
            yield from [name] if name in MODULES else [name.rpartition(".")[0]]


def arrows():
    """Pairs of our modules: one imports the other."""
    found = set()
    for module, file in MODULES.items():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for name in imported(tree, module, file.name == "__init__.py"):
            if name.split(".")[0] in PARTS and name != module:
                found.add((module, name))
    return found


ARROWS = arrows()


def broken(start, ends):
    """Arrows from a part to what it must not know."""
    return [f"{a} → {b}" for a, b in sorted(ARROWS) if inside(a, start)
            and any(inside(b, end) for end in ends)]


def inside(module, part):
    return module == part or module.startswith(part + ".")


def test_the_reader_of_imports_sees_every_kind():
    tree = ast.parse("import vizkit.view\nfrom . import cache\nfrom ..vizkit import style\n"
                     "def later():\n    from coursekit.data import mnist\n"
                     "import_module('coursekit.fetch')\nimport numpy")
    assert {"vizkit.view", "coursekit.cache", "coursekit.data.mnist", "coursekit.fetch"} <= set(
        imported(tree, "coursekit.doctor"))
    assert ("coursekit.doctor", "coursekit.packages") in ARROWS
    assert ("coursekit.doctor", "coursekit.data") in ARROWS  # by import_module


def test_coursekit_and_vizkit_never_import_each_other():
    assert not broken("coursekit", ["vizkit"])
    assert not broken("vizkit", ["coursekit"])


def test_nothing_imports_the_course_or_what_makes_it():
    for part in ("coursekit", "vizkit"):
        assert not broken(part, ["course", "train", "bench", "tools"])
    for part in ("tools", "train"):
        assert not broken(part, ["course", "bench", "train" if part == "tools" else "tools"])


def test_views_get_arrays_and_never_a_net():
    allowed = {"vizkit", "vizkit.view", "vizkit.style"}
    wrong = [f"{a} → {b}" for a, b in sorted(ARROWS) if inside(a, "vizkit.views")
             and b not in allowed and not inside(b, "vizkit.views")]
    assert not wrong


def test_views_are_not_known_below_them():
    for module in ("vizkit.view", "vizkit.style"):
        assert not broken(module, ["vizkit.views", "vizkit.net", "vizkit.unit"])


def test_models_never_import_models():
    """Only `store`, which lists them, may; `preprocess` and the like are no models."""
    models = {f"coursekit.models.{name}" for name in (
        "neuron", "perceptron", "autograd", "mlp", "lenet", "alexnet", "seq2seq", "pixelcnn",
        "wavenet", "gpt", "bpe", "word_vectors", "sae")}
    assert not [f"{a} → {b}" for a, b in sorted(ARROWS) if a in models and b in models]


def test_models_know_no_data_no_training_and_no_check():
    assert not broken("coursekit.models", ["coursekit.data", "coursekit.training",
                                           "coursekit.checks", "coursekit.fetch"])
    assert not broken("coursekit.training", ["coursekit.models", "coursekit.data"])


def test_there_are_no_circles():
    """Of modules that import each other when they are loaded, over any number of steps."""
    steps = {module: set() for module in MODULES}
    for module, file in MODULES.items():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        top = ast.Module([node for node in tree.body if isinstance(node, (ast.Import,
                                                                          ast.ImportFrom))], [])
        steps[module] = {name for name in imported(top, module, file.name == "__init__.py")
                         if name in MODULES and not inside(module, name)}

    def reach(start):
        seen, queue = set(), [start]
        while queue:
            new = steps[queue.pop()] - seen
            seen |= new
            queue += new
        return seen

    assert not [module for module in MODULES if module in reach(module)]


def test_no_file_is_called_utils():
    assert not [file for file in MODULES.values() if file.stem in ("utils", "util", "helpers")]


def test_all_that_is_not_python_goes_into_the_package():
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    patterns = ast.literal_eval(pyproject.split('"*" = ', 1)[1].splitlines()[0])
    files = [file for part in ("coursekit", "vizkit") for file in (ROOT / part).rglob("*")
             if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".py"]
    assert any(file.suffix == ".js" for file in files)
    left_out = [file for file in files
                if not any(PurePosixPath(file.name).match(pattern) for pattern in patterns)]
    assert not left_out


@pytest.mark.parametrize("part", ["coursekit", "vizkit", "tools"])
def test_files_are_long_enough_to_hold_an_idea_and_short_enough_to_read(part):
    lengths = {module: len(file.read_text(encoding="utf-8").splitlines())
               for module, file in MODULES.items()
               if inside(module, part) and file.name != "__init__.py"}
    assert lengths
    for module, length in lengths.items():
        if length >= SIZES.stop:
            warnings.warn(f"{module} has {length} lines", stacklevel=1)
