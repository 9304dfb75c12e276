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

/**
 * RGBA bytes of all maps side by side in `columns`. `limit` is the end of the scale, the same for
 * all; values nearer to zero than `near` are drawn as zero; `table` is the palette.
 */
export function paintLevels(levels, limits, height, width, columns, limit, near, table) {
  const kind = meaning(levels), count = limits.length, last = table.length / 3 - 1;
  const rows = Math.ceil(count / columns), across = columns * width;
  const pixels = new Uint8ClampedArray(across * rows * height * 4);
  const words = new Uint32Array(pixels.buffer), bytes = new Uint8ClampedArray(4), word = new Uint32Array(bytes.buffer);
  const paint = new Uint32Array(256); // the colour of each level of one map
  for (let k = 0; k < count; k++) {
    for (let b = 0; b < 256; b++) {
      const value = valueOf(kind.signed ? (b << 24) >> 24 : b, limits[k], kind);
      if (Number.isNaN(value)) bytes.set([...BROKEN, 255]);
      else {
        const share = (Math.abs(value) < near ? 0 : value) / limit;
        const entry = 3 * Math.round(Math.min(1, Math.max(0, kind.signed ? share / 2 + 0.5 : share)) * last);
        bytes.set([table[entry], table[entry + 1], table[entry + 2], 255]);
      }
      paint[b] = word[0];
    }
    const left = (k % columns) * width, top = Math.floor(k / columns) * height;
    for (let y = 0; y < height; y++) {
      let from = (k * height + y) * width, to = (top + y) * across + left;
      for (let x = 0; x < width; x++) words[to++] = paint[levels[from++] & 255];
    }
  }
  return { pixels, width: across, height: rows * height };
}
