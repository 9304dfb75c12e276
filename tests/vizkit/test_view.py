"""What all viewers share: arrays on their way, words, files, and styles that stay at home."""

import re
import time

import numpy as np
import pytest
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg

import vizkit as vk
from vizkit import views
from vizkit.arrays import as_array, unwire, wire
from vizkit.view import SCRIPTS

MAKE = {
    "kernels": lambda: vk.kernels(np.arange(54.0).reshape(3, 2, 3, 3)),
    "activations": lambda: vk.maps(np.arange(50.0).reshape(2, 5, 5), np.zeros((5, 5))),
    "boundary": lambda: vk.boundary(lambda X, w: X[:, 0] - w, [[0, 0]], [1], parameters={"w": 0.5}),
    "sketch": lambda: vk.sketch(lambda picture: {"ink": 0.5}),
    "monitor": lambda: vk.monitor("digits"),
    "tokens": lambda: vk.tokens("naïve\n日", lambda text: (range(len(text)), list(text))),
}


def selectors(text):
    """The selectors of a style sheet: what stands before each brace, and before none inside it."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"@(?:media|container)[^{]*\{(.*?)\}\s*\}", r"\1}", text, flags=re.DOTALL)
    return [one.strip() for head in re.findall(r"([^{}]+)\{", text) for one in head.split(",")]


@pytest.mark.parametrize("sheet", sorted(p.stem for p in SCRIPTS.glob("*.css")))
def test_a_viewers_style_is_for_that_viewer_alone(sheet):
    """Several viewers stand on one page, and each has names such as vk-legend of its own."""
    if sheet == "shared":
        return
    found = selectors((SCRIPTS / f"{sheet}.css").read_text(encoding="utf-8"))
    assert found
    foreign = [one for one in found if not re.search(rf"\.vk-{sheet}(?![\w-])", one)]
    assert foreign == []
    script = (SCRIPTS / f"{sheet}.js").read_text(encoding="utf-8")
    assert f'view.root.classList.add("vk-{sheet}")' in script


@pytest.mark.parametrize("name", views.WHERE)
def test_scripts_are_joined_with_all_that_they_import_and_no_name_is_given_twice(name):
    whole = getattr(views, name)._esm
    texts = {file.name: file.read_text(encoding="utf-8") for file in SCRIPTS.glob("*.js")}
    joined = {file: text for file, text in texts.items() if text.splitlines()[0] in whole}
    wanted = {file for text in joined.values() for file in re.findall(r'from "\./([^"]+)"', text)}
    assert len(joined) >= 6 and wanted <= joined.keys()
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", whole, re.MULTILINE)
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", MAKE)
def test_the_caption_is_the_summary_without_the_name_of_the_class(name):
    viewer = MAKE[name]()
    assert f"{type(viewer).__name__}: {viewer.caption}" == repr(viewer)


@pytest.mark.parametrize("name", MAKE)
def test_the_same_viewer_gives_the_same_files_at_any_time(name, tmp_path, monkeypatch):
    viewer = MAKE[name]()
    for ending in ("png", "svg", "pdf"):
        first = viewer.save(tmp_path / f"a.{ending}").read_bytes()
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(time.time()) + 86400))  # tomorrow
        assert viewer.save(tmp_path / f"b.{ending.upper()}").read_bytes() == first
        monkeypatch.delenv("SOURCE_DATE_EPOCH")
    arrays = np.load(viewer.save(tmp_path / "a.NPZ"))
    assert set(arrays) == set(viewer.data)


@pytest.mark.parametrize("name", ["kernels", "activations"])
def test_a_small_picture_is_wide_enough_for_its_title(name):
    viewer = MAKE[name]()
    if name == "kernels":
        viewer = vk.kernels(np.full((3, 3), np.nan), layer="a.layer.with.a.long.name")
    figure = viewer.figure()
    title = figure._suptitle.get_window_extent(FigureCanvasAgg(figure).get_renderer())
    assert title.x0 >= 0 and title.x1 <= figure.bbox.x1


@pytest.mark.parametrize(("value", "said"), [
    (None, "NoneType"), ("abc", "str"), ({"a": 1}, "dict"), (np.array([None, 1]), "object"),
    (np.ones((2, 2), complex), "magnitude"), (torch.ones(2, 2, dtype=torch.complex64), "magnitude"),
])
def test_what_holds_no_numbers_is_refused(value, said):
    with pytest.raises(TypeError, match=said):
        as_array(value)
    with pytest.raises(TypeError, match=said):
        vk.kernels(value)


def test_rows_of_several_lengths_are_refused():
    with pytest.raises(ValueError, match="several lengths"):
        vk.maps([[[1, 2]], [[1]]])


def test_large_integers_keep_their_size_on_their_way():
    assert unwire(wire(np.array([2**40, -1]))).tolist() == [2**40, -1]
    assert wire(np.array([1, 2]))["dtype"] == "int32"
    assert wire(np.ones(2, np.longdouble))["dtype"] == "float32"


def test_none_in_an_arrays_place_is_refused_and_changes_nothing():
    viewer = MAKE["kernels"]()
    with pytest.raises(ValueError, match="nothing; expected"):
        viewer.kernels = None
    assert viewer.kernels.shape == (3, 2, 3, 3) and viewer.png()


def test_the_picture_is_drawn_before_anything_is_shown(monkeypatch):
    """Else a warning would stand between the picture and the mark that lets the script hide it."""
    viewer, order = MAKE["kernels"](), []
    drawn = viewer.picture()
    monkeypatch.setattr(type(viewer), "picture", lambda self: order.append("drawn") or drawn)
    monkeypatch.setattr("IPython.display.display",
                        lambda data, **options: order.append(sorted(data)[0]))
    viewer._ipython_display_()
    assert order == ["drawn", "text/html", "text/html", "application/vnd.jupyter.widget-view+json"]
