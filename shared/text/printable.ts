/** Whatever could move the cursor, hide text or turn its direction, and characters nobody assigned. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;
const NOT_ASCII = /[^\x20-\x7e]/gu;
const JSON_CONTROLS = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Makes a text from a peer or a plug-in safe to print: one line, and nothing a terminal obeys. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '?');
}

/** The same for a text of several lines, whose line ends are ours. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/**
 * JSON in which controls that JSON itself allows are escaped as well: it says the same, and holds
 * nothing that a terminal obeys. Line ends between the fields stay.
 */
export function printableJson(json: string): string {
  return json.replace(JSON_CONTROLS, escapeUnits);
}

/** The same for a terminal that shows ASCII alone. */
export function printableAscii(text: string): string {
  return text.replace(NOT_ASCII, '?');
}

/**
 * The columns that a printable text takes in a terminal; rather one too many than one too few, so
 * that nothing wraps: what may be wide counts as wide, and a combining mark counts as well.
 */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += isNarrow(character.codePointAt(0) ?? 0) ? 1 : 2;
  return columns;
}

/** The text if it fits into this many columns; else its beginning, and `ellipsis`. */
export function cut(text: string, columns: number, ellipsis: string): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (columnsOf(kept + character + ellipsis) > columns) break;
    kept += character;
  }
  return kept.trimEnd() + ellipsis;
}

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** Latin, Greek, Cyrillic and their like; punctuation, arrows and mathematical signs. */
function isNarrow(codePoint: number): boolean {
  return codePoint < 0x1100 || (codePoint >= 0x1e00 && codePoint < 0x2300);
}
