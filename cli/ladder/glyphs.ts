import type { Hop } from '#shared/trace/hop.ts';

/** The characters that a ladder is drawn with, each one column wide except `ellipsis`. */
export interface Glyphs {
  readonly lane: string;
  readonly boundary: string;
  readonly toRight: string;
  readonly toLeft: string;
  /** What the shaft of an arrow is made of. */
  readonly shafts: Readonly<Record<Hop['phase'], string>>;
  readonly within: string;
  /** At the tail of an arrow that carries a failure. */
  readonly failed: string;
  /** On the boundary, where the channel ends. */
  readonly cut: string;
  readonly ellipsis: string;
}

/** None of these is an emoji anywhere: U+25B6, the common arrow head, is one on some systems. */
export const UNICODE_GLYPHS: Glyphs = {
  lane: '│',
  boundary: '║',
  toRight: '►',
  toLeft: '◄',
  shafts: { request: '─', completion: '╌', notification: '━' },
  within: '●',
  failed: '✗',
  cut: '╳',
  ellipsis: '…',
};

export const ASCII_GLYPHS: Glyphs = {
  lane: '|',
  boundary: '#',
  toRight: '>',
  toLeft: '<',
  shafts: { request: '-', completion: '.', notification: '=' },
  within: 'o',
  failed: 'x',
  cut: 'X',
  ellipsis: '...',
};
