import assert from "node:assert/strict";
import test from "node:test";
import { products, sumWords } from "../../vizkit/views/js/account.js";
import { boxWords, seenBox } from "../../vizkit/views/js/maps.js";
import { barHeights, framed, patchAt, patchGrid } from "../../vizkit/views/js/patchwork.js";

test("nine patches stand in three columns, and the pointer finds them", () => {
  const grid = patchGrid(9, 11, 11, 56);
  assert.deepEqual([grid.columns, grid.rows, grid.width, grid.height], [3, 3, 56, 56]);
  assert.equal(patchAt(10, 10, grid), 0);
  assert.equal(patchAt(58, 10, grid), -1); // a gap
  assert.equal(patchAt(130, 160, grid), 8);
  assert.equal(patchAt(200, 10, grid), -1);
  assert.equal(patchAt(70, 90, patchGrid(3, 11, 11, 56)), -1); // past the last
});

test("a bar of one image can be seen, one of none cannot", () => {
  assert.deepEqual(barHeights([0, 1, 1000], 80), [0, 1.5, 80]);
});

test("an image is shown smaller where the box reaches outside of it", () => {
  assert.deepEqual(framed([0, 0, 10, 10], 64, 64, 128).image, [0, 0, 128, 128]);
  const { width, height, image, box } = framed([-36, 0, 51, 64], 64, 64, 100);
  assert.deepEqual([width, height], [64, 100]);
  assert.deepEqual(image.map((v) => v + 0), [0, 36, 64, 64]);
  assert.deepEqual(box.map((v) => v + 0), [0, 0, 64, 87]);
});

test("a value sees offset + place · step; without a field, its share of the image", () => {
  const sees = { size: [11, 11], step: [2, 2], offset: [-4, -4] };
  assert.deepEqual(seenBox(sees, { row: 0, column: 3 }, [31, 31], [64, 64]), [-4, 2, 7, 13]);
  assert.deepEqual(seenBox({}, { row: 1, column: 0 }, [2, 4], [8, 8]), [4, 0, 8, 2]);
  assert.equal(boxWords([-4, 2, 7, 13], [64, 64]), "sees rows −4 to 6, columns 2 to 12 (padding outside of the image)");
  assert.equal(boxWords([0, 2, 7, 13], [64, 64]), "sees rows 0 to 6, columns 2 to 12");
});

test("products are added over the channels, and the words say the whole sum", () => {
  assert.deepEqual([...products([1, 2, 3, 4], [10, 0, 1, -1], 2, 2)], [13, -4]);
  assert.equal(sumWords({ sums: [2, -0.5], rest: 1, bias: -0.25, value: 2.25 }), "sum of products 2.50 − bias 0.250 = 2.25");
});
