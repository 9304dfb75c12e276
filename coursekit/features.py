"""Features invented by hand: slopes, cells of directions, key points, visual words.

Images are grey, (height, width), of floats. Places are (row, column). Learned features are not
here: they are what models/ holds.
"""

import numpy as np
from scipy import ndimage
from skimage.feature import SIFT
from skimage.transform import AffineTransform, warp
from sklearn.cluster import KMeans

SOBEL = np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0])  # smooth downwards, difference sideways


def slope_maps(image):
    """Sobel's two slopes of an image: gx to the right, gy downwards, as large as the image."""
    image = np.asarray(image, float)
    return ndimage.correlate(image, SOBEL), ndimage.correlate(image, SOBEL.T)


def slopes(gx, gy):
    """Strength and angle of each pixel's slope; the angle in degrees, 0 up to 180.

    An edge from dark to bright and its reverse have the same angle.

    >>> slopes(np.array([3.0, -1.0]), np.array([4.0, -1.0]))[0].round(2).tolist()
    [5.0, 1.41]
    >>> slopes(np.array([3.0, -1.0]), np.array([0.0, -1.0]))[1].tolist()
    [0.0, 45.0]
    """
    angle = np.rad2deg(np.arctan2(gy, gx)) % 180
    return np.hypot(gx, gy), np.where(angle == 180, 0.0, angle)  # -1e-17 % 180 rounds to 180


def cells(image, side, bins=9):
    """Histograms of directions, (rows of cells, columns, bins), each pixel counted by its strength.

    A slope is the right neighbour minus the left one; 0 at the border, as scikit-image has it.
    side: of a cell, in pixels; rows and columns left over at the end are dropped.
    Source: Dalal & Triggs 2005, but without sharing a vote among neighbouring bins and cells.

    >>> cells(np.tile([0.0, 0, 0, 6, 6, 6], (6, 1)), 6)[0, 0].round(1).tolist()
    [72.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    image = np.asarray(image, float)
    gx, gy = np.zeros_like(image), np.zeros_like(image)
    gx[:, 1:-1] = image[:, 2:] - image[:, :-2]
    gy[1:-1] = image[2:] - image[:-2]
    strength, angle = slopes(gx, gy)
    rows, columns = image.shape[0] // side, image.shape[1] // side
    out = np.zeros((rows, columns, bins))
    bin_of = np.minimum(angle * bins / 180, bins - 1).astype(int)
    for row in range(rows):
        for column in range(columns):
            inside = np.s_[row * side : (row + 1) * side, column * side : (column + 1) * side]
            out[row, column] = np.bincount(
                bin_of[inside].ravel(), strength[inside].ravel(), minlength=bins
            )
    return out


def key_points(image):
    """SIFT's key points: places (n, 2), whole pixels, and descriptors (n, 128); n may be 0.

    The image is not doubled first, as Lowe does: a quarter of the time, fewer points.

    >>> key_points(np.zeros((32, 32)))[1].shape
    (0, 128)
    """
    sift = SIFT(upsampling=1)
    try:
        sift.detect_and_extract(np.asarray(image, float))
    except RuntimeError:  # scikit-image's way to say that it found none
        return np.zeros((0, 2), int), np.zeros((0, 128), np.float32)
    return sift.keypoints, sift.descriptors.astype(np.float32)


def two_nearest(descriptors, others):
    """For each descriptor its two nearest among the others: indices (n, 2), distances (n, 2).

    >>> two_nearest(np.array([[0.0]]), np.array([[5.0], [1.0], [-2.0]]))[0].tolist()
    [[1, 2]]
    """
    squared = (descriptors**2).sum(1)[:, None] + (others**2).sum(1) - 2 * descriptors @ others.T
    near = np.argpartition(squared, 1, axis=1)[:, :2]  # the least two, in their order
    return near, np.sqrt(np.maximum(np.take_along_axis(squared, near, axis=1), 0))


def another_view(image, rng, noise=0.02):
    """The photograph as a tilted, turned, scaled, noisy copy, and where its places came from.

    Tilted by 30° (narrower by cos 30°), turned by any angle, scaled by 0.7 to 1.4, noise of 2%
    of the range. Returns (copy, back): back(places in the copy) → places in the image, NaN for
    those that come from within 8 pixels of the border or outside.
    Source: the views that Lowe 2004 measured the ratio test on, section 7.1.
    """
    middle = np.array(image.shape[::-1]) / 2
    way = (
        AffineTransform(translation=-middle)
        + AffineTransform(rotation=rng.uniform(0, 2 * np.pi))
        + AffineTransform(scale=(np.cos(np.pi / 6), 1))
        + AffineTransform(scale=2 ** rng.uniform(-0.5, 0.5))
        + AffineTransform(translation=middle)
    )
    copy = warp(image, way.inverse, order=1, mode="constant", cval=0.5)

    def back(places):
        source = way.inverse(places[:, ::-1])[:, ::-1]
        inside = ((source > 8) & (source < np.array(image.shape) - 8)).all(1)
        return np.where(inside[:, None], source, np.nan)

    return copy + rng.normal(0, noise, image.shape), back


def vocabulary(descriptors, count, seed=0):
    """`count` visual words: the means that k-means finds among descriptors, (count, 128)."""
    return KMeans(count, n_init=1, max_iter=50, random_state=seed).fit(descriptors).cluster_centers_


def bag(descriptors, words):
    """How often each word is the nearest to a descriptor, as shares that add up to 1.

    No descriptors: all shares are 0.

    >>> bag(np.array([[0.0], [1.0], [9.0]]), np.array([[0.0], [10.0]])).round(2).tolist()
    [0.67, 0.33]
    """
    if len(descriptors) == 0:
        return np.zeros(len(words))
    squared = (words**2).sum(1) - 2 * descriptors @ words.T  # the same for all but a constant
    return np.bincount(squared.argmin(1), minlength=len(words)) / len(descriptors)
