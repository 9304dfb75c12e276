// A text cut into pieces: what stands in each, which share a character. No page.

const VISIBLE = { " ": "·", "\n": "⏎", "\t": "⇥", "\r": "␍" };
const HIDDEN = /[\p{C}\p{Z}\p{M}]/u;
export const MOST_PIECES = 2000;  // shown at a time

/** A text with its white space and whatever else cannot be seen made visible, as in pieces.py. */
export function readable(text) {
  return [...text].map((sign) => VISIBLE[sign] ?? (HIDDEN.test(sign)
    ? `U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}` : sign)).join("");
}

/** Bytes as two digits each. */
export function hexadecimal(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** The pieces of one encoding as groups {text, pieces: [{index, number, bytes, start, end}]}. */
export function toGroups(table, raw) {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true }), groups = [];
  for (let index = 0, start = 0; index < table.length / 3; index++) {
    const [number, end, group] = table.subarray(3 * index, 3 * index + 3);
    if (groups.at(-1)?.group !== group) groups.push({ group, pieces: [] });
    groups.at(-1).pieces.push({ index, number, start, end, bytes: raw.subarray(start, end) });
    start = end;
  }
  for (const one of groups) one.text = decoder.decode(raw.subarray(one.pieces[0].start, one.pieces.at(-1).end));
  return groups;
}

/** The indices of the pieces that share bytes with the range start to end. */
export function overlapping(groups, start, end) {
  return groups.flatMap(({ pieces }) => pieces.filter((p) => p.start < end && start < p.end).map((p) => p.index));
}

/** What is said of a piece: which one, its text or its share of one, its number, its bytes, how often. */
export function pieceWords(groups, index) {
  const group = groups.find(({ pieces }) => pieces.some((p) => p.index === index));
  if (!group) return "";
  const all = groups.flatMap(({ pieces }) => pieces), piece = all[index];
  const times = all.filter((p) => p.number === piece.number).length;
  const what = group.pieces.length > 1
    ? `part ${group.pieces.indexOf(piece) + 1} of ${group.pieces.length} of “${readable(group.text)}”` : `“${readable(group.text)}”`;
  return `token ${index + 1} of ${all.length}: ${what}, number ${piece.number}, ${piece.bytes.length} `
    + `byte${piece.bytes.length === 1 ? "" : "s"} ${hexadecimal(piece.bytes)}${times > 1 ? `, ${times} times in this text` : ""}`;
}

/** How many tokens, and how many characters one of them has. */
export function countWords(groups, text) {
  const count = groups.reduce((sum, { pieces }) => sum + pieces.length, 0), characters = [...text].length;
  return `${count.toLocaleString("en")} token${count === 1 ? "" : "s"}`
    + (count ? `, ${(characters / count).toFixed(2)} characters each` : "");
}
