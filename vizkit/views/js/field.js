// The field of EmbeddingViewer: the points as Python sent them, and where they stand on the screen.
// Nothing here draws. Sizes in CSS pixels.
import { toTyped } from "./values.js";
import { STEPS, fitCamera, gridOf, lassoed, pointAt, searched, toScreen, toWorld, worldOf, zoomAt } from "./places.js";
import { tintOf } from "./tints.js";

const REACH = 12; // within which a point is meant

/** Text of bytes, one name a line. */
export function wordsOf(bytes, count) {
  return bytes.length || count === 1 ? new TextDecoder().decode(bytes).split("\n") : null;
}

/** Points in the order of the grid, for drawing; `from`: where they stood before, on their way. */
function inOrder(grid, places, from, codes) {
  const sorted = new Uint16Array(grid.order.length * 2), before = new Uint16Array(grid.order.length * 2);
  const colours = new Uint8Array(grid.order.length);
  grid.order.forEach((point, at) => {
    sorted[2 * at] = places[2 * point]; sorted[2 * at + 1] = places[2 * point + 1];
    before[2 * at] = from[2 * point]; before[2 * at + 1] = from[2 * point + 1];
    colours[at] = codes[point];
  });
  return { ...grid, sorted, before, codes: colours };
}

/** The points with their labels, the camera over them, and which are hidden or marked. */
export function makeField(model, height) {
  let least = 0, rank = null;
  const field = { width: 0, height, thumbs: toTyped(model.get("thumbs")), hidden: new Set(), marked: null, isMarked: null, trust: null };

  /** Takes the points anew; where they were stays known, for the way to a new layout. */
  field.read = () => {
    const previous = field.places;
    field.places = toTyped(model.get("places")).values;
    field.codes = toTyped(model.get("codes")).values;
    field.groups = model.get("groups");
    field.world = worldOf(model.get("extent"));
    const from = previous && previous.length === field.places.length ? previous : field.places;
    field.grid = inOrder(gridOf(field.places), field.places, from, field.codes);
    rank = null;
    field.fit();
  };
  field.fit = (width = field.width) => {
    field.width = width;
    field.camera = fitCamera(field.world, width, height);
    least = field.camera.scale;
  };
  field.showAll = () => { field.camera = fitCamera(field.world, field.width, height); };
  field.zoom = (factor, x, y) => { field.camera = zoomAt(field.camera, factor, x, y, field.width, height, least * 0.5, least * 400); };
  field.pan = (dx, dy) => {
    const { camera } = field;
    field.camera = { ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale };
  };

  field.placed = (point) => field.places[2 * point] <= STEPS;
  field.holds = (point) => point >= 0 && point < field.codes.length && field.placed(point);
  const allowed = (point) => !field.hidden.has(field.codes[point]);
  const onScreen = (places, at) => toScreen(field.camera, (places[2 * at] / STEPS) * field.world[0], (places[2 * at + 1] / STEPS) * field.world[1],
    field.width, height);
  field.screenAt = (point) => onScreen(field.places, point);
  field.screenOfSorted = (at) => onScreen(field.grid.sorted, at);
  const shareAt = (px, py) => toWorld(field.camera, px, py, field.width, height).map((v, i) => v / (field.world[i] || 1));
  field.under = (x, y, reach = REACH) => pointAt(field.grid, field.places, field.world, ...shareAt(x, y), reach / field.camera.scale, allowed);
  field.inLasso = (path) => lassoed(field.grid, field.places, path.map(([x, y]) => shareAt(x, y)), allowed);

  /** The number of each point's colour, in the order of the grid: its label's, or 0 to 10 by its trust. */
  field.tints = () => {
    const { codes, order } = field.grid;
    return field.trust ? Uint8Array.from(order, (point, at) => tintOf(field.trust[point], field.hidden.has(codes[at]))) : codes;
  };

  field.nameOf = (point) => {
    const label = field.groups.length > 1 ? field.groups[field.codes[point]] : "";
    return [field.words ? field.words[point] : "", label, `#${point}`].filter(Boolean).join(" · ");
  };
  /** Marks what is searched for, else what is in the lasso; returns what the search found, or null. */
  field.mark = (text, lasso) => {
    const found = searched(text, field.codes, field.groups, field.words);
    field.marked = found ?? (lasso ? Uint32Array.from(toTyped(lasso).values) : null);
    field.isMarked = field.marked ? new Set(field.marked) : null;
    return found;
  };
  /** The marked points by their order in the grid. */
  field.markedInOrder = () => {
    if (!rank) { rank = new Uint32Array(field.places.length / 2); field.grid.order.forEach((point, at) => { rank[point] = at; }); }
    return field.marked.filter(field.placed).map((point) => rank[point]);
  };

  field.read();
  const named = toTyped(model.get("words")).values;
  field.words = named.length ? wordsOf(named, field.codes.length) : null;
  return field;
}
