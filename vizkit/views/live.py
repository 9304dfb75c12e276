"""LiveViewer: hold something up to a network and see what lights up. It asks plain functions."""

import threading

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, script, stylesheet
from vizkit.views.levels import checked, quantised, small, thumbnails
from vizkit.views.live_picture import draw
from vizkit.views.live_words import describe, held

SOURCES = ("photo", "upload", "draw", "pattern", "camera")
START = {"kind": "grating", "angle": 0, "frequency": 6, "phase": 0, "contrast": 1.0,
         "colours": ["#ffffff", "#000000"]}  # fmt: skip
STEP = 5  # degrees between two angles of the curve


class LiveViewer(View):
    """What is held up to a network (photograph, file, drawing, pattern, camera), what it sees,
    its maps, one unit's response, and the likeliest classes.

    look: function of (image (h, w, 3) uint8, name of a layer) that returns a dict: `maps`
    (channel, y, x), `seen`, bytes (y, x) or (y, x, 3) or None, `names` and `shares` of classes.
    names: the layers to choose from. respond: function of (images (n, h, w, 3), name) that
    returns the largest value of each map, (n, channel): for the curve over the angles.
    pattern: function of the settings and a side that returns an image. opened: function of a
    file's bytes and name that returns an image, or raises ValueError in words.
    photos: images to choose from. side: of the frames and drawings that are sent, in pixels.

    A unit's response is the largest value in its map. `settings`, `source`, `photo`, `layer`,
    `selected` and `threshold` can be set; `hold` shows an image or turns the pattern.

    >>> def look(image, name):
    ...     maps = image.transpose(2, 0, 1) / 255
    ...     return {"maps": maps, "seen": image, "names": [], "shares": []}
    >>> LiveViewer(look, ["colours"], photos=[np.zeros((8, 8, 3), np.uint8)])
    LiveViewer: a photograph, 3 maps of 8×8, layer colours
    """

    _esm = script("courier", "messages", "paper", "maps", "levels", "pattern", "upload", "camera",
                  "response", "beside", "live")  # fmt: skip
    _css = stylesheet("live")

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    layer = traitlets.Unicode().tag(sync=True)  # both write: the layer that is wanted
    shown = traitlets.Unicode().tag(sync=True)  # Python writes: the layer whose maps are here
    titles = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    sources = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    source = traitlets.Unicode().tag(sync=True)  # both write
    thumbs = Array()  # Python writes: the photographs to choose from, (n, 48, 48, 3)
    photo = traitlets.Int(0).tag(sync=True)  # both write: which of them
    settings = traitlets.Dict().tag(sync=True)  # Python writes: of the pattern
    side = traitlets.Int(64).tag(sync=True)  # Python writes
    given = Array()  # Python writes: what was held up, (y, x, 3)
    seen = Array()  # Python writes: what the network saw of it
    levels = Array()  # Python writes: the maps in whole levels, see `quantised`
    limits = Array()  # Python writes: the largest magnitude of each map
    responses = Array()  # Python writes: the largest value of each map
    classes = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: the likeliest
    shares = Array()  # Python writes
    angles = Array()  # Python writes: of the curve, degrees
    turned = Array()  # Python writes: responses (angle, channel); None when they are out of date
    selected = traitlets.Int(-1).tag(sync=True)  # both write
    leading = traitlets.Int(0).tag(sync=True)  # Python writes: shown large while none is selected
    threshold = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)  # both write
    mirror = traitlets.Bool(True).tag(sync=True)  # both write: the camera as in a mirror

    def __init__(self, look, names, layer=None, respond=None, pattern=None, opened=None, photos=(),
                 source=None, **traits):
        self._look, self._respond, self._pattern, self._opened = look, respond, pattern, opened
        self._photos = [np.asarray(photo) for photo in photos]
        there = {"photo": self._photos, "upload": opened, "pattern": pattern}
        sources = [name for name in SOURCES if there.get(name, True)]
        source = source or sources[0]
        if source not in sources:
            raise ValueError(f"no source {source!r} here; there are {', '.join(sources)}"
                             + ("; give an image" if source == "photo" else ""))
        self.held = {}  # source: the image last held up from there
        self._maps = None  # floats, of the layer shown
        # JupyterLab's messages come in a thread of their own while a cell runs.
        self._one_at_a_time = threading.RLock()
        layer = layer or names[0]
        super().__init__(names=list(names), layer=layer, shown=layer, sources=sources,
                         source=source, settings=dict(START), thumbs=thumbnails(self._photos),
                         **traits)
        self.on_msg(self._said)
        self._see(self._image())
        self._turn()
        self._lead()
        self.retell()

    def retell(self):
        if self._maps is not None:  # not before the first look
            super().retell()

    def hold(self, image=None, **settings):
        """Hold up an image (h, w, 3), uint8; or the pattern, with these of its settings changed:
        kind, angle, frequency, phase, contrast, colours.
        """
        if image is None:
            wrong = sorted(set(settings) - set(START))
            if wrong:
                raise ValueError(f"a pattern has no {wrong[0]}; it has {', '.join(START)}")
            settings = self.settings | settings
            self._pattern(**settings, side=2)  # refuses what cannot be drawn
            self.settings, self.source = settings, "pattern"
            self._show()
            return
        image = np.asarray(image)
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            raise ValueError(f"{image.dtype} of shape {image.shape}; expected (h, w, 3) of uint8")
        self.held["upload"] = image
        self.source = "upload"
        self._show()

    def _image(self):
        """What is held up now from the source; an empty one where nothing is yet."""
        if self.source == "pattern":
            return self._pattern(**self.settings, side=self.side)
        if self.source == "photo":
            return self._photos[self.photo]
        empty = 255 if self.source == "draw" else 128  # paper is white
        return self.held.get(self.source, np.full((self.side, self.side, 3), empty, np.uint8))

    def _see(self, image):
        """Look at an image and show what came of it."""
        layer = self.layer
        answer = self._look(image, layer)
        self._maps = maps = checked(answer["maps"], layer)
        levels, limits = quantised(maps)
        finite = np.where(np.isfinite(maps), maps, -np.inf)
        with self.hold_sync():
            self.given, self.seen = small(image), answer["seen"]
            self.levels, self.limits = levels, limits
            self.responses = finite.max(axis=(1, 2)).astype(np.float32)
            self.classes = [str(name) for name in answer["names"]]
            self.shares = np.asarray(answer["shares"], np.float32)
            self.shown = layer

    def _show(self):
        """Show the source as it is now, with its curve, and say it anew."""
        with self._one_at_a_time, self.reporting():
            self._see(self._image())
            self._turn()
            self.retell()

    def _turn(self):
        """The curve: what each unit gives for the pattern at each angle."""
        if self._respond is None or self.source != "pattern":
            self.turned = None
            return
        end = 360 if self.settings["kind"] == "edge" else 180  # all others repeat after a half turn
        angles = np.arange(0, end + 1, STEP)
        turned = [self._pattern(**(self.settings | {"angle": a}), side=self.side) for a in angles]
        with self.hold_sync():
            self.angles = angles.astype(np.float32)
            self.turned = self._respond(np.stack(turned), self.shown)

    def _lead(self):
        """Show the unit large that tells the angles apart best, or that answers most."""
        curve = self.responses[None] if self.turned is None else self.turned
        worth = np.ptp(curve, axis=0) if len(curve) > 1 else curve[0]
        self.leading = int(np.argmax(np.nan_to_num(worth, neginf=0)))

    @traitlets.validate("layer", "source")
    def _check_name(self, proposal):
        trait, value = proposal["trait"].name, proposal["value"]
        there = self.names if trait == "layer" else self.sources
        if value not in there:
            raise ValueError(f"no {trait} {value!r} here; there are {', '.join(there)}")
        return value

    @traitlets.validate("photo")
    def _check_photo(self, proposal):
        return min(max(0, proposal["value"]), max(0, len(self._photos) - 1))

    @traitlets.observe("layer")
    def _layer_chosen(self, change):
        if self.layer == self.shown:
            return
        self._show()
        if self.layer != self.shown:  # after an error, back to what is there
            said, self.layer = self.problem, self.shown
            self.problem = said
        else:
            self._lead()

    @traitlets.observe("source", "photo")
    def _source_chosen(self, change):
        if self.caption:  # not while the viewer is being made
            self._show()

    def _said(self, _, content, buffers):
        kind, number = content.get("kind"), content.get("number")
        with self._one_at_a_time, self.reporting():
            if kind == "frame":  # of the camera, or a drawing
                side = self.side
                image = np.frombuffer(buffers[0], np.uint8).reshape(side, side, 3)
                self.held[content["source"]] = image
                self._see(image)
            elif kind == "file":
                self.held["upload"] = self._opened(bytes(buffers[0]), content["name"])
                self._see(self._image())
            elif kind == "pattern":
                changed = {k for k in START if self.settings[k] != content["settings"][k]}
                self.settings = content["settings"]
                with self.hold_sync():
                    self._see(self._image())
                    if changed - {"angle"}:
                        self.turned = None
            elif kind == "rest":
                self._turn() if self.turned is None else None
                self.retell()
        if number is not None:
            self.send({"kind": "seen", "number": number})

    @property
    def unit(self):
        """The number of the map that is shown large."""
        return self.selected if 0 <= self.selected < len(self._maps) else self.leading

    def title(self, number):
        return self.titles[number] if number < len(self.titles) else f"{self.shown}[{number}]"

    @property
    def data(self):
        arrays = {"image": self.given, "maps": self._maps, "responses": self.responses,
                  "shares": self.shares}  # fmt: skip
        if self.seen is not None:
            arrays["seen"] = self.seen
        return arrays if self.turned is None else {
            **arrays, "angles": self.angles, "turned": self.turned}

    def summary(self):
        count, height, width = self._maps.shape
        among = f" ({self.names.index(self.shown) + 1} of {len(self.names)})"
        return (f"LiveViewer: {held(self)}, {count} map{'s' * (count != 1)} of {height}×{width}, "
                f"layer {self.shown}{among if len(self.names) > 1 else ''}"
                f"{style.broken(self._maps)}")

    def describe(self):
        return describe(self)

    def figure(self):
        return draw(self)
