import assert from "node:assert/strict";
import test from "node:test";
import { chances, countAt, heatAt, placeOf, placeOfCount } from "../../vizkit/views/js/chances.js";
import { pathTo, twigs } from "../../vizkit/views/js/twigs.js";

const logits = Float32Array.from([0.5, 0.3, 0.2], Math.log);
const round = ({ shares }) => Array.from(shares, (share) => Math.round(share * 1000) / 1000);

test("greedy takes the first, temperature 1 leaves the shares as they are", () => {
  assert.deepEqual(round(chances(logits, "greedy", 1, 2, 0.5)), [1, 0, 0]);
  assert.deepEqual(round(chances(logits, "temperature", 1, 2, 0.5)), [0.5, 0.3, 0.2]);
  assert.deepEqual(round(chances(logits, "temperature", 0.5, 2, 0.5)), [0.658, 0.237, 0.105]);
});

test("top-k keeps k, top-p the fewest that reach p, never none", () => {
  assert.deepEqual(round(chances(logits, "top-k", 1, 2, 0.5)), [0.625, 0.375, 0]);
  assert.equal(chances(logits, "top-k", 1, 9, 0.5).kept, 3);
  assert.deepEqual([0.01, 0.5, 0.51, 0.8, 1].map((p) => chances(logits, "top-p", 1, 2, p).kept), [1, 1, 2, 2, 3]);
});

test("logits far apart, and some of −∞, give shares", () => {
  assert.deepEqual(round(chances(Float32Array.from([900, 0, -Infinity]), "temperature", 0.1, 1, 1)), [1, 0, 0]);
});

test("the sliders' places and back", () => {
  assert.deepEqual([heatAt(0), heatAt(0.5), heatAt(1)], [0.1, 1, 10]);
  assert.equal(placeOf(1), 0.5);
  assert.deepEqual([countAt(0, 512), countAt(1, 512), countAt(1, 50257)], [1, 512, 1000]);
  assert.equal(countAt(placeOfCount(40, 50257), 50257), 40);
});

test("the tree's lines go on until the texts part", () => {
  //   0 ─ 1 ─ 2 ─ 3
  //         └ 4 ─ 5      0 ─ 6
  const parents = [-1, 0, 1, 2, 1, 4, 0];
  assert.deepEqual(twigs(parents), [{ nodes: [1], depth: 0 }, { nodes: [2, 3], depth: 1 }, { nodes: [4, 5], depth: 1 }, { nodes: [6], depth: 0 }]);
  assert.deepEqual(pathTo(parents, 5), [1, 4, 5]);
  assert.deepEqual([twigs([-1]), pathTo(parents, 0)], [[], []]);
});

test("a long text is one line, made without recursion", () => {
  const parents = Array.from({ length: 20000 }, (_, n) => n - 1);
  assert.equal(twigs(parents)[0].nodes.length, 19999);
});
