"""What EmbeddingViewer is asked about points: neighbours, a path, trust, larger pictures.

The answers come from plain functions that it was given. Not where the points stand (embedding.py).
"""

import numpy as np
import traitlets

from vizkit.view import Array, View
from vizkit.views.thumbnails import MOST_ASKED, closeups

STEPS = 8  # parts that the line between two points is cut into
COLOURINGS = ("label", "trust")


class Questions(View):
    """The points asked about, as traits, and the answers, which Python writes.

    neighbours: (point, k) → (points, distances). ranks: (point, points) → how far down its list of
    neighbours each stands, 1 the nearest. walk: (a, b, steps) → (points, distances) along the line
    between two. kept: (positions, k) → for each point the share of its k nearest in the picture
    that are so in truth. Each may be None: then that question has no answer.
    """

    chosen = traitlets.Int(-1).tag(sync=True)  # both write: the point whose neighbours are shown
    count = traitlets.Int(10).tag(sync=True)  # both write: how many neighbours
    near = Array()  # Python writes: (k,) int32, the chosen point's neighbours
    distances = Array()  # Python writes: (k,) float32
    drawn = Array()  # Python writes: (k,) int32, the points nearest to it in the picture
    ranks = Array()  # Python writes: (k,) int32, as which neighbour each of those stands in truth
    ends = traitlets.List(traitlets.Int()).tag(sync=True)  # both write: [] or the path's two ends
    route = Array()  # Python writes: (steps + 1,) int32, the points along it, both ends included
    aside = Array()  # Python writes: (steps + 1,) float32, how far each is from the line
    colouring = traitlets.Enum(COLOURINGS, "label").tag(sync=True)  # both write
    trust = Array()  # Python writes: (n,) float32, 0 to 1, NaN without a place
    asked = Array()  # the script writes: points whose pictures it wants larger, uint32
    large = Array()  # Python writes: those pictures
    large_of = Array()  # Python writes: whose they are
    closer = traitlets.Bool(False).tag(sync=True)  # Python writes: there are larger pictures
    note = traitlets.Unicode().tag(sync=True)  # Python writes: what it is doing

    def answer_with(self, neighbours, ranks, walk, kept):
        """Take the functions that answer."""
        self._neighbours, self._ranks, self._walk, self._kept = neighbours, ranks, walk, kept
        self._trusts = {}

    def placed(self, point):
        """The point. Raises ValueError where there is none of that number, or it has no place."""
        if not 0 <= point < len(self.positions):
            raise ValueError(f"point {point}: there are {len(self.positions):,}, numbered from 0")
        if not np.isfinite(self.positions[point]).all():
            raise ValueError(f"point {point} holds NaN or infinity: it has no neighbours")
        return point

    def neighbours_of(self, point, k=10):
        """(indices, distances) of the k vectors nearest to a point, in the original space."""
        if point < 0 or self._neighbours is None:
            return None, None
        indices, distances = self._neighbours(self.placed(point), k)
        return np.asarray(indices, np.int32), np.asarray(distances, np.float32)

    def drawn_near(self, point, k=10):
        """(points, ranks): the k nearest in the picture, and as which neighbour each stands in
        truth: 1 the nearest. A rank above k says that the picture lies about it.
        """
        if point < 0 or self._ranks is None:
            return None, None
        distance = ((self.positions - self.positions[self.placed(point)]) ** 2).sum(1)
        distance[~np.isfinite(distance)] = np.inf
        distance[point] = np.inf
        order = np.argsort(distance, kind="stable")[:k]
        order = order[np.isfinite(distance[order])]
        ranks = self._ranks(point, order) if len(order) else []
        return np.asarray(order, np.int32), np.asarray(ranks, np.int32)

    @traitlets.observe("chosen", "count")
    def _chosen_changed(self, change):
        if not self.caption:  # while the viewer is being made
            return
        near = distances = drawn = ranks = None
        with self.reporting():
            near, distances = self.neighbours_of(self.chosen, self.count)
            drawn, ranks = self.drawn_near(self.chosen, self.count)
        with self.hold_sync():
            self.near, self.distances, self.drawn, self.ranks = near, distances, drawn, ranks
        self.retell()
        self.refresh()

    @traitlets.observe("ends")
    def _ends_changed(self, change):
        if not self.caption:
            return
        route = aside = None
        with self.reporting():
            if self.ends:
                route, aside = self.path(*self.ends)
        with self.hold_sync():
            self.route, self.aside = route, aside
        self.retell()
        self.refresh()

    def path(self, start, end, steps=STEPS):
        """(points, distances): walk the straight line between two vectors in the original space.

        At each of the places on the way stands the nearest point that is neither end, with its
        distance from the line.
        """
        if self._walk is None:
            raise ValueError("this viewer was not told how to walk between points")
        points, aside = self._walk(self.placed(start), self.placed(end), steps)
        return np.asarray(points, np.int32), np.asarray(aside, np.float32)

    @traitlets.observe("colouring")
    def _colouring_changed(self, change):
        if not self.caption:
            return
        with self.reporting():
            self.recolour()
        if self.problem:
            problem, self.colouring = self.problem, "label"
            self.problem = problem
        self.retell()
        self.refresh()

    def recolour(self):
        """Work out the trust of every point in the layout of now, where it is asked for."""
        if self.colouring == "label":
            return
        if self._kept is None:
            raise ValueError("this viewer was not told how to measure trust")
        if self.layout_name not in self._trusts:
            self.note = "comparing each point's neighbours in the picture with the true ones …"
            try:
                self._trusts[self.layout_name] = self._kept(self.positions, 10)
            finally:
                self.note = ""
        self.trust = self._trusts[self.layout_name]

    @traitlets.observe("asked")
    def _asked(self, change):
        if self.asked is None or self.images is None:
            return
        with self.reporting():
            points = self.asked[self.asked < len(self.images)][:MOST_ASKED]
            with self.hold_sync():
                self.large, self.large_of = closeups(self.images[points]), points
