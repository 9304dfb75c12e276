"""One list of packages, said in three files that must agree; and vizkit needs little of it."""

import ast
import importlib.metadata as metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from coursekit import packages

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
NOT_VIZKITS = {"jupyterlab", "notebook", "scikit-learn", "scikit-image", "tiktoken", "torchvision",
               "pooch", "safetensors"}
# What is imported under another name than it is installed by, or comes with a listed package.
COMES_FROM = {"PIL": "pillow", "sklearn": "scikit-learn", "skimage": "scikit-image",
              "jscatter": "jupyter-scatter", "faiss": "faiss-cpu", "lucent": "torch-lucent",
              "IPython": "ipywidgets", "jupyter_client": "nbclient", "traitlets": "traitlets",
              "ipykernel": "jupyterlab", "yaml": "jupyterlab", "tomli": "pytest",
              "packaging": "pytest", "requests": "pooch", "pandas": "jupyter-scatter",
              "scipy": "scikit-learn", "regex": "tiktoken"}


def flat(extra):
    """Requirements of an extra with those of the extras it holds."""
    found = {}
    for line in EXTRAS[extra]:
        wanted = Requirement(line)
        if wanted.name == PROJECT["name"]:
            for inner in wanted.extras:
                found |= flat(inner)
        else:
            found[wanted.name] = wanted
    return found


def pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {pin.name: pin for pin in map(Requirement, filter(None, (
        line.split("#")[0].strip() for line in lines)))}


@pytest.mark.parametrize("extra", EXTRAS)
def test_the_doctors_list_is_that_of_pyproject(extra):
    assert packages.requirements(extra) == {
        name: str(wanted.specifier).removeprefix(">=") for name, wanted in flat(extra).items()}


def test_every_package_is_pinned_and_every_pin_is_allowed_and_needed():
    wanted, pinned = flat("bench"), pins()
    assert pinned.keys() == wanted.keys()
    for name, pin in pinned.items():
        (version,) = pin.specifier
        assert version.operator == "==" and version.version in wanted[name].specifier


def test_conda_makes_the_same_environment():
    described = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert described["name"] == PROJECT["name"]
    python, pip, by_pip = described["dependencies"]
    assert pip == "pip"
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert Version(python.removeprefix("python=")) >= Version(oldest)
    assert by_pip == {"pip": ["-c constraints.txt", "-e .[course]"]}
    assert "course" in EXTRAS


def test_start_and_the_doctor_ask_for_the_python_that_pyproject_asks_for():
    for file in ("start.py", "coursekit/doctor.py"):
        oldest = re.search(r"^OLDEST = \((\d+), (\d+)\)", (ROOT / file).read_text(), re.MULTILINE)
        assert PROJECT["requires-python"] == f">={oldest[1]}.{oldest[2]}"


def test_the_citation_is_of_this_version_and_licence():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == PROJECT["version"]
    assert cited["license"] == PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    assert "CC BY 4.0" in (ROOT / "LICENSE-TEXT").read_text()


def test_viz_alone_brings_neither_jupyterlab_nor_the_courses_packages():
    brought, queue = set(), list(flat("viz"))
    while queue:
        name = canonicalize_name(queue.pop())
        if name in brought:
            continue
        brought.add(name)
        try:
            lines = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # only needed elsewhere
        needed = map(Requirement, lines)
        queue += [one.name for one in needed
                  if not one.marker or one.marker.evaluate({"extra": ""})]
    assert {"torch", "anywidget", "jupyterlab-widgets"} <= brought
    assert not brought & NOT_VIZKITS


def test_every_module_of_vizkit_loads_without_the_courses_packages():
    modules = [".".join(file.relative_to(ROOT).with_suffix("").parts)
               for file in sorted((ROOT / "vizkit").rglob("*.py"))]
    absent = ["jupyterlab", "sklearn", "skimage", "tiktoken", "torchvision", "pooch",
              "safetensors", "coursekit"]
    code = (f"import sys\nfor name in {absent}: sys.modules[name] = None\n"
            f"import importlib\nfor name in {modules}: "
            "importlib.import_module(name.removesuffix('.__init__'))")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def imports(folder):
    """Top-level names that the files of a folder must be able to import, with a file that does."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        optional = {node for attempt in ast.walk(tree) if isinstance(attempt, ast.Try)
                    and any("ImportError" in ast.dump(handler) for handler in attempt.handlers)
                    for line in attempt.body for node in ast.walk(line)}
        for node in ast.walk(tree):
            if node in optional:
                continue
            if isinstance(node, ast.Import):
                yield from ((alias.name.split(".")[0], file) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.split(".")[0], file


OURS = {"coursekit", "vizkit", "tools", "course", "train", "bench", "tests"}


@pytest.mark.parametrize(("folder", "extra"), [
    ("vizkit", "viz"), ("coursekit", "course"), ("course", "dev"), ("train", "course"),
    ("tools", "dev"), ("tests", "dev"), ("bench", "bench")])
def test_what_is_imported_is_listed(folder, extra):
    listed = {canonicalize_name(name) for name in flat(extra)}
    beside = {file.stem for file in (ROOT / folder).rglob("*.py")}
    for name, file in imports(folder):
        if name in sys.stdlib_module_names or name in OURS | beside:
            continue
        needed = canonicalize_name(COMES_FROM.get(name, name))
        assert needed in listed, f"{file.relative_to(ROOT)} imports {name}: not in {extra!r}"
