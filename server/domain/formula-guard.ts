/** OWASP ASVS 1.2.10, with leading blanks, `|`, `%` and full-width signs, which spreadsheets also take. */
const FORMULA = /^[\s\u0000\ufeff\u200b]*[=+\-@|%\uff0b\uff0d\uff1d\uff20]/;

/** A text that a spreadsheet would run gets an apostrophe in front: commands are written by attackers. */
export function guardFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
