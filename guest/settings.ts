import { hostname } from 'node:os';
import * as z from 'zod';
import { LOG_SETTINGS } from '#shared/settings/log-settings.ts';
import { PROTOCOL_SETTINGS } from '#shared/settings/protocol-settings.ts';
import { type SettingsOf, setting } from '#shared/settings/setting.ts';
import { keywords, name, names, port, text, token, wholeNumber } from '#shared/settings/values.ts';
import { VERIFIER_SETTINGS } from '#shared/settings/verifier-settings.ts';
import { GUEST_PROFILES } from './guest-profile.ts';
import { READ_PADDINGS } from './linux/received-length.ts';

const hostUrl = 'expected the address of a host, as ws://127.0.0.1:4040';

/** Every setting of a guest OS process. */
export const GUEST_SETTINGS = {
  host: setting({
    flag: '--host <url>',
    fallback: 'ws://127.0.0.1:4040',
    schema: z.url({ protocol: /^wss?$/, error: hostUrl }),
    about: 'where the host listens',
  }),
  name: setting({
    flag: '--name <name>',
    fallback: defaultName(),
    schema: name,
    about: "the guest's name, by which the host knows its VM; by default host name and process id",
  }),
  vfs: setting({
    flag: '--vfs <count>',
    fallback: undefined,
    schema: wholeNumber(1, 4096).optional(),
    about: 'how many VFs to attach; by default one, or one for each PF that is named',
  }),
  pf: setting({
    flag: '--pf <name...>',
    fallback: [],
    schema: names,
    about: "the PFs of the VFs, by turns; the host's first PF by default",
  }),
  profile: setting({
    flag: '--profile <windows|linux>',
    fallback: 'windows',
    schema: z.enum(GUEST_PROFILES, { error: 'expected windows or linux' }),
    about: 'the operating system whose half of the channel this guest plays',
  }),
  vfMiniport: setting({
    flag: '--vf-miniport <driver>',
    fallback: 'reference',
    schema: text,
    about:
      'VF miniport: reference, hv-vhca, null, or the path of a file that exports one, or a Linux VF driver for --profile linux',
  }),
  vfConfig: setting({
    flag: '--vf-config <KEY=VALUE...>',
    fallback: [],
    schema: keywords,
    about: "keywords for the VF adapters' configuration",
  }),
  ...PROTOCOL_SETTINGS,
  readPadding: setting({
    flag: '--read-padding <zero|marker|none>',
    fallback: 'zero',
    schema: z.enum(READ_PADDINGS, { error: 'expected zero, marker or none' }),
    about:
      'what a short read is filled up with to a multiple of 8 under --profile linux: zeros, bytes of 0xA5, or nothing',
  }),
  oidTimeout: setting({
    flag: '--oid-timeout <seconds>',
    fallback: 10,
    schema: wholeNumber(0, 86_400),
    about: 'how long a VF miniport may hold an OID request; 0 for ever',
  }),
  retry: setting({
    flag: '--no-retry',
    fallback: true,
    schema: z.union([z.boolean(), z.stringbool()], { error: 'expected true or false' }),
    about: 'end with exit code 1 when the host is unreachable or lost, instead of trying again',
  }),
  stateDir: setting({
    flag: '--state-dir <folder>',
    fallback: '.backchannel',
    schema: text,
    about: 'folder in which a host on this machine left the channel token',
  }),
  token: setting({
    flag: '--token <token>',
    fallback: undefined,
    schema: token.optional(),
    about: 'channel token, instead of the one in the state folder',
  }),
  healthPort: setting({
    flag: '--health-port <port>',
    fallback: undefined,
    schema: port.optional(),
    about:
      'loopback port that answers 200 while every VF runs, and takes `suspend` and `resume`; none by default',
  }),
  ...VERIFIER_SETTINGS,
  ...LOG_SETTINGS,
} as const;

export type GuestSettings = SettingsOf<typeof GUEST_SETTINGS>;

function defaultName(): string {
  const machine = hostname()
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return `${machine === '' ? 'guest' : machine.slice(0, 40)}-${process.pid}`;
}
