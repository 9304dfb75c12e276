import assert from "node:assert/strict";
import test from "node:test";
import { rowsOfCell, timesEach } from "../../vizkit/views/js/cellsum.js";
import { along } from "../../vizkit/views/js/attention.js";
import { cellSize, isLater, sheetLayout, thumbPixels, weightPixels } from "../../vizkit/views/js/headmaps.js";
import { columnOf, largestOf, lookWords, rowOf } from "../../vizkit/views/js/looks.js";
import { spoken } from "../../vizkit/views/js/spoken.js";

test("the largest weight is yellow, zero is dark, what is no number magenta, what comes later clear", () => {
  const pixels = weightPixels(Float32Array.from([1, 0.5, NaN, 0]), 2, 2, 1, true);
  assert.deepEqual([...pixels.subarray(0, 4)], [253, 231, 37, 255]);
  assert.equal(pixels[7], 0, "the first token cannot look at the second");
  assert.deepEqual([...pixels.subarray(8, 11)], [214, 39, 214]);
  assert.deepEqual([...pixels.subarray(12)], [68, 1, 84, 255]);
});

test("a quarter of the top has the colour in the middle of the scale", () => {
  assert.deepEqual([...weightPixels(Float32Array.from([0.5]), 1, 1, 2, false)].slice(0, 3), [33, 145, 140]);
  assert.deepEqual([...thumbPixels(Uint8Array.from([9, 127]), 1, 1, 1, false)].slice(0, 3), [33, 145, 140]);
});

test("of blocks of tokens only those are masked in which nothing can be seen", () => {
  assert.equal(isLater(0, 1, 4, 4), true);
  assert.equal(isLater(1, 1, 4, 4), false);
  assert.equal(isLater(0, 1, 2, 4), false);
  assert.equal(isLater(0, 2, 2, 4), true);
});

test("twelve layers of twelve heads fit beside the large map, one layer stands in a block", () => {
  const many = sheetLayout(12, 12);
  assert.deepEqual([many.columns, many.rows], [12, 12]);
  assert.ok(many.cell >= 18 && many.columns * (many.cell + many.gap) <= 280);
  assert.deepEqual([sheetLayout(1, 12).columns, sheetLayout(1, 12).rows], [4, 3]);
  assert.deepEqual([cellSize(8, 8), cellSize(64, 64), cellSize(1024, 1024)], [30, 5, 2]);
});

test("rows are who looks, columns who is looked at", () => {
  const weights = Float32Array.from([1, 0, 0.25, 0.75, 0, 1]);
  assert.deepEqual([...rowOf(weights, 2, 1)], [0.25, 0.75]);
  assert.deepEqual([...columnOf(weights, 3, 2, 0)], [1, 0.25, 0]);
});

test("the largest weights are said with their words, none that is zero or no number", () => {
  assert.deepEqual(largestOf([0.2, NaN, 0.5, 0], 3), [2, 0]);
  assert.equal(lookWords([0.25, 0, 0.75], [" a", "b", "\n"]), "“↵” 0.750, “ a” 0.250");
  assert.equal(lookWords([0, 0], ["a", "b"]), "nothing");
  assert.deepEqual([spoken("a\tb"), spoken(" a\n")], ["“a⇥b”", "“ a↵”"]);
});

test("the strips of one weight: products of q and k, and v as much as it weighs", () => {
  assert.deepEqual([...timesEach([1, 2], [3, -4])], [3, -8]);
  const rows = rowsOfCell(Float32Array.from([1, 2, 3, -4, 4, 8, 8, 0]), 2, 0.5);
  assert.deepEqual([...rows["q × k"][0]], [3, -8]);
  assert.deepEqual([...rows["weight × v"][0]], [2, 4]);
  assert.equal(rows["weight × v"][1], 8, "on one scale with the output that it is part of");
});

test("keys lead along the text, from none to its first token or with End to its last", () => {
  assert.deepEqual([along(-1, "ArrowRight", 5), along(-1, "End", 5), along(2, "ArrowUp", 5), along(4, "ArrowDown", 5)], [0, 4, 1, 4]);
});
