"""LiveViewer as a printed figure: what is seen, one map, its curve, the classes, all maps."""

import numpy as np

from vizkit import style

MOST_MAPS = 128


def draw(viewer):
    """The figure of a LiveViewer."""
    maps, unit = viewer.data["maps"], viewer.unit
    limit, signed = style.largest(maps), bool((maps[np.isfinite(maps)] < 0).any())
    columns = int(np.ceil(np.sqrt(min(len(maps), MOST_MAPS) * 2.7)))
    rows = -(-min(len(maps), MOST_MAPS) // columns)
    tall = 7.3 / columns * rows * min(2.0, maps.shape[1] / maps.shape[2]) + 0.1
    figure = style.figure(8.2, 2.1 + tall)
    top, bottom = figure.subfigures(2, 1, height_ratios=[2.1, tall])
    parts = [part for part in ("seen", "map", "curve", "classes") if there(viewer, part)]
    axes = dict(zip(parts, np.atleast_1d(top.subplots(
        1, len(parts), width_ratios=[WIDTHS[part] for part in parts])), strict=True))
    if "seen" in axes:
        seen = viewer.seen if viewer.seen.ndim == 3 else viewer.seen[..., None].repeat(3, -1)
        style.picture(axes["seen"], seen, "what it sees")
    near = np.where(np.abs(maps) < viewer.threshold * limit, 0, maps)
    style.picture(axes["map"], style.paint(near[unit], limit, signed), viewer.title(unit))
    axes["map"].set_xlabel(f"largest {style.number(float(viewer.responses[unit]))}", fontsize=8)
    if "curve" in axes:
        curve(axes["curve"], viewer, unit)
    if "classes" in axes:
        bars(axes["classes"], viewer)
    pictures = style.paint(near[:MOST_MAPS], limit, signed)
    enlarge = max(1, round(8 * style.DPI / columns / pictures.shape[2]))
    large = pictures.repeat(enlarge, axis=1).repeat(enlarge, axis=2)
    sheet = bottom.subplots()
    left_out = len(maps) - len(pictures)
    style.picture(sheet, style.tiles(large, columns, gap=max(2, large.shape[2] // 14)))
    style.legend(bottom, sheet, limit, signed)
    note = f" (the first {len(pictures)}; {left_out} more)" if left_out else ""
    figure.suptitle(viewer.summary().removeprefix("LiveViewer: ") + note, x=0.01, ha="left",
                    fontsize=10, color=style.INK)
    return figure


WIDTHS = {"seen": 1, "map": 1, "curve": 1.5, "classes": 1.1}


def there(viewer, part):
    """Is there anything to draw in that part?"""
    found = {"seen": viewer.seen, "curve": viewer.turned, "classes": viewer.classes or None}
    return found.get(part, True) is not None


def curve(axes, viewer, unit):
    """The unit's response against the angle, and where the angle is now."""
    angles, turned = viewer.angles, viewer.turned[:, unit]
    axes.plot(angles, turned, color=style.CATEGORIES[0], linewidth=1.6)
    axes.axvline(viewer.settings["angle"] % angles[-1], color=style.FAINT, linewidth=1, ls=":")
    axes.plot(viewer.settings["angle"] % angles[-1], viewer.responses[unit], "o",
              color=style.CATEGORIES[3], markersize=6)
    axes.set_xticks(np.linspace(0, angles[-1], 5))
    axes.set_ylim(min(0, float(turned.min())), None)
    axes.set_xlabel("angle, degrees", fontsize=8)
    axes.set_title(f"largest value of {viewer.title(unit)}", fontsize=9, color=style.INK)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def bars(axes, viewer):
    """The likeliest classes."""
    shares = np.nan_to_num(viewer.shares)
    axes.barh(range(len(shares)), shares, color=style.CATEGORIES[0])
    axes.set_yticks(range(len(shares)), [style.shorten(name, 16) for name in viewer.classes],
                    fontsize=8)  # fmt: skip
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 1])
    axes.tick_params(labelsize=8)
    axes.set_title("likeliest classes", fontsize=9, color=style.INK)
    axes.spines[["top", "right"]].set_visible(False)
