/** Lines that are more than words: a heading, an item of a list, a row of a table, a link. */
const STANDS_ALONE = /^(#|- |\||https?:)/;

/**
 * A text of Markdown in lines of at most `columns`. Paragraphs and the items of lists are wrapped
 * between words; a word that is longer than a line, as an address may be, is left whole.
 */
export function reflow(markdown: string, columns: number): string {
  const pieces: string[] = [];
  for (const line of markdown.split('\n')) {
    const last = pieces.at(-1);
    const goesOn = last !== undefined && last !== '' && !last.startsWith('#') && line !== '';
    if (goesOn && !STANDS_ALONE.test(line)) pieces[pieces.length - 1] = `${last} ${line.trim()}`;
    else pieces.push(line);
  }
  return pieces.map((piece) => wrap(piece, columns, piece.startsWith('- ') ? '  ' : '')).join('\n');
}

/** Breaks a line between words; what follows its first line is indented by `indent`. */
export function wrap(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(word);
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines.join('\n');
}
