import * as z from 'zod';
import { LOG_SETTINGS } from '#shared/settings/log-settings.ts';
import { PROTOCOL_SETTINGS } from '#shared/settings/protocol-settings.ts';
import { type SettingsOf, setting } from '#shared/settings/setting.ts';
import { port, text, token, wholeNumber } from '#shared/settings/values.ts';
import { VERIFIER_SETTINGS } from '#shared/settings/verifier-settings.ts';
import { PF_SETTINGS, pfs } from './pf-settings.ts';

/** Every setting of the management OS process. */
export const HOST_SETTINGS = {
  listen: setting({
    flag: '--listen <address>',
    fallback: '127.0.0.1',
    schema: text,
    about: 'address on which guests open their channels',
  }),
  port: setting({
    flag: '--port <port>',
    fallback: 4040,
    schema: port,
    about: 'port on which guests open their channels; 0 takes a free one',
  }),
  controlListen: setting({
    flag: '--control-listen <address>',
    fallback: '127.0.0.1',
    schema: text,
    about: 'address of the control API',
  }),
  controlPort: setting({
    flag: '--control-port <port>',
    fallback: 4041,
    schema: port,
    about: 'port of the control API; 0 takes a free one',
  }),
  stateDir: setting({
    flag: '--state-dir <folder>',
    fallback: '.backchannel',
    schema: text,
    about:
      'folder for the tokens, generated at the first start, and the address of the control API',
  }),
  token: setting({
    flag: '--token <token>',
    fallback: undefined,
    schema: token.optional(),
    about: 'channel token, instead of the one in the state folder',
  }),
  pfs: setting({
    flag: '--pf <NAME=DRIVER...>',
    fallback: [],
    schema: pfs,
    about:
      'the PFs, instead of one that is named pf0; in the file each may have settings of its own, and those from --pf-miniport to --mask-on-reset hold for what it leaves out',
  }),
  ...PF_SETTINGS,
  ...PROTOCOL_SETTINGS,
  ejectTimeout: setting({
    flag: '--eject-timeout <seconds>',
    fallback: 60,
    schema: wholeNumber(1, 86_400),
    about: 'how long a guest may take over an EJECT before the VF is removed by surprise',
  }),
  writeSizeQuirk: setting({
    flag: '--write-size-quirk <none|2018>',
    fallback: 'none',
    schema: z.enum(['none', '2018'], { error: 'expected none or 2018' }),
    about:
      '2018: a WRITE_BLOCK must carry 4 bytes beyond its data, as some hosts of that year want',
  }),
  traceHistory: setting({
    flag: '--trace-history <events>',
    fallback: 1000,
    schema: wholeNumber(0, 1_000_000),
    about: 'trace events kept for `backchannel trace`; 0 keeps none',
  }),
  ...VERIFIER_SETTINGS,
  ...LOG_SETTINGS,
} as const;

export type HostSettings = SettingsOf<typeof HOST_SETTINGS>;
