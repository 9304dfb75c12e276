import assert from "node:assert/strict";
import test from "node:test";
import { asker, firstOf, rowsOf } from "../../vizkit/views/js/intervention.js";

test("bars: the first ones before, then those new among the first ones after", () => {
  assert.deepEqual(rowsOf([0.1, 0.6, 0.3], [0.8, 0.1, 0.1], 1), [1, 0]);
  assert.deepEqual(rowsOf([0.5, 0.5, NaN], [0.5, 0.5, 0], 2), [0, 1]);
  assert.equal(firstOf([0.1, 0.6, 0.6]), 1);
});

test("one question at a time, and of those meanwhile only the newest", async () => {
  const sent = [];
  let busy = false;
  const ask = asker(() => busy, (changes) => { sent.push(changes); busy = true; }, 0);
  const rest = () => new Promise((done) => setTimeout(done, 5));
  ask.offer({ strength: 1 });
  ask.offer({ strength: 2 });
  await rest();
  assert.deepEqual(sent, [{ strength: 2 }], "the hand was still moving");
  ask.offer({ strength: 3 });
  await rest();
  ask.offer({ mode: "clamped", strength: 4 });
  await rest();
  assert.equal(sent.length, 1, "no answer yet");
  busy = false;
  ask.arrived();
  assert.deepEqual(sent[1], { mode: "clamped", strength: 4 });
  busy = false;
  ask.arrived();
  assert.equal(sent.length, 2, "nothing was left to ask");
  ask.offer({ strength: 5 });
  ask.stop();
  await rest();
  assert.equal(sent.length, 2, "stopped");
});
