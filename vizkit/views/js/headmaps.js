// Attention weights as pixels, and the sheet of all heads: small maps in rows of layers.
import { BROKEN, palette } from "./values.js";

export const LOST = 255; // the level of what is no number

/** Is this cell of a causal map of what comes later? Cells may stand for blocks of tokens. */
export function isLater(row, column, rows, columns) {
  return column / columns >= (row + 1) / rows;
}

/** RGBA bytes of one small map (y, x) of levels, from a place on; masked cells are left clear. */
export function thumbPixels(levels, start, rows, columns, causal, table = palette(false, 255)) {
  const pixels = new Uint8ClampedArray(rows * columns * 4);
  for (let i = 0; i < rows * columns; i++) {
    if (causal && isLater(Math.floor(i / columns), i % columns, rows, columns)) continue;
    const level = levels[start + i];
    pixels.set(level === LOST ? BROKEN : table.subarray(3 * level, 3 * level + 3), 4 * i);
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

/** RGBA bytes of weights (query, key): colours of the square root, 0 … top; masked cells are left clear. */
export function weightPixels(weights, rows, columns, top, causal, table = palette(false, 255)) {
  const levels = Uint8Array.from(weights, (weight) =>
    (Number.isFinite(weight) ? Math.round(254 * Math.sqrt(Math.max(0, weight) / top)) : LOST));
  return thumbPixels(levels, 0, rows, columns, causal, table);
}

/** Where the maps stand: columns are heads, rows layers; the heads of one layer stand in a block. */
export function sheetLayout(layers, heads, width = 280, height = 380) {
  const columns = layers > 1 ? heads : Math.ceil(Math.sqrt(heads));
  const rows = layers > 1 ? layers : Math.ceil(heads / columns);
  const gap = 3, cell = Math.max(14, Math.min(76, Math.floor(width / columns) - gap, Math.floor(height / rows) - gap));
  return { columns, rows, cell, gap, left: layers > 1 ? 20 : 0, top: layers > 1 ? 15 : 0 };
}

/** Pixels of one cell of the large map: readable for a few tokens, two for many; then it scrolls. */
export function cellSize(rows, columns, side = 360) {
  return Math.max(2, Math.min(30, Math.floor(side / Math.max(rows, columns))));
}
