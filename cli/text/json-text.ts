import { printableJson } from '#shared/text/printable.ts';

/** A value as JSON for scripts; what a peer or a plug-in wrote in it cannot reach the terminal. */
export function jsonText(value: unknown, indent = 0): string {
  return printableJson(JSON.stringify(value, undefined, indent));
}

/** The value that a text spells; undefined, which JSON cannot spell, when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
