import { styleText } from 'node:util';
import type { Hop } from '#shared/trace/hop.ts';
import type { LabelPiece } from './event-label.ts';

type TextStyle = Parameters<typeof styleText>[0];

/** What a piece of a ladder is; each has a colour of its own. */
export type Tone = Hop['phase'] | LabelPiece['kind'] | 'failed' | 'head' | 'lanes' | 'pause';

/** Gives a text its tone, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

const STYLES: Readonly<Partial<Record<Tone, TextStyle>>> = {
  head: 'bold',
  lanes: 'dim',
  pause: 'dim',
  request: 'cyan',
  completion: 'green',
  notification: 'yellow',
  failed: 'red',
  failure: ['bold', 'red'],
  status: 'green',
  transaction: 'dim',
  device: 'dim',
  note: 'italic',
};

/** Colours as a terminal shows them; whether it can is for the caller to know. */
export const paintColour: Paint = (tone, text) => {
  const style = STYLES[tone];
  return style === undefined ? text : styleText(style, text, { validateStream: false });
};

export const paintNothing: Paint = (_tone, text) => text;
