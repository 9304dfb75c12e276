// Attention weights as pixels, and the sheet of all heads: small maps in rows of layers.
import { BROKEN, palette } from "./values.js";

export const LOST = 255; // the level of what is no number

/** Is this cell of a causal map of what comes later? Cells may stand for blocks of tokens. */
export function isLater(row, column, rows, columns) {
  return column / columns >= (row + 1) / rows;
}

/** The scale's 255 colours and that of what is no number, as words of four bytes: quick for a million cells. */
export function levelWords() {
  const table = palette(false, 255), bytes = new Uint8ClampedArray(4 * 256).fill(255);
  for (let level = 0; level < 255; level++) bytes.set(table.subarray(3 * level, 3 * level + 3), 4 * level);
  bytes.set(BROKEN, 4 * LOST);
  return new Uint32Array(bytes.buffer);
}

/** RGBA bytes of one map (y, x); levelAt(i) gives the level of a cell; masked cells are left clear. */
function mapOf(levelAt, rows, columns, causal, words) {
  const pixels = new Uint8ClampedArray(rows * columns * 4), cells = new Uint32Array(pixels.buffer);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      if (!causal || !isLater(row, column, rows, columns)) cells[i] = words[levelAt(i)];
    }
  }
  return pixels;
}

/** RGBA bytes of one small map (y, x) of levels, from a place on. */
export function thumbPixels(levels, start, rows, columns, causal, words = levelWords()) {
  return mapOf((i) => levels[start + i], rows, columns, causal, words);
}

/** RGBA bytes of weights (query, key): colours of the square root, 0 … top. */
export function weightPixels(weights, rows, columns, top, causal, words = levelWords()) {
  const level = (weight) => (Number.isFinite(weight) ? Math.round(254 * Math.sqrt(Math.max(0, weight) / top)) : LOST);
  return mapOf((i) => level(weights[i]), rows, columns, causal, words);
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
