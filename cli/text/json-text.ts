/** What a terminal may obey, and what turns the direction of text; line ends are between the fields. */
const CONTROLS = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A value as JSON for scripts. Controls that JSON itself allows are escaped as well, since a peer
 * or a plug-in may have written them, and a terminal would obey.
 */
export function jsonText(value: unknown, indent = 0): string {
  return JSON.stringify(value, undefined, indent).replace(CONTROLS, escapeUnits);
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

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
