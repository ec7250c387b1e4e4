import * as z from 'zod';
import { isToken } from '../token.ts';
import { ALL_VERSIONS, versionNamed } from '../wire/version.ts';

/** Kinds of value that the settings of both processes share. */

/** A whole number in a range, from text or from JSON. */
export function wholeNumber(min: number, max: number) {
  const error = `expected a whole number from ${min} to ${max}`;
  const inRange = z.int({ error }).min(min, { error }).max(max, { error });
  return z
    .union([z.string().regex(/^\d+$/).transform(Number), z.number()], { error })
    .pipe(inRange);
}

/** A port; 0 takes a free one. */
export const port = wholeNumber(0, 65_535);

/** Non-empty text. */
export const text = z.string().min(1, { error: 'expected some text' });

const nameExpected = 'expected 1 to 63 letters, digits, dots, hyphens or underscores';

/** What a guest or a PF is known by: it stands in URLs, logs and the trace. */
export const name = z
  .string({ error: nameExpected })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, { error: nameExpected });

/** One name, or a list of them. */
export const names = z.union([name.transform((only) => [only]), z.array(name)], {
  error: `${nameExpected}, or a list of such names`,
});

/** The secret of the channel. */
export const token = z
  .string()
  .refine(isToken, { error: 'expected visible ASCII characters, without spaces' });

/** `KEY=VALUE` pairs, as a list or as one object. */
export const keywords = z
  .union([z.array(z.string()), z.record(z.string(), z.string())], {
    error: 'expected KEY=VALUE pairs',
  })
  .transform((given, context) => {
    const pairs = Array.isArray(given) ? given.map(splitPair) : Object.entries(given);
    const wrong = pairs.findIndex(([key]) => key === '');
    if (wrong >= 0) context.addIssue(`expected KEY=VALUE`);
    return new Map<string, string>(pairs);
  });

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at < 1 ? ['', ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

const versionNames = 'expected VPCI protocol versions from 1.1 to 1.6, separated by commas';

/** VPCI protocol versions by name, separated by commas; newest first when parsed. */
export const protocolVersions = z
  .union([z.string().transform((names) => names.split(',')), z.array(z.string())], {
    error: versionNames,
  })
  .transform((names, context) => {
    const versions = names.map((name) => versionNamed(name.trim()));
    const known = versions.filter((version) => version !== undefined);
    if (known.length !== names.length || known.length === 0) context.addIssue(versionNames);
    return ALL_VERSIONS.filter((version) => known.includes(version));
  });

export const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
  error: 'expected trace, debug, info, warn, error or silent',
});

/** `auto` is `pretty` on a terminal and `json` elsewhere. */
export const logFormat = z.enum(['auto', 'pretty', 'json'], {
  error: 'expected auto, pretty or json',
});
