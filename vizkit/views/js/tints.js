// Colours of points, as a palette for the graphics card: those of labels, or of trust.
import { CATEGORIES, ramp } from "./values.js";

export const TRUST = [[213, 94, 0], [180, 170, 160], [0, 114, 178]]; // none of the neighbours true … all of them
const HIDDEN = 255; // a tint without a colour

/** The colour's number of a share from 0 to 1. */
export function tintOf(share, hidden) {
  return hidden || Number.isNaN(share) ? HIDDEN : Math.round(share * 10);
}

/** RGBA bytes of the palette: a colour for each group, alpha 0 for those not drawn. */
export function paletteBytes(count, hidden, lighter = false) {
  const bytes = new Uint8Array(256 * 4);
  for (let code = 0; code < count; code++) {
    const hex = CATEGORIES[code % CATEGORIES.length];
    const rgb = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
    const shade = lighter ? rgb.map((v) => Math.round(v + (255 - v) * 0.3)) : rgb;
    bytes.set([...shade, hidden.has(code) ? 0 : 255], code * 4);
  }
  return bytes;
}

/** RGBA bytes of the palette of trust: 0 to 10 of 10 neighbours true. */
export function trustBytes(lighter = false) {
  const bytes = new Uint8Array(256 * 4);
  for (let level = 0; level <= 10; level++) {
    const rgb = ramp(TRUST, level / 10);
    bytes.set([...(lighter ? rgb.map((v) => Math.round(v + (255 - v) * 0.3)) : rgb), 255], level * 4);
  }
  return bytes;
}
