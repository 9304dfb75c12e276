import assert from "node:assert/strict";
import test from "node:test";
import { activeShare, columnsFor, meaning, paintLevels, paletteWords, valueOf } from "../../vizkit/views/js/levels.js";
import { mapPixels } from "../../vizkit/views/js/maps.js";
import { palette } from "../../vizkit/views/js/values.js";
import { cameraTrouble, middleOf } from "../../vizkit/views/js/camera.js";
import { hues } from "../../vizkit/views/js/pattern.js";
import { atAngle, axisOf, makeHistory, turnedWords } from "../../vizkit/views/js/response.js";
import { fileIn, shrunkSize } from "../../vizkit/views/js/upload.js";

test("levels are the values that Python had", () => {
  const plain = meaning(new Uint8Array(1)), signed = meaning(new Int8Array(1));
  assert.equal(valueOf(254, 3, plain), 3);
  assert.equal(valueOf(127, 3, plain), 1.5);
  assert.ok(Number.isNaN(valueOf(255, 3, plain)));
  assert.equal(valueOf(-127, 3, signed), -3);
  assert.ok(Number.isNaN(valueOf(-128, 3, signed)));
});

test("painted levels have the colours of the values, each map in its place", () => {
  const levels = Int8Array.from([127, -127, 0, -128, 64, 1]), limits = Float32Array.from([2, 1, 4]); // three maps of 1 × 2
  const table = palette(true), limit = 4, near = 0.3;
  const { pixels, width, height } = paintLevels(levels, limits, 1, 2, 2, limit, near, paletteWords(table));
  assert.deepEqual([width, height], [4, 2]);
  const values = Array.from(levels, (level, i) => valueOf(level, limits[i >> 1], meaning(levels)));
  const each = mapPixels(values, 0, 6, limit, true, near, table);
  assert.deepEqual([...pixels.subarray(0, 16)], [...each.subarray(0, 16)]);
  assert.deepEqual([...pixels.subarray(16, 24)], [...each.subarray(16, 24)]);
  assert.deepEqual([...pixels.subarray(24)], new Array(8).fill(0)); // no fourth map
});

test("what is not zero and not near to it is counted", () => {
  const levels = Uint8Array.from([0, 10, 127, 254]);
  assert.equal(activeShare(levels, 0, 4, 2, meaning(levels), 0), 0.75);
  assert.equal(activeShare(levels, 0, 4, 2, meaning(levels), 0.5), 0.5);
});

test("all maps stand in one picture that no browser refuses", () => {
  for (const [count, width, height] of [[96, 31, 31], [2048, 7, 7], [64, 79, 79], [1000, 1, 1], [3, 400, 2]]) {
    const columns = columnsFor(count, width, height);
    assert.ok(columns * width < 8192 && Math.ceil(count / columns) * height < 8192);
  }
});

test("a hue stands against its opposite", () => {
  assert.deepEqual(hues(0), ["#ff0000", "#00ffff"]);
  assert.deepEqual(hues(60), ["#ffff00", "#0000ff"]);
  assert.deepEqual(hues(240), ["#0000ff", "#ffff00"]);
});

test("the curve is read between its angles and repeats", () => {
  const angles = [0, 90, 180], values = [4, 0, 4];
  assert.equal(atAngle(angles, values, 0), 4);
  assert.equal(atAngle(angles, values, 45), 2);
  assert.equal(atAngle(angles, values, 270), 0);
  assert.equal(atAngle(angles, values, 180), 4);
});

test("turning is told in numbers, with a share where there is one", () => {
  assert.equal(turnedWords(0, 28.5, 3.03), "at 0°: 28.5 · turned by 90°: 3.03 (11 %)");
  assert.equal(turnedWords(45, -1.5, 2), "at 45°: −1.50 · turned by 90°: 2.00");
});

test("an axis holds all values and zero, and has a length", () => {
  assert.deepEqual(axisOf([3, 5]), [0, 5]);
  assert.deepEqual(axisOf([-2, NaN, -1]), [-2, 0]);
  assert.deepEqual(axisOf([]), [0, 1]);
});

test("of the last frames so many are kept; other units start anew", () => {
  const history = makeHistory(3);
  for (const v of [1, 2, 3, 4]) history.add([v, -v]);
  assert.deepEqual(history.series(1), [-2, -3, -4]);
  history.add([9]);
  assert.deepEqual(history.series(0), [9]);
});

test("a large picture is shrunk in its proportions, a small one is not", () => {
  assert.deepEqual(shrunkSize(10000, 10000), [1024, 1024]);
  assert.deepEqual(shrunkSize(4000, 1000), [1024, 256]);
  assert.deepEqual(shrunkSize(20000, 2), [1024, 1]);
  assert.deepEqual(shrunkSize(64, 48), [64, 48]);
});

test("a file is found in what was dropped or pasted", () => {
  assert.equal(fileIn({ files: ["a"] }), "a");
  assert.equal(fileIn({ files: [], items: [{ kind: "string" }, { kind: "file", getAsFile: () => "b" }] }), "b");
  assert.equal(fileIn({ files: [], items: [] }), null);
  assert.equal(fileIn(null), null);
});

test("a camera that is refused, missing or taken is told apart, with what to do instead", () => {
  assert.match(cameraTrouble({ name: "NotAllowedError" }), /refused.*uploaded picture or a pattern/);
  assert.match(cameraTrouble({ name: "NotFoundError" }), /no camera on this machine/);
  assert.match(cameraTrouble({ name: "NotReadableError" }), /another program/);
  assert.match(cameraTrouble({ name: "Missing" }), /https/);
  assert.match(cameraTrouble(new Error("odd")), /odd/);
});

test("the middle square of a frame", () => {
  assert.deepEqual(middleOf(320, 240), [40, 0, 240]);
  assert.deepEqual(middleOf(10, 30), [0, 10, 10]);
});
