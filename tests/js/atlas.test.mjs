import assert from "node:assert/strict";
import test from "node:test";
import { cellNear, cellUnder, classesOf, gridFor, gridHolding, gridsOf, middleOf, named, onSheet, percent, shareOfCell, stepTo,
  touching } from "../../vizkit/views/js/tiles.js";

// A 2×2 grid with three full cells, and a 4×4 grid with four.
const numbers = Int32Array.from([0, 1, 3, 0, 5, 6, 15]);
const grids = gridsOf([2, 4], [0, 3], numbers);

test("grids know their cells by number", () => {
  assert.deepEqual(grids.map(({ first, count }) => [first, count]), [[0, 3], [3, 4]]);
  assert.deepEqual([...grids[0].at], [0, 1, -1, 2]);
  assert.equal(grids[1].at[15], 6);
  assert.deepEqual([0, 2, 3, 6].map((cell) => gridHolding(grids, cell)), [0, 0, 1, 1]);
});

test("the finest grid that is wide enough is shown, and an empty one never", () => {
  assert.equal(gridFor(grids, 100, 40), 0);
  assert.equal(gridFor(grids, 160, 40), 1);
  assert.equal(gridFor(grids, 1, 40), 0);
  assert.equal(gridFor([...grids, { side: 8, count: 0 }], 1e6, 40), 1);
});

test("the cell under a place is the one whose square holds it; y points up", () => {
  assert.equal(cellUnder(grids[0], 0.1, 0.1), 0);
  assert.equal(cellUnder(grids[0], 0.1, 0.9), -1);
  assert.equal(cellUnder(grids[0], 0.9, 0.9), 2);
  assert.deepEqual([cellUnder(grids[0], -0.1, 0.5), cellUnder(grids[0], 0.5, 1)], [-1, -1]);
  for (const cell of [3, 4, 5, 6]) assert.equal(cellUnder(grids[1], ...middleOf(4, numbers[cell])), cell);
});

test("the cell nearest to a place is found across gaps", () => {
  assert.equal(cellNear(grids[1], numbers, 1, 1), 6);
  assert.equal(cellNear(grids[1], numbers, 0, 0.3), 3);
});

test("a step goes to the next full cell that way, over gaps, and stays at the rim", () => {
  assert.equal(stepTo(grids[1], numbers, 4, 1, 0), 5);
  assert.equal(stepTo(grids[1], numbers, 4, -1, 0), 3);
  assert.equal(stepTo(grids[1], numbers, 5, 0, 1), 6);
  assert.equal(stepTo(grids[1], numbers, 6, 0, 1), 6);
});

test("touching cells are those at an edge or a corner, and rows do not wrap", () => {
  assert.deepEqual(touching(grids[1], 5), [3, 5]);
  assert.deepEqual(touching(grids[0], 0), [1, 2]);
  assert.deepEqual(touching(gridsOf([3], [0], Int32Array.from([2, 3]))[0], 2), []);
});

test("classes are told without those that are none, and found by part of their name", () => {
  const codes = Uint16Array.from([2, 0, 1, 65535]), shares = Float32Array.from([0.5, 0.25, 1, 0]), names = ["cat", "dog", "sea cat"];
  assert.deepEqual(classesOf(0, codes, shares, 2, names), [["sea cat", 0.5], ["cat", 0.25]]);
  assert.deepEqual(classesOf(1, codes, shares, 2, names), [["dog", 1]]);
  assert.deepEqual([...named("CAT ", codes, 2, names)], [0]);
  assert.equal(named("  ", codes, 2, names), null);
  assert.equal(named("whale", codes, 2, names).size, 0);
});

test("a picture's place on its sheet, its size by density, and shares in words", () => {
  assert.deepEqual([0, 3, 4, 9].map((index) => onSheet(index, 10)), [[0, 0], [3, 0], [0, 1], [1, 2]]);
  assert.deepEqual([0, 25, 100].map((count) => shareOfCell(count, 100)), [0.5, 0.75, 1]);
  assert.deepEqual([0.314, 0.004].map(percent), ["31%", "under 1%"]);
});
