import assert from "node:assert/strict";
import test from "node:test";
import { PAPER, moved } from "../../vizkit/views/js/paper.js";
import { barRange, barsOf, bestOf } from "../../vizkit/views/js/readings.js";
import { courier } from "../../vizkit/views/js/courier.js";

test("one message is under way, and of those that wait only the newest is sent", () => {
  const sent = [];
  const post = courier((what, number) => sent.push([what, number]));
  post.offer(() => "a");
  post.offer(() => "b");
  post.offer(() => "c");
  assert.deepEqual(sent, [["a", 1]]);
  assert.ok(post.busy);
  post.arrived(1);
  assert.deepEqual(sent, [["a", 1], ["c", 2]]);
  post.arrived(1); // an old acknowledgement again: nothing
  assert.ok(post.busy);
  post.arrived(2);
  assert.ok(!post.busy);
  post.offer(() => "d");
  assert.deepEqual(sent.at(-1), ["d", 3]);
});

test("the paper's bytes are read when the message goes, not when it was offered", () => {
  let ink = 1;
  const sent = [];
  const post = courier((what) => sent.push(what));
  post.offer(() => ink);
  post.offer(() => ink);
  ink = 2;
  post.arrived(1);
  assert.deepEqual(sent, [1, 2]);
});

test("arrow keys move the pen by one pixel of the small picture and never off the paper", () => {
  assert.deepEqual(moved([70, 70], "ArrowUp"), [70, 65]);
  assert.deepEqual(moved([70, 70], "ArrowRight"), [75, 70]);
  assert.deepEqual(moved([2.5, 70], "ArrowLeft"), [2.5, 70]);
  assert.deepEqual(moved([70, PAPER - 3], "ArrowDown"), [70, PAPER - 2.5]);
  assert.equal(moved([70, 70], "a"), null);
});

test("few classes have a bar each, of many the ten best in their own order", () => {
  assert.deepEqual(barsOf(new Float32Array([0.5, 0.5])), [0, 1]);
  const values = new Float32Array(100).fill(0);
  values.set([9, NaN, 8], 40);
  const bars = barsOf(values);
  assert.equal(bars.length, 10);
  assert.ok(bars.includes(40) && bars.includes(42) && !bars.includes(41));
  assert.deepEqual(bars, [...bars].sort((a, b) => a - b));
});

test("shares have bars from 0 to 1, scores as far as they go, with zero among them", () => {
  assert.deepEqual(barRange(new Float32Array([0.25, 0.75])), [0, 1]);
  assert.deepEqual(barRange(new Float32Array([-4, 2, NaN])), [-4, 2]);
  assert.deepEqual(barRange(new Float32Array([-4, -2])), [-4, 0]);
  assert.deepEqual(barRange(new Float32Array([])), [0, 1]);
});

test("the best class is the largest finite value", () => {
  assert.equal(bestOf(new Float32Array([NaN, -3, -1, Infinity])), 2);
  assert.equal(bestOf(new Float32Array([NaN])), -1);
});
