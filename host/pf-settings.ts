import * as z from 'zod';
import { type SettingsOf, setting } from '#shared/settings/setting.ts';
import { keywords, name, text, wholeNumber } from '#shared/settings/values.ts';
import { DEFAULT_PF_NAME } from '#shared/trace/pf-trace.ts';

/** The settings that hold for every PF of a host, and that each PF may have for itself. */
export const PF_SETTINGS = {
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
  oidTimeout: setting({
    flag: '--oid-timeout <seconds>',
    fallback: 10,
    schema: wholeNumber(0, 86_400),
    about: 'how long the PF miniport may hold an OID request; 0 for ever',
  }),
  maskOnReset: setting({
    flag: '--mask-on-reset <keep|drop>',
    fallback: 'keep',
    schema: z.enum(['keep', 'drop'], { error: 'expected keep or drop' }),
    about: 'what OID_SRIOV_RESET_VF does to a BlockMask that waits for the guest',
  }),
} as const;

/** One PF of a host. */
export type PfSettings = SettingsOf<typeof PF_SETTINGS> & { readonly name: string };

const ownSettings = {
  name,
  pfMiniport: PF_SETTINGS.pfMiniport.schema.optional(),
  pfConfig: PF_SETTINGS.pfConfig.schema.optional(),
  nicConfig: PF_SETTINGS.nicConfig.schema,
  numVfs: PF_SETTINGS.numVfs.schema.optional(),
  oidTimeout: PF_SETTINGS.oidTimeout.schema.optional(),
  maskOnReset: PF_SETTINGS.maskOnReset.schema.optional(),
};

const expected = `expected NAME=DRIVER, or an object with ${Object.keys(ownSettings).join(', ')}`;

/** A PF as a flag names it, or as an object of the file; what that leaves out holds for all PFs. */
const ownPf = z
  .unknown()
  .transform((given) => (typeof given === 'string' ? splitPf(given) : given))
  .pipe(z.strictObject(ownSettings, { error: expected }));

/** The PFs of a host, each with a name of its own. */
export const pfs = z
  .array(ownPf, { error: 'expected a list of PFs' })
  .superRefine((all, context) => {
    const names = all.map((pf) => pf.name);
    const again = names.findIndex((each, index) => names.indexOf(each) < index);
    const message = 'expected a name that no other PF has';
    if (again >= 0) context.addIssue({ code: 'custom', path: [again, 'name'], message });
  });

/** Every PF with all its settings; without a list of them there is the one that nobody names. */
export function pfsOf(
  settings: SettingsOf<typeof PF_SETTINGS> & { readonly pfs: z.output<typeof pfs> },
): readonly PfSettings[] {
  const named = settings.pfs.length === 0 ? [{ name: DEFAULT_PF_NAME }] : settings.pfs;
  return named.map((own: z.output<typeof ownPf>) => ({
    name: own.name,
    pfMiniport: own.pfMiniport ?? settings.pfMiniport,
    pfConfig: own.pfConfig ?? settings.pfConfig,
    nicConfig: own.nicConfig ?? settings.nicConfig,
    numVfs: own.numVfs ?? settings.numVfs,
    oidTimeout: own.oidTimeout ?? settings.oidTimeout,
    maskOnReset: own.maskOnReset ?? settings.maskOnReset,
  }));
}

function splitPf(pair: string): unknown {
  const at = pair.indexOf('=');
  return at < 0 ? pair : { name: pair.slice(0, at), pfMiniport: pair.slice(at + 1) };
}
