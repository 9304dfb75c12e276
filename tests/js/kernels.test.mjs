import assert from "node:assert/strict";
import test from "node:test";
import { digits, kernelPixels, scaleOf, scaleOverTime } from "../../vizkit/views/js/kernels.js";
import { nextMoment } from "../../vizkit/views/js/moments.js";

const shape = [2, 1, 1, 2];
const values = new Float32Array([1, -1, 0.5, 0]);

test("a kernel's largest weight is full red, its opposite full blue", () => {
  assert.deepEqual([...kernelPixels(values, shape, 0, 0, 1)], [178, 24, 43, 255, 33, 102, 172, 255]);
});

test("each kernel has its own scale unless one is shared", () => {
  assert.equal(scaleOf(values, shape, 1, 0, false), 0.5);
  assert.equal(scaleOf(values, shape, 1, 0, true), 1);
});

test("a zero colour kernel is mid-grey and a broken one magenta", () => {
  const colour = new Float32Array([0, NaN, 0, 0, 0, 0]);
  assert.deepEqual([...kernelPixels(colour, [1, 3, 1, 2], 0, 0, 1)], [128, 128, 128, 255, 214, 39, 214, 255]);
});

test("weights have as many digits as tell them apart", () => {
  assert.deepEqual([0.5, 2, 0.025, 0.0003].map((limit) => digits(limit, false)), [2, 2, 3, 5]);
  assert.deepEqual([25, 250].map((limit) => digits(limit, false)), [1, 0]);
  assert.equal(digits(2, true), 0);
});

test("one scale over time is the largest of all moments", () => {
  const past = new Float32Array([0.1, -0.1, 0, 0, 1, -1, 0.5, -3]);
  assert.equal(scaleOverTime(past, [2, ...shape], 0, 0, true), 3);
  assert.equal(scaleOverTime(past, [2, ...shape], 0, 0, false), 1);
});

test("playing goes from moment to moment and ends at the last", () => {
  assert.deepEqual([0, 1, 2].map((moment) => nextMoment(moment, 3)), [1, 2, null]);
});
