/** How many columns of a terminal a text takes. Texts are fit to be shown: no control characters, no direction marks. */

/** Combining marks, variation selectors among them, and joiners take none. */
const NARROWEST = /\p{M}|[\u200b-\u200d\u2060\ufeff]/u;
/** Unicode TR 11: wide and full-width scripts, and what is drawn as a picture. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const PLAIN = /^[ -~]*$/;

function letterWidth(letter: string): number {
  if (NARROWEST.test(letter)) return 0;
  return WIDE.test(letter) ? 2 : 1;
}

export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return [...text].reduce((sum, letter) => sum + letterWidth(letter), 0);
}

/** The text where it fits; else its beginning and `…`, never half of a wide letter. */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let taken = 0;
  let end = 0;
  for (const letter of text) {
    taken += letterWidth(letter);
    if (taken > width - 1) break;
    end += letter.length;
  }
  return width > 0 ? `${text.slice(0, end)}…` : '';
}

/** Cut or filled to exactly this width. */
export function fitToWidth(text: string, width: number, isLeft = true): string {
  const cut = cutToWidth(text, width);
  const room = ' '.repeat(Math.max(0, width - textWidth(cut)));
  return isLeft ? cut + room : room + cut;
}
