import assert from "node:assert/strict";
import test from "node:test";
import { DIVERGING, SEQUENTIAL, colour, fromHalves, largest, number, palette, ramp, toTyped } from "../../vizkit/views/js/values.js";

test("bytes with a shape become a typed array, also from an odd offset", () => {
  const bytes = new Uint8Array(9);
  new Float32Array(bytes.buffer, 0, 2).set([1.5, -2]);
  const { shape, values } = toTyped({ shape: [2], dtype: "float32", data: new DataView(bytes.buffer, 0, 8) });
  assert.deepEqual([shape, ...values], [[2], 1.5, -2]);
  const shifted = new Uint8Array(9);
  shifted.set(bytes.subarray(0, 8), 1);
  assert.deepEqual([...toTyped({ shape: [2], dtype: "float32", data: new DataView(shifted.buffer, 1, 8) }).values], [1.5, -2]);
});

test("zero is the neutral colour and a NaN is not a colour of the scale", () => {
  assert.deepEqual(colour(0, 1), [247, 247, 247]);
  assert.deepEqual(colour(NaN, 1), [214, 39, 214]);
  assert.deepEqual(ramp(DIVERGING, 2), [178, 24, 43]);
});

test("the largest magnitude passes over infinity", () => {
  assert.equal(largest([1, -3, Infinity, NaN]), 3);
  assert.equal(largest([0, 0]), 1);
});

test("numbers have three significant digits", () => {
  assert.deepEqual([0.12345, 0, 12345, NaN, -Infinity].map(number), ["0.123", "0", "12345", "NaN", "−∞"]);
});

test("the table of a scale holds its ends and its neutral middle", () => {
  const signed = palette(true);
  assert.deepEqual([...signed.slice(0, 3)], DIVERGING[0]);
  assert.deepEqual([...signed.slice(3 * 512, 3 * 513)], [247, 247, 247]);
  assert.deepEqual([...palette(false).slice(-3)], SEQUENTIAL.at(-1));
});

test("halves become the numbers that they are", () => {
  const bits = new Uint16Array([0x0000, 0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x7c00]);
  const { shape, values } = toTyped({ shape: [7], dtype: "float16", data: new DataView(bits.buffer) });
  assert.deepEqual(shape, [7]);
  assert.deepEqual([...values], [0, 1, -2, 0.333251953125, 2 ** -24, 65504, Infinity]);
  assert.ok(Number.isNaN(fromHalves([0x7e00])[0]));
});
