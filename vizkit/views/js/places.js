// Where points are: camera, grid index, lasso, search. Nothing here draws.
// Places are uint16 pairs, 0…65,534 across the extent; 65,535 says that a point has no place.

export const STEPS = 65534;
export const SHAPES = 4; // circle, square, triangle, diamond: one for each ten labels

/** World size of the extent (its longer side is 1), so that both axes have one scale. */
export function worldOf([left, right, low, high]) {
  const longest = Math.max(right - left, high - low) || 1;
  return [(right - left) / longest, (high - low) / longest];
}

/** The camera that shows the whole world in width × height pixels: centre, and pixels per unit. */
export function fitCamera(world, width, height, margin = 24) {
  const scale = Math.min((width - 2 * margin) / Math.max(world[0], 1e-6), (height - 2 * margin) / Math.max(world[1], 1e-6));
  return { x: world[0] / 2, y: world[1] / 2, scale };
}

/** Pixels of a place in the world; y points up in the world and down on the screen. */
export function toScreen(camera, x, y, width, height) {
  return [(x - camera.x) * camera.scale + width / 2, height / 2 - (y - camera.y) * camera.scale];
}

export function toWorld(camera, px, py, width, height) {
  return [(px - width / 2) / camera.scale + camera.x, (height / 2 - py) / camera.scale + camera.y];
}

/** The camera nearer by a factor, with what is under (px, py) staying there. */
export function zoomAt(camera, factor, px, py, width, height, least, most) {
  const scale = Math.min(most, Math.max(least, camera.scale * factor));
  const [x, y] = toWorld(camera, px, py, width, height);
  return { x: x - (px - width / 2) / scale, y: y - (height / 2 - py) / scale, scale };
}

/** Points sorted by cell of a square grid: `order` of their numbers, `start` of each cell. */
export function gridOf(places) {
  const count = places.length / 2;
  const side = Math.max(1, Math.min(256, Math.ceil(Math.sqrt(count / 8))));
  const start = new Uint32Array(side * side + 1);
  const cells = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const x = places[2 * i], y = places[2 * i + 1];
    if (x > STEPS) { cells[i] = 65535; continue; }
    const cell = Math.floor((y * side) / 65535) * side + Math.floor((x * side) / 65535);
    cells[i] = cell;
    start[cell + 1]++;
  }
  for (let cell = 0; cell < side * side; cell++) start[cell + 1] += start[cell];
  const next = start.slice(0, -1);
  const order = new Uint32Array(start[side * side]);
  for (let i = 0; i < count; i++) if (places[2 * i] <= STEPS) order[next[cells[i]]++] = i;
  return { side, start, order };
}

/** Runs [first, count] in the grid's order that cover a box [x0, x1, y0, y1] of shares 0…1. */
export function runsIn(grid, [x0, x1, y0, y1]) {
  const { side, start } = grid;
  if (x1 < 0 || y1 < 0 || x0 > 1 || y0 > 1) return [];
  const cell = (v) => Math.min(side - 1, Math.max(0, Math.floor(v * side)));
  const runs = [];
  for (let row = cell(y0); row <= cell(y1); row++) {
    const first = start[row * side + cell(x0)], end = start[row * side + cell(x1) + 1];
    const last = runs[runs.length - 1];
    if (last && last[0] + last[1] === first) last[1] += end - first;
    else if (end > first) runs.push([first, end - first]);
  }
  return runs;
}

/** The point nearest to a place (shares 0…1) within a radius in world units; -1 for none. */
export function pointAt(grid, places, world, x, y, radius, allowed = () => true) {
  const reach = [radius / (world[0] || 1), radius / (world[1] || 1)];
  let best = -1, least = radius * radius;
  for (const [first, count] of runsIn(grid, [x - reach[0], x + reach[0], y - reach[1], y + reach[1]])) {
    for (let at = first; at < first + count; at++) {
      const point = grid.order[at];
      const dx = (places[2 * point] / STEPS - x) * world[0], dy = (places[2 * point + 1] / STEPS - y) * world[1];
      const distance = dx * dx + dy * dy;
      if (distance <= least && allowed(point)) { best = point; least = distance; }
    }
  }
  return best;
}

/** Is (x, y) inside a polygon [[x, y], …]? */
export function inside(polygon, x, y) {
  let within = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i], [xj, yj] = polygon[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
  }
  return within;
}

/** Numbers of the points inside a polygon of shares, in rising order. */
export function lassoed(grid, places, polygon, allowed = () => true) {
  if (polygon.length < 3) return new Uint32Array(0);
  const xs = polygon.map((p) => p[0]), ys = polygon.map((p) => p[1]);
  const found = [];
  for (const [first, count] of runsIn(grid, [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)])) {
    for (let at = first; at < first + count; at++) {
      const point = grid.order[at];
      if (allowed(point) && inside(polygon, places[2 * point] / STEPS, places[2 * point + 1] / STEPS)) found.push(point);
    }
  }
  return Uint32Array.from(found).sort();
}

/** Points that a search means: a label or name that is the text, else those that hold it, else #number. */
export function searched(text, codes, groups, words) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  const numbered = /^#(\d+)$/.exec(wanted);
  if (numbered) return Number(numbered[1]) < codes.length ? Uint32Array.of(Number(numbered[1])) : new Uint32Array(0);
  for (const match of [(name) => name === wanted, (name) => name.includes(wanted)]) {
    const inGroup = groups.map((name) => name !== "" && match(name.toLowerCase()));
    const found = [];
    for (let i = 0; i < codes.length; i++) if (inGroup[codes[i]] || (words && match(words[i].toLowerCase()))) found.push(i);
    if (found.length) return Uint32Array.from(found);
  }
  return new Uint32Array(0);
}

/** How many of the points [x, y, x, y, …] are on the screen, and the pixels² they spread over. */
export function crowdOn(screen, width, height) {
  const cell = Math.min(56, Math.max(14, 0.7 * Math.sqrt((2 * width * height) / Math.max(1, screen.length))));
  const columns = Math.ceil(width / cell), rows = Math.ceil(height / cell);
  const taken = new Uint8Array(columns * rows);
  let count = 0, squares = 0;
  for (let i = 0; i < screen.length; i += 2) {
    const column = Math.floor(screen[i] / cell), row = Math.floor(screen[i + 1] / cell);
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
    count++;
    squares += taken[row * columns + column] ? 0 : 1;
    taken[row * columns + column] = 1;
  }
  return [count, squares * cell * cell];
}

/**
 * One of the points [x, y, x, y, …] on the screen for each cell of a lattice that hangs on `origin`, that nearest
 * the cell's middle: the same ones while the picture is panned. Their places in the list, in rising order.
 */
export function sampled(screen, [originX, originY], cell) {
  const best = new Map();
  for (let i = 0; i < screen.length; i += 2) {
    const x = (screen[i] - originX) / cell, y = (screen[i + 1] - originY) / cell;
    const key = Math.floor(x) * 65536 + Math.floor(y);
    const off = Math.max(Math.abs(x - Math.floor(x) - 0.5), Math.abs(y - Math.floor(y) - 0.5));
    const held = best.get(key);
    if (!held || off < held[0]) best.set(key, [off, i / 2]);
  }
  return Array.from(best.values(), (entry) => entry[1]).sort((a, b) => a - b);
}

/** Side in pixels of the thumbnails when `count` points share an area; 0: too crowded for them. */
export function thumbSide(count, area, smallest = 7.5, largest = 56) {
  const side = Math.sqrt(area / Math.max(1, count));
  return side < smallest ? 0 : Math.min(largest, side);
}

/** Diameter in pixels of points, so that few are large and a million do not cover everything. */
export function pointSize(visible) {
  return Math.min(9, Math.max(1.5, 26 / Math.pow(Math.max(1, visible), 0.22)));
}

/** How solid points are: where a million crowd, thin enough that density shows. */
export function pointOpacity(visible, size, area) {
  return Math.min(0.9, Math.max(0.1, (2 * area) / (Math.max(1, visible) * size * size)));
}
