// A token as it is said: in quotes, its spaces kept, its line breaks and tabs seen.
export function spoken(word) {
  return `“${word.replaceAll("\n", "↵").replaceAll("\t", "⇥")}”`;
}
