// The cells of AtlasViewer: which lies where, which is meant, which touch. Nothing here draws.
// The world is the unit square, y up; a cell's number is row * side + column.

export const NOBODY = 65535; // the code of no class

/** The grids, coarse first: side, the index of their first cell, how many, and `at` by number. */
export function gridsOf(sides, first, numbers) {
  return sides.map((side, level) => {
    const start = first[level], end = level + 1 < sides.length ? first[level + 1] : numbers.length;
    const at = new Int32Array(side * side).fill(-1);
    for (let cell = start; cell < end; cell++) at[numbers[cell]] = cell;
    return { side, first: start, count: end - start, at };
  });
}

/** The finest grid whose cells are at least `least` pixels wide when the world is `scale` pixels wide. */
export function gridFor(grids, scale, least) {
  let best = 0;
  grids.forEach(({ side, count }, level) => { if (count && scale / side >= least) best = level; });
  return best;
}

export function gridHolding(grids, cell) {
  return grids.findIndex(({ first, count }) => cell >= first && cell < first + count);
}

/** How much of its cell's side a picture takes; atlas_picture.py has the same rule. */
export function shareOfCell(count, most) {
  return 0.5 + 0.5 * Math.sqrt(count / Math.max(most, 1));
}

/** The middle of a cell in the world. */
export function middleOf(side, number) {
  return [((number % side) + 0.5) / side, (Math.floor(number / side) + 0.5) / side];
}

/** The full cell at a place of the world; -1 for none. */
export function cellUnder({ side, at }, x, y) {
  if (x < 0 || y < 0 || x >= 1 || y >= 1) return -1;
  return at[Math.floor(y * side) * side + Math.floor(x * side)];
}

/** The full cell nearest to a place of the world. */
export function cellNear({ side, first, count }, numbers, x, y) {
  let best = -1, least = Infinity;
  for (let cell = first; cell < first + count; cell++) {
    const [cx, cy] = middleOf(side, numbers[cell]), far = (cx - x) ** 2 + (cy - y) ** 2;
    if (far < least) [best, least] = [cell, far];
  }
  return best;
}

/** The full cell that a step to the right (dx = 1) or up (dy = 1) leads to; gaps are jumped. The same cell at the rim. */
export function stepTo({ side, first, count }, numbers, cell, dx, dy) {
  const [x, y] = [numbers[cell] % side, Math.floor(numbers[cell] / side)];
  let best = cell, least = Infinity;
  for (let other = first; other < first + count; other++) {
    const [ox, oy] = [numbers[other] % side - x, Math.floor(numbers[other] / side) - y];
    const ahead = ox * dx + oy * dy, aside = Math.abs(ox * dy) + Math.abs(oy * dx);
    if (ahead > 0 && aside <= ahead && ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
  }
  return best;
}

/** The full cells that touch this one, at an edge or a corner. */
export function touching({ side, at }, number) {
  const x = number % side, y = Math.floor(number / side), found = [];
  for (let row = Math.max(0, y - 1); row <= Math.min(side - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(side - 1, x + 1); column++) {
      const cell = at[row * side + column];
      if (cell >= 0 && (row !== y || column !== x)) found.push(cell);
    }
  }
  return found;
}

/** [[name, share]] of a cell's strongest classes. */
export function classesOf(cell, codes, shares, top, names) {
  const found = [];
  for (let i = cell * top; i < (cell + 1) * top; i++) if (codes[i] !== NOBODY && names[codes[i]]) found.push([names[codes[i]], shares[i]]);
  return found;
}

/** The cells one of whose strongest classes has the text in its name; null for no text. */
export function named(text, codes, top, names) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  const fits = new Set();
  names.forEach((name, code) => { if (name.toLowerCase().includes(wanted)) fits.add(code); });
  const found = new Set();
  for (let i = 0; i < codes.length; i++) if (fits.has(codes[i])) found.add(Math.floor(i / top));
  return found;
}

/** Where a picture is on its sheet, in pictures: [column, row]; sheets.py has the same rule. */
export function onSheet(index, count) {
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)));
  return [index % columns, Math.floor(index / columns)];
}

/** A share in words: "31%", "under 1%". */
export function percent(share) {
  return share < 0.01 ? "under 1%" : `${Math.round(share * 100)}%`;
}
