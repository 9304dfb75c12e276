// What every viewer's script knows of values: arrays from bytes, colours, numbers in words. No page.
// The colours are those of vizkit/style.py.

export const DIVERGING = [[33, 102, 172], [146, 197, 222], [247, 247, 247], [244, 165, 130], [178, 24, 43]];
export const SEQUENTIAL = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
export const BROKEN = [214, 39, 214];
export const CATEGORIES = ["#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8a7a00",
  "#444444", "#7b4fa3", "#9c5a3c"];

const TYPES = { uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array,
  uint32: Uint32Array, int32: Int32Array, float32: Float32Array, float16: Uint16Array };

/** Halves, as the bits of their 16, to float32: 1 sign, 5 of the power of two, 10 of the fraction. */
export function fromHalves(bits) {
  const values = new Float32Array(bits.length); // filled in a loop: `from` with a function is five times slower
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i], sign = half & 0x8000 ? -1 : 1, power = (half >> 10) & 31, fraction = half & 1023;
    if (power === 31) values[i] = fraction ? NaN : sign * Infinity;
    else values[i] = sign * (power ? 2 ** (power - 15) * (1 + fraction / 1024) : 2 ** -24 * fraction);
  }
  return values;
}

/** Bytes with a shape, as Python sent them, to {shape, values}. */
export function toTyped(wire) {
  if (!wire) return { shape: [0], values: new Float32Array(0) };
  const kind = TYPES[wire.dtype];
  if (!kind) throw new Error(`unknown type ${wire.dtype}`);
  const bytes = wire.data;
  if (!bytes) return { shape: wire.shape, values: new kind(0) };
  const view = bytes.buffer ? bytes : new DataView(bytes);
  const aligned = view.byteOffset % kind.BYTES_PER_ELEMENT === 0;
  const buffer = aligned ? view.buffer : view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const offset = aligned ? view.byteOffset : 0;
  const values = new kind(buffer, offset, view.byteLength / kind.BYTES_PER_ELEMENT);
  return { shape: wire.shape, values: wire.dtype === "float16" ? fromHalves(values) : values };
}

/** Colour [r, g, b] at a position 0…1 along the anchors. */
export function ramp(anchors, position) {
  const at = Math.min(1, Math.max(0, position)) * (anchors.length - 1);
  const left = Math.min(Math.floor(at), anchors.length - 2);
  const share = at - left;
  return anchors[left].map((from, i) => Math.floor(from * (1 - share) + anchors[left + 1][i] * share + 0.5));
}

/** Colour of one value; `limit` is the value at the end of the scale. */
export function colour(value, limit, signed = true) {
  if (!Number.isFinite(value)) return BROKEN;
  return signed ? ramp(DIVERGING, value / limit / 2 + 0.5) : ramp(SEQUENTIAL, value / limit);
}

/** The whole scale as a table of bytes r, g, b: quick where there are many values; zero is an entry. */
export function palette(signed, size = 1025) {
  const anchors = signed ? DIVERGING : SEQUENTIAL;
  const table = new Uint8Array(3 * size);
  for (let i = 0; i < size; i++) table.set(ramp(anchors, i / (size - 1)), 3 * i);
  return table;
}

/** The largest finite magnitude, or 1 where there is none. */
export function largest(values) {
  let most = 0;
  for (const value of values) if (Number.isFinite(value) && Math.abs(value) > most) most = Math.abs(value);
  return most || 1;
}

/** Three significant digits; NaN and infinity as such. */
export function number(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
  return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(size))));
}
