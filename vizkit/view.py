"""View: one set of arrays, drawn twice, as a matplotlib figure and as a live widget.

A viewer is one class here and one script in `views/js`. It is given arrays (at most a plain
function that returns arrays), never a model. Python owns the state, the script draws it.
"""

import contextlib
import pathlib
import re

import anywidget
import traitlets

from vizkit.arrays import as_array, unwire, wire
from vizkit.showing import bundle, png, save

SCRIPTS = pathlib.Path(__file__).parent / "views" / "js"
SHARED = ("values", "page", "keys", "frame", "grid")  # scripts that every viewer's begins with
IMPORT = re.compile(r'^import [^;]*? from "\./[\w.]+";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) )", re.MULTILINE)

# In a notebook that is reopened without a kernel, JupyterLab writes "Loading widget" or "model
# not found" where the widget was. The picture above says all there is to say, so that empty panel
# is not shown.
QUIET = (
    '<style class="vk-picture-follows">'
    ".jp-OutputArea-output.lm-Panel:not(:has(> *)){display:none}</style>"
)


def script(*names):
    """One ES module for the browser: the shared scripts and then the named ones, joined.

    The scripts import from each other so that node can test them alone; joined, those lines
    and all `export` but the last (`export default`) are dropped. What they have at top level is
    then in one scope: no two of them may give a name twice.

    >>> script("kernels").count("export default")
    1
    """
    parts = [(SCRIPTS / f"{name}.js").read_text(encoding="utf-8") for name in (*SHARED, *names)]
    return "\n".join(EXPORT.sub("", IMPORT.sub("", part)) for part in parts)


def stylesheet(*names):
    """shared.css and the named style sheets, joined."""
    return "\n".join(
        (SCRIPTS / f"{name}.css").read_text(encoding="utf-8") for name in ("shared", *names)
    )


class Array(traitlets.TraitType):
    """A trait that holds a numpy array; it travels as bytes with a shape, both ways."""

    info_text = "a numpy array (or None)"
    default_value = None  # not traitlets' allow_none, under which None would skip the validators

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.tag(sync=True, to_json=lambda value, _: wire(value),
                 from_json=lambda value, _: unwire(value))

    def validate(self, obj, value):
        return None if value is None else as_array(value)


class View(anywidget.AnyWidget):
    """What every viewer is: `data`, `figure()`, `save()`, a picture in words, a live widget.

    A viewer defines `data`, `figure`, `summary` and `describe`, its traits, and
    `_esm = script("name")`.
    """

    _css = stylesheet()
    caption = traitlets.Unicode().tag(sync=True)  # Python writes: the summary, above the viewer
    alt = traitlets.Unicode().tag(sync=True)  # Python writes: the description, for screen readers
    problem = traitlets.Unicode().tag(sync=True)  # Python writes: what went wrong in a callback

    def __init__(self, **traits):
        unknown = [name for name in traits if not self.has_trait(name)]
        if unknown:  # traitlets would only warn
            raise TypeError(f"{type(self).__name__} has no {unknown[0]!r} to set")
        super().__init__(**traits)
        self._shown = []  # the pictures in notebooks, to be drawn anew by refresh()
        self.retell()

    def retell(self):
        """Say anew what is shown; a viewer calls this when its arrays have changed."""
        with self.hold_sync():
            self.caption = self.summary().removeprefix(f"{type(self).__name__}: ")
            self.alt = self.describe()

    @contextlib.contextmanager
    def reporting(self):
        """Around what a callback does: an error is shown in the status line, not printed."""
        try:
            yield
            self.problem = ""
        except Exception as error:  # noqa: BLE001 - whatever it is, the viewer says it
            self.problem = f"{type(error).__name__}: {error}"

    @property
    def data(self):
        """The arrays that are drawn: a dict of numpy arrays by name."""
        raise TypeError(f"{type(self).__name__} does not say which arrays it draws")

    def figure(self):
        """The same arrays as a matplotlib Figure."""
        raise TypeError(f"{type(self).__name__} does not draw a figure")

    def summary(self):
        """What is shown, in one line."""
        return type(self).__name__

    def describe(self):
        """What is to be seen, in words: the picture's alternative text."""
        return self.summary()

    def save(self, path):
        """Write the picture (.png, .svg, .pdf) or its arrays (.npz); returns the path.

        Raises ValueError for another ending.
        """
        return save(path, self.figure, self.data, self.summary())

    def png(self):
        """The picture's bytes, as stored in a notebook beside the live widget."""
        return png(self.figure())

    def __repr__(self):
        return self.summary()

    def picture(self):
        """The picture as a notebook stores it, with its words."""
        return bundle(self.png(), self.describe(), repr(self))

    def refresh(self):
        """Draw the pictures that notebooks already show and store anew, from the arrays of now."""
        if self._shown:
            picture = self.picture()
            for handle in filter(None, self._shown):
                handle.update(picture, raw=True)

    def _ipython_display_(self):
        from IPython.display import display  # only where there is a notebook to show it in

        picture = self.picture()  # before all else: what it warns of must not come between
        display({"text/html": QUIET}, raw=True)
        self._shown.append(display(picture, raw=True, display_id=True))
        display(self._repr_mimebundle_()[0], raw=True)

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {kind: value for kind, value in data.items() if "widget" in kind}, metadata
