import { columnsOf, cut } from '#shared/text/printable.ts';
import type { EventDetail } from '#shared/trace/event-details.ts';

/** A piece of a label; the pieces of a line are printed with a space between them. */
export interface LabelPiece {
  readonly kind: EventDetail['kind'] | 'name';
  readonly text: string;
}

/** The most lines that one detail takes below the first; a longer note is cut. */
const MAX_LINES = 3;

/**
 * Lays out a label in lines of at most `columns`. The first line begins with the name, and takes
 * the details in their order; the first that does not fit, and what comes after it, is left out.
 * Those of the `essential` kinds are never left out: they go on below.
 */
export function layOutLabel(
  name: string,
  details: readonly EventDetail[],
  columns: number,
  essential: ReadonlySet<EventDetail['kind']>,
  ellipsis: string,
): readonly (readonly LabelPiece[])[] {
  const first: LabelPiece[] = [{ kind: 'name', text: cut(name, columns, ellipsis) }];
  const below: LabelPiece[] = [];
  let left = columns - columnsOf(name);
  let full = false;
  for (const detail of details) {
    const width = 1 + columnsOf(detail.text);
    const wanted = essential.has(detail.kind);
    if (width <= left && (wanted || !full)) {
      first.push(detail);
      left -= width;
    } else if (wanted) below.push(detail);
    else full = true;
  }
  const lines = below.flatMap(({ kind, text }) =>
    wrap(text, columns, ellipsis).map((line) => [{ kind, text: line }]),
  );
  return [first, ...lines];
}

/** Breaks a text between words into lines; the last one is cut when there would be too many. */
function wrap(text: string, columns: number, ellipsis: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    const longer = line === undefined ? word : `${line} ${word}`;
    if (line === undefined || columnsOf(longer) > columns) lines.push(cut(word, columns, ellipsis));
    else lines[lines.length - 1] = longer;
  }
  if (lines.length <= MAX_LINES) return lines;
  const rest = lines.slice(MAX_LINES - 1).join(' ');
  return [...lines.slice(0, MAX_LINES - 1), cut(rest, columns, ellipsis)];
}
