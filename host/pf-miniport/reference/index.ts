import type { PfAdapter, PfMiniportFactory } from '../../ndis/pf-miniport.ts';
import { definePfMiniport } from '../../ndis/pf-miniport.ts';
import { configBlockPf } from '../config-block-pf.ts';
import { openNicConfigFile } from './nic-config-file.ts';
import { InMemoryNicConfig, type NicConfigSource } from './nic-config-source.ts';
import { ReferencePf } from './reference-pf.ts';

export type { NicConfig, NicConfigInput } from './nic-config.ts';
export { NicConfigError, type NicConfigProblem } from './nic-config-error.ts';
export { openNicConfigFile } from './nic-config-file.ts';
export { InMemoryNicConfig, type NicConfigSource } from './nic-config-source.ts';

/** The keyword of the NIC configuration file's name; without it the device's own settings hold. */
export const NIC_CONFIG_FILE = 'NicConfigFile';

export interface ReferencePfOptions {
  /** Where the configuration comes from, instead of the file that the adapter's settings name. */
  readonly source?: NicConfigSource;
}

/** The PF miniport of the reference NIC; it closes its source when it is halted. */
export function createReferencePf({ source }: ReferencePfOptions = {}): PfMiniportFactory {
  return definePfMiniport((adapter) =>
    configBlockPf(
      adapter,
      new ReferencePf(adapter, async () => source ?? (await openConfigured(adapter))),
    ),
  );
}

async function openConfigured(adapter: PfAdapter): Promise<NicConfigSource> {
  const file = adapter.configuration.get(NIC_CONFIG_FILE);
  return file === undefined ? new InMemoryNicConfig() : await openNicConfigFile(file, adapter);
}

export default createReferencePf();
