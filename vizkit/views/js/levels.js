// Maps as LiveViewer gets them, a byte a value, and as one picture that holds them all.
import { BROKEN } from "./values.js";

/** What the bytes mean: signed or not, the highest level, the one for what is not finite. */
export function meaning(levels) {
  const signed = levels instanceof Int8Array;
  return { signed, top: signed ? 127 : 254, lost: signed ? -128 : 255 };
}

/** The value of a level in a map whose largest magnitude is `limit`. */
export function valueOf(level, limit, { top, lost }) {
  return level === lost ? NaN : (level * limit) / top;
}

/** How many of a map's levels are neither zero nor nearer to zero than `near`, as a share. */
export function activeShare(levels, start, area, limit, kind, near) {
  const least = (near * kind.top) / limit;
  let active = 0;
  for (let i = start; i < start + area; i++) if (levels[i] !== 0 && Math.abs(levels[i]) >= least) active++;
  return active / area;
}

/** Columns in which `count` maps of that size stand in one picture, about as wide as high. */
export function columnsFor(count, width, height) {
  return Math.max(1, Math.ceil(Math.sqrt((count * height) / width)));
}

/** The palette as one number a colour, as it lies in a picture's memory; its last is for what is not finite. */
export function paletteWords(table) {
  const bytes = new Uint8ClampedArray(table.length / 3 * 4 + 4).fill(255);
  for (let i = 0; i < table.length / 3; i++) bytes.set(table.subarray(3 * i, 3 * i + 3), 4 * i);
  bytes.set(BROKEN, bytes.length - 4);
  return new Uint32Array(bytes.buffer);
}

/**
 * RGBA bytes of all maps side by side in `columns`. `limit` is the end of the scale, the same for
 * all; values nearer to zero than `near` are drawn as zero; `colours` are paletteWords.
 */
export function paintLevels(levels, limits, height, width, columns, limit, near, colours) {
  const kind = meaning(levels), count = limits.length, last = colours.length - 2;
  const rows = Math.ceil(count / columns), across = columns * width;
  const pixels = new Uint8ClampedArray(across * rows * height * 4), words = new Uint32Array(pixels.buffer);
  const paint = new Uint32Array(256); // the colour of each level of one map
  for (let k = 0; k < count; k++) {
    for (let b = 0; b < 256; b++) {
      const level = kind.signed ? (b << 24) >> 24 : b;
      const value = (level * limits[k]) / kind.top;
      const share = (Math.abs(value) < near ? 0 : value) / limit;
      const at = Math.round(Math.min(1, Math.max(0, kind.signed ? share / 2 + 0.5 : share)) * last);
      paint[b] = colours[level === kind.lost ? last + 1 : at];
    }
    const left = (k % columns) * width, top = Math.floor(k / columns) * height;
    for (let y = 0; y < height; y++) {
      let from = (k * height + y) * width, to = (top + y) * across + left;
      for (let x = 0; x < width; x++) words[to++] = paint[levels[from++] & 255];
    }
  }
  return { pixels, width: across, height: rows * height };
}
