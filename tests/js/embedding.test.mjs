import assert from "node:assert/strict";
import test from "node:test";
import { wordsOf } from "../../vizkit/views/js/field.js";
import { picturePixels, wanted } from "../../vizkit/views/js/gallery.js";
import { legendClick, ordinal } from "../../vizkit/views/js/legend.js";
import { falseOnes } from "../../vizkit/views/js/over.js";
import { crowdOn, fitCamera, gridOf, inside, lassoed, pointAt, pointOpacity, pointSize, runsIn, sampled, searched, thumbSide, toScreen, toWorld, worldOf,
  zoomAt } from "../../vizkit/views/js/places.js";
import { landing, sliceRuns, stillGood } from "../../vizkit/views/js/panorama.js";
import { atlasColumns } from "../../vizkit/views/js/points.js";
import { rgbOf } from "../../vizkit/views/js/stage.js";
import { stopsOf } from "../../vizkit/views/js/strip.js";
import { paletteBytes, tintOf, trustBytes } from "../../vizkit/views/js/tints.js";

/** Repeatable numbers from 0 to 1. */
function chance(seed) {
  let state = seed;
  return () => { state = (state * 1664525 + 1013904223) % 4294967296; return state / 4294967296; };
}
const next = chance(1);
const places = Uint16Array.from({ length: 4000 }, () => Math.floor(next() * 65535));
places[100] = places[101] = 65535; // point 50 has no place
const grid = gridOf(places);
const world = [1, 0.5];

test("both axes of the world have one scale", () => {
  assert.deepEqual(worldOf([0, 4, 0, 1]), [1, 0.25]);
});

test("screen and world are each other's inverse, and y points up", () => {
  const camera = fitCamera(world, 600, 400);
  const [x, y] = toWorld(camera, ...toScreen(camera, 0.3, 0.2, 600, 400), 600, 400);
  assert.ok(Math.abs(x - 0.3) + Math.abs(y - 0.2) < 1e-12);
  assert.ok(toScreen(camera, 0, 0.5, 600, 400)[1] < toScreen(camera, 0, 0, 600, 400)[1]);
});

test("zooming keeps what is under the mouse there, and stops at its limits", () => {
  const camera = fitCamera(world, 600, 400);
  const before = toWorld(camera, 100, 50, 600, 400);
  const nearer = zoomAt(camera, 3, 100, 50, 600, 400, 1, 1e9);
  const after = toWorld(nearer, 100, 50, 600, 400);
  assert.ok(Math.hypot(before[0] - after[0], before[1] - after[1]) < 1e-12);
  assert.equal(zoomAt(camera, 100, 0, 0, 600, 400, 1, 2000).scale, 2000);
});

test("the grid holds each placed point once", () => {
  assert.equal(grid.order.length, 1999);
  assert.equal(new Set(grid.order).size, 1999);
  assert.ok(!grid.order.includes(50));
  assert.deepEqual(runsIn(grid, [0, 1, 0, 1]), [[0, 1999]]);
  assert.deepEqual(runsIn(grid, [2, 3, 0, 1]), []);
});

test("runs of a box hold every point in the box", () => {
  const box = [0.2, 0.4, 0.5, 0.9];
  const held = new Set(runsIn(grid, box).flatMap(([first, count]) => [...grid.order.subarray(first, first + count)]));
  for (let i = 0; i < 2000; i++) {
    const x = places[2 * i] / 65534, y = places[2 * i + 1] / 65534;
    if (i !== 50 && x >= box[0] && x <= box[1] && y >= box[2] && y <= box[3]) assert.ok(held.has(i));
  }
});

test("the point under the mouse is the nearest that may be chosen", () => {
  const far = (i, x, y) => Math.hypot((places[2 * i] / 65534 - x) * world[0], (places[2 * i + 1] / 65534 - y) * world[1]);
  for (let round = 0; round < 20; round++) {
    const [x, y] = [next(), next()];
    const even = (i) => i % 2 === 0;
    const all = [...grid.order].filter(even).sort((a, b) => far(a, x, y) - far(b, x, y));
    const radius = 0.03;
    assert.equal(pointAt(grid, places, world, x, y, radius, even), far(all[0], x, y) <= radius ? all[0] : -1);
  }
});

test("a lasso holds what is inside it", () => {
  const square = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.6], [0.1, 0.6]];
  assert.ok(inside(square, 0.3, 0.3) && !inside(square, 0.6, 0.3));
  const expected = [...Array(2000).keys()].filter((i) => i !== 50 && inside(square, places[2 * i] / 65534, places[2 * i + 1] / 65534));
  assert.deepEqual([...lassoed(grid, places, square)], expected);
  assert.deepEqual([...lassoed(grid, places, square.slice(0, 2))], []);
});

test("false neighbours are those drawn near whose true rank is beyond k", () => {
  assert.deepEqual(falseOnes([7, 3, 9], [1, 3, 4], 3), [9]);
  assert.deepEqual(falseOnes([], [], 3), []);
  assert.deepEqual([1, 2, 3, 4, 11, 13, 22, 101, 1112].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "13th", "22nd", "101st", "1,112th"]);
});

test("a stop of the path that lasts several steps is said once, with its least distance", () => {
  assert.deepEqual(stopsOf([5, 8, 8, 2, 8, 6], [0, 3, 2, 4, 1, 0]), [[5, 1, 0], [8, 2, 2], [2, 1, 4], [8, 1, 1], [6, 1, 0]]);
});

test("trust has eleven colours, and none for hidden points or those without a place", () => {
  assert.deepEqual([tintOf(0, false), tintOf(0.7, false), tintOf(1, false)], [0, 7, 10]);
  assert.equal(tintOf(1, true), 255);
  assert.equal(tintOf(NaN, false), 255);
  const bytes = trustBytes();
  assert.deepEqual([...bytes.subarray(0, 4), ...bytes.subarray(40, 44)], [213, 94, 0, 255, 0, 114, 178, 255]);
  assert.equal(bytes[4 * 255 + 3], 0);
});

test("larger pictures are asked for once, the newest first", () => {
  assert.deepEqual(wanted([1, 2, 3, 4], new Map([[3, null]]), 2), [4, 2]);
});

test("a search prefers the whole word, then parts, then says nothing was found", () => {
  const codes = Uint8Array.from([0, 1, 2, 1]);
  const groups = ["3", "13", "cat"];
  assert.deepEqual([...searched("3", codes, groups, null)], [0]);
  assert.deepEqual([...searched("CA", codes, groups, null)], [2]);
  assert.deepEqual([...searched("#1", codes, groups, null)], [1]);
  assert.deepEqual([...searched("#9", codes, groups, null)], []);
  assert.deepEqual([...searched("dog", codes, groups, ["dog", "a", "hotdog", "b"])], [0]);
  assert.equal(searched("  ", codes, groups, null), null);
});

test("a click in the legend isolates, a second one shows all, with Shift it hides one", () => {
  assert.deepEqual(legendClick([], 1, 3, false), [0, 2]);
  assert.deepEqual(legendClick([0, 2], 1, 3, false), []);
  assert.deepEqual(legendClick([0, 2], 0, 3, false), [1, 2]);
  assert.deepEqual(legendClick([], 1, 3, true), [1]);
  assert.deepEqual(legendClick([1], 1, 3, true), []);
});

test("thumbnails come where there is room and points shrink in a crowd", () => {
  assert.equal(thumbSide(100000, 300000), 0);
  assert.equal(thumbSide(1, 300000), 56);
  assert.ok(thumbSide(1000, 300000) > 10);
  assert.ok(pointSize(10) > pointSize(10000) && pointSize(1e7) >= 1.5);
  assert.equal(pointOpacity(1000, 5, 300000), 0.9);
  assert.ok(pointOpacity(1e6, 1.5, 300000) < 0.3 && pointOpacity(1e9, 1.5, 300000) === 0.1);
  const [count, area] = crowdOn(Float32Array.from([5, 5, 6, 6, 700, 5]), 600, 400);
  assert.equal(count, 2);
  assert.equal(area, 56 * 56);
});

test("of a crowd one point a cell is shown, the same ones after a move", () => {
  const screen = Float32Array.from([5, 5, 6, 4, 25, 5, 29, 5, 1, 1]);
  assert.deepEqual(sampled(screen, [0, 0], 10), [0, 2]);
  const moved = screen.map((v, i) => v + (i % 2 ? 40 : -13));
  assert.deepEqual(sampled(moved, [-13, 40], 10), [0, 2]);
});

test("a hidden group has no colour, and the atlas is about square", () => {
  const bytes = paletteBytes(2, new Set([1]));
  assert.deepEqual([...bytes.subarray(0, 8)], [0, 114, 178, 255, 230, 159, 0, 0]);
  assert.equal(atlasColumns(100, 8, 8), 10);
  assert.equal(atlasColumns(1, 8, 8), 1);
});

test("pictures, colours and names are read", () => {
  const pixels = picturePixels({ shape: [2, 1, 1], values: Uint8Array.from([9, 200]) }, 1);
  assert.deepEqual([...pixels], [200, 200, 200, 255]);
  assert.deepEqual([...picturePixels({ shape: [1, 1, 1, 3], values: Uint8Array.from([1, 2, 3]) }, 0)], [1, 2, 3, 255]);
  assert.deepEqual(rgbOf("#f00"), [1, 0, 0]);
  assert.deepEqual(rgbOf("rgb(255, 0, 51)"), [1, 0, 0.2]);
  assert.deepEqual(wordsOf(new TextEncoder().encode("ä\nb"), 2), ["ä", "b"]);
});

test("points are drawn in slices that miss none", () => {
  const runs = [[0, 5], [10, 3], [20, 4]];
  assert.deepEqual(sliceRuns(runs, 0, 4), [[0, 4]]);
  assert.deepEqual(sliceRuns(runs, 4, 4), [[4, 1], [10, 3]]);
  assert.deepEqual(sliceRuns(runs, 8, 100), [[20, 4]]);
  assert.deepEqual(sliceRuns(runs, 12, 5), []);
});

test("a drawn picture lands where the camera has gone, and is used until its edge comes near", () => {
  const drawn = { x: 0.5, y: 0.5, scale: 100 };
  assert.deepEqual(landing(drawn, drawn, 100, 80, 200, 160, 1), [-50, -40, 150, 120]);
  assert.deepEqual(landing(drawn, { ...drawn, x: 0.6 }, 100, 80, 200, 160, 1), [-60, -40, 140, 120]);
  assert.deepEqual(landing(drawn, { ...drawn, scale: 200 }, 100, 80, 200, 160, 1), [-150, -120, 250, 200]);
  assert.ok(stillGood(drawn, { ...drawn, x: 0.6 }, 100, 80));
  assert.ok(!stillGood(drawn, { ...drawn, x: 0.8 }, 100, 80));
  assert.ok(!stillGood(drawn, { ...drawn, scale: 101 }, 100, 80));
});
