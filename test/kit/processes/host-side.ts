import { ManagementOs } from '#host/management-os.ts';
import type { PhysicalFunction } from '#host/physical-function.ts';
import { ChannelListener } from '#host/vmbus/listener.ts';
import { DEFAULT_PF_NAME } from '#shared/trace/pf-trace.ts';
import { faultyPf } from '../faults/faulty-miniports.ts';
import { loadPf } from './load-driver.ts';
import type { HostOrder } from './orders.ts';
import type { Answers, StartedSide } from './side.ts';
import { newSideParts, type SideParts } from './side-parts.ts';

/**
 * A management OS of production on a loopback port, with the faults of a world in it. The command's own
 * host has no place for them, and keeps no block data in its trace.
 */
export async function startHostSide(order: HostOrder): Promise<StartedSide> {
  const parts = newSideParts(order);
  const { clock, faults } = parts;
  const pf = await loadPf(order.pf);
  const { pfs = [{ name: DEFAULT_PF_NAME }], configuration, numVfs } = order;
  const os = new ManagementOs({
    ...parts,
    pfs: pfs.map((own) => ({
      configuration,
      numVfs,
      ...own,
      pfMiniport: faultyPf(pf, faults, clock),
      oidTimeout: 10,
      maskOnReset: 'keep',
    })),
    versions: order.versions,
    ejectTimeoutMs: 60_000,
    writeSizeQuirk: order.writeSizeQuirk,
  });
  const failure = await os.start();
  if (failure !== undefined) throw new Error(failure);
  const listener = newListener(order, parts, os);
  const url = `ws://127.0.0.1:${await listener.listen()}`;
  return { parts, url, answers: answersOf(os, listener) };
}

function newListener({ token }: HostOrder, parts: SideParts, os: ManagementOs): ChannelListener {
  return new ChannelListener({
    address: { host: '127.0.0.1', port: 0 },
    token,
    clock: parts.clock,
    onChannel(transport, offer) {
      const end = parts.end(`${offer.vmName}/${offer.index}`, transport);
      void os.attach(end, offer);
    },
  });
}

function answersOf(os: ManagementOs, listener: ChannelListener): Answers {
  const named = (name: string | undefined): PhysicalFunction => {
    const pf = name === undefined ? os.pf : os.pfNamed(name);
    if (pf === undefined) throw new Error(`there is no PF ${name}`);
    return pf;
  };
  return {
    invalidate: ({ vfId, pf, mask }) => named(pf).invalidate(vfId, mask),
    resetVf: ({ vfId, pf }) => named(pf).resetVf(vfId),
    ejectVf: ({ vfId, pf }) => named(pf).ejectVf(vfId),
    async readBlock({ vfId, pf, blockId, length }) {
      await named(pf).readBlock(vfId, blockId, length);
    },
    async stop() {
      listener.close();
      await os.stop();
      const vfs = os.pfs.flatMap((pf) => pf.vfs);
      return vfs.map(({ vfId, device }) => `VF ${vfId} (${device}) is still allocated`);
    },
  };
}
