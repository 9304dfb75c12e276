import assert from "node:assert/strict";
import test from "node:test";
import { curveOf, curvePoints, picturePixels } from "../../vizkit/views/js/dreams.js";

test("a picture's bytes get an opaque fourth one each", () => {
  const values = new Uint8Array([0, 0, 0, 0, 0, 0, 10, 20, 30, 40, 50, 60]);
  assert.deepEqual([...picturePixels(values, [2, 1, 2, 3], 1)], [10, 20, 30, 255, 40, 50, 60, 255]);
});

test("a curve is one column of the history, drawn with its highest score at the top", () => {
  const scores = curveOf(new Float32Array([1, 9, 3, 8, 2, 7]), [3, 2], 0);
  assert.deepEqual(scores, [1, 3, 2]);
  assert.deepEqual(curvePoints(scores, 100, 50), [[0, 50], [50, 0], [100, 25]]);
  assert.deepEqual(curvePoints([4], 100, 50), [[0, 50]]);
});
