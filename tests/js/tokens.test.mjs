import assert from "node:assert/strict";
import test from "node:test";
import { countWords, hexadecimal, overlapping, pieceWords, readable, toGroups } from "../../vizkit/views/js/cuts.js";

// " a日\n" as " a" (7), two parts of 日 (8, 9), and a line end (10)
const table = Int32Array.from([[7, 2, 0], [8, 3, 1], [9, 5, 1], [10, 6, 2]].flat());
const raw = new TextEncoder().encode(" a日\n");
const groups = toGroups(table, raw);

test("what cannot be seen is made visible, as in pieces.py", () => {
  assert.equal(readable(" the\n\t\r"), "·the⏎⇥␍");
  assert.equal(readable("\u200d"), "U+200D");
  assert.equal(readable("é\u0301"), "éU+0301");
  assert.equal(readable("\u00a0"), "U+00A0");
  assert.equal(readable("日😀"), "日😀");
});

test("pieces that share a character are one group", () => {
  assert.deepEqual(groups.map(({ text }) => text), [" a", "日", "\n"]);
  assert.deepEqual(groups.map(({ pieces }) => pieces.map(({ number }) => number)), [[7], [8, 9], [10]]);
  assert.equal(hexadecimal(groups[1].pieces[1].bytes), "97 a5");
});

test("a text without pieces has no groups", () => {
  assert.deepEqual(toGroups(new Int32Array(0), new Uint8Array(0)), []);
  assert.equal(countWords([], ""), "0 tokens");
});

test("a mark at the start of a text is kept", () => {
  const bom = new TextEncoder().encode("\ufeffa");
  assert.equal(toGroups(Int32Array.from([1, 4, 0]), bom)[0].text, "\ufeffa");
});

test("a piece is told in words", () => {
  assert.equal(pieceWords(groups, 0), "token 1 of 4: “·a”, number 7, 2 bytes 20 61");
  assert.equal(pieceWords(groups, 2), "token 3 of 4: part 2 of 2 of “日”, number 9, 2 bytes 97 a5");
  const twice = toGroups(Int32Array.from([5, 1, 0, 5, 2, 1]), new TextEncoder().encode("aa"));
  assert.equal(pieceWords(twice, 1), "token 2 of 2: “a”, number 5, 1 byte 61, 2 times in this text");
  assert.equal(pieceWords(groups, 4), "");
});

test("pieces of the other encoding that share bytes are found", () => {
  assert.deepEqual(overlapping(groups, 0, 2), [0]);
  assert.deepEqual(overlapping(groups, 1, 4), [0, 1, 2]);
  assert.deepEqual(overlapping(groups, 6, 9), []);
});

test("characters per token are counted in characters", () => {
  assert.equal(countWords(groups, " a日\n"), "4 tokens, 1.00 characters each");
  assert.equal(countWords(toGroups(Int32Array.from([1, 4, 0]), new TextEncoder().encode("😀")), "😀"), "1 token, 1.00 characters each");
});
