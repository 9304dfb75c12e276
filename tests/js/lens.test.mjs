import assert from "node:assert/strict";
import test from "node:test";
import { moved } from "../../vizkit/views/js/lens.js";

test("up is towards the last layer, and no key leads out of the table", () => {
  assert.deepEqual(moved([0, 1], "ArrowUp", 3, 4), [1, 1]);
  assert.deepEqual(moved([2, 1], "ArrowUp", 3, 4), [2, 1]);
  assert.deepEqual(moved([2, 1], "ArrowDown", 3, 4), [1, 1]);
  assert.deepEqual([moved([1, 0], "ArrowLeft", 3, 4), moved([1, 0], "End", 3, 4)], [[1, 0], [1, 3]]);
});
