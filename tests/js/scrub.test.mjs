import assert from "node:assert/strict";
import test from "node:test";
import { curveOf, momentAt } from "../../vizkit/views/js/scrub.js";

test("a curve goes from rim to rim, the largest on top, and leaves out what is no number", () => {
  assert.deepEqual(curveOf([0, NaN, 2], 100, 50, 5), [[5, 45], null, [95, 5]]);
  assert.deepEqual(curveOf([3], 100, 50, 5), [[50, 45]]);
});

test("a click belongs to the nearest checkpoint", () => {
  assert.deepEqual([-9, 5, 49, 95, 300].map((x) => momentAt(x, 3, 100, 5)), [0, 0, 1, 2, 2]);
});
