import * as z from 'zod';
import { VERIFIER_MODES, type VerifierMode } from '../verifier/mode.ts';
import { setting } from './setting.ts';

const expected = `expected ${VERIFIER_MODES.join(', ')}, or nothing for log`;

/** The bare flag is `true`, and so may a variable or a file say it. */
const modes = new Map<string, VerifierMode>([
  ...VERIFIER_MODES.map((mode) => [mode, mode] as const),
  ['true', 'log'],
  ['false', 'off'],
]);

const verifierMode = z
  .union([z.string(), z.boolean()], { error: expected })
  .transform((given, context): VerifierMode => {
    const mode = modes.get(String(given));
    if (mode === undefined) context.addIssue(expected);
    return mode ?? 'off';
  });

/** The setting of the verifier, which both processes have. */
export const VERIFIER_SETTINGS = {
  verifier: setting({
    flag: '--verifier [mode]',
    fallback: 'off',
    schema: verifierMode,
    about:
      'watch miniports for what breaks their contract: off; log, which is what the bare flag means; or fatal, which stops them as well',
  }),
} as const;
