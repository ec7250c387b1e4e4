import * as z from 'zod';
import { LOG_SETTINGS } from '#shared/settings/log-settings.ts';
import { type SettingsOf, setting } from '#shared/settings/setting.ts';
import {
  keywords,
  port,
  protocolVersions,
  text,
  token,
  wholeNumber,
} from '#shared/settings/values.ts';

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
  pfMiniport: setting({
    flag: '--pf-miniport <driver>',
    fallback: 'reference',
    schema: text,
    about: 'PF miniport: reference, hv-vhca, null, or the path of a file that exports one',
  }),
  pfConfig: setting({
    flag: '--pf-config <KEY=VALUE...>',
    fallback: [],
    schema: keywords,
    about: "keywords for the PF adapter's configuration",
  }),
  nicConfig: setting({
    flag: '--nic-config <file>',
    fallback: undefined,
    schema: text.optional(),
    about: 'NIC configuration file of the reference PF; saving it while the host runs applies it',
  }),
  numVfs: setting({
    flag: '--num-vfs <count>',
    fallback: 64,
    schema: wholeNumber(1, 65_534),
    about: 'NumVFs: how many VFs may be allocated at once',
  }),
  protocolVersions: setting({
    flag: '--protocol-versions <list>',
    fallback: '1.6,1.5,1.4,1.3,1.2,1.1',
    schema: protocolVersions,
    about: 'VPCI protocol versions that are accepted',
  }),
  oidTimeout: setting({
    flag: '--oid-timeout <seconds>',
    fallback: 10,
    schema: wholeNumber(0, 86_400),
    about: 'how long the PF miniport may hold an OID request; 0 for ever',
  }),
  ejectTimeout: setting({
    flag: '--eject-timeout <seconds>',
    fallback: 60,
    schema: wholeNumber(1, 86_400),
    about: 'how long a guest may take over an EJECT before the VF is removed by surprise',
  }),
  maskOnReset: setting({
    flag: '--mask-on-reset <keep|drop>',
    fallback: 'keep',
    schema: z.enum(['keep', 'drop'], { error: 'expected keep or drop' }),
    about: 'what OID_SRIOV_RESET_VF does to a BlockMask that waits for the guest',
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
  ...LOG_SETTINGS,
} as const;

export type HostSettings = SettingsOf<typeof HOST_SETTINGS>;
