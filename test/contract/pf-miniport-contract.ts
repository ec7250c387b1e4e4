import { newConfigBlockBuffer } from '#host/ndis/config-block-parameters.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { parseVfParameters } from '#host/ndis/vf-parameters.ts';
import {
  createSwitch,
  deleteSwitch,
  readVfConfigBlock,
  resetVf,
  writeVfConfigBlock,
} from '#host/virtualization-stack/vf-oids.ts';
import type { NdisHypervisorPartitionType } from '#shared/ndis/hypervisor-info.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { type OidRequestParameters, setRequest } from '#shared/ndis/oid-request.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { type ContractReport, demand, Rules } from './contract.ts';
import { NodeTimers } from './node-timers.ts';
import { type Completed, demandFailure, demandStatus } from './oid-door.ts';
import { MACHINE_PATIENCE_MS, Patience } from './patience.ts';
import { NUM_VFS, ORIGIN, PfDoor } from './pf-door.ts';
import { checkPfRegistration } from './pf-registration.ts';
import { checkVPorts } from './pf-vport-contract.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_NOT_SUPPORTED, NDIS_STATUS_INVALID_LENGTH } = NDIS_STATUS;

/** An OID that no miniport knows. */
const UNKNOWN_OID = 0xff01_0001;
/** Bytes of NDIS_SRIOV_READ_VF_CONFIG_BLOCK_PARAMETERS. */
const PARAMETERS = 20;
const NO_KEYWORDS: ReadonlyMap<string, string> = new Map();
/** Where a PF miniport belongs. */
const HOME: NdisHypervisorPartitionType = 'NdisHypervisorPartitionTypeMsHvParent';
/** Where Length and BufferOffset are in it. */
const LENGTH_AT = 12;
const BUFFER_OFFSET_AT = 16;

export interface PfMiniportContractOptions {
  /** The settings of the adapter, by keyword. */
  readonly configuration?: ReadonlyMap<string, string>;
  /** A block that a VF can read as soon as it is allocated; without it no read must succeed. */
  readonly readableBlock?: { readonly blockId: BlockId; readonly length: number };
  /** A block that a VF can write, and data that the PF takes. */
  readonly writableBlock?: { readonly blockId: BlockId; readonly data: Uint8Array };
  /** Milliseconds of the machine's time that an answer may take; 2,000 by default. */
  readonly patienceMs?: number;
  /** A block that the PF does not know. */
  readonly unknownBlock?: BlockId;
}

/**
 * Holds a PF miniport to its contract, without a virtualization stack around it: every rule is
 * checked on a miniport of its own, under a clock that is moved by hand. It needs no test framework.
 *
 * @throws ContractError that lists every broken rule
 */
export async function pfMiniportContract(
  factory: PfMiniportFactory,
  options: PfMiniportContractOptions = {},
): Promise<ContractReport> {
  const rules = new Rules('PF miniport');
  const breaches: string[] = [];
  const timers = new NodeTimers();
  const newDoor = (keywords = NO_KEYWORDS, partitionType = HOME, watched = breaches) =>
    new PfDoor(
      factory,
      new Map([...(options.configuration ?? NO_KEYWORDS), ...keywords]),
      watched,
      new Patience(new ManualClock(), options.patienceMs ?? MACHINE_PATIENCE_MS),
      partitionType,
    );
  const bench: Bench = {
    options,
    check: (rule, run) =>
      rules.check(rule, () =>
        timers.of(async () => {
          const door = await newDoor().start();
          try {
            await run(door);
          } catch (error) {
            await door.halt().catch(() => {});
            throw error;
          }
          await door.halt();
        }),
      ),
  };
  await checkPfRegistration(rules, (keywords, partitionType) =>
    newDoor(keywords, partitionType, []),
  );
  await checkSwitch(bench);
  await checkVfs(bench);
  await checkVPorts(bench.check);
  await checkBlockRequests(bench);
  await checkReads(bench);
  await checkWrites(bench);
  await checkHalt(bench);
  await timers.check(rules);
  await rules.check('it keeps to the rules of what it calls', () => {
    demand(breaches.length === 0, [...new Set(breaches)].join('; '));
  });
  return rules.report();
}

interface Bench {
  readonly options: PfMiniportContractOptions;
  /** Checks a rule on a miniport that has started, with a switch and no VF; halts it after. */
  check(rule: string, run: (door: PfDoor) => Promise<void>): Promise<void>;
}

async function checkSwitch({ check }: Bench): Promise<void> {
  await check('an OID that it does not know is NDIS_STATUS_NOT_SUPPORTED', async (door) => {
    const unknown = setRequest(UNKNOWN_OID, new Uint8Array(16));
    demandStatus(await door.issue(unknown), NDIS_STATUS_NOT_SUPPORTED);
  });
  await check('the switch is created once', async (door) => {
    demandFailure(await door.issue(createSwitch(NUM_VFS)), 'a switch that is there');
  });
  await check('the switch is deleted only when no VF is allocated', async (door) => {
    const vfId = await door.allocate();
    demandFailure(await door.issue(deleteSwitch()), 'a switch with a VF');
    demandStatus(await door.free(vfId), NDIS_STATUS_SUCCESS);
    demandStatus(await door.issue(deleteSwitch()), NDIS_STATUS_SUCCESS);
  });
}

async function checkVfs({ check }: Bench): Promise<void> {
  await check('each VF has a VFId and a RequestorId of its own', async (door) => {
    const answers = [await door.tryAllocate(), await door.tryAllocate()].map((completed) => {
      demandStatus(completed, NDIS_STATUS_SUCCESS);
      return parseVfParameters(completed.request.informationBuffer);
    });
    const [first, second] = answers;
    demand(first !== undefined && second !== undefined, 'the structure of the answer is broken');
    for (const { vfId, requestorId } of [first, second]) {
      demand(vfId !== 0xffff, 'the VFId is 0xFFFF');
      demand(requestorId !== 0xffff_ffff, 'the RequestorId is NDIS_INVALID_RID');
    }
    demand(first.vfId !== second.vfId, `both VFs have VFId ${first.vfId}`);
    demand(first.requestorId !== second.requestorId, 'both VFs have one RequestorId');
  });
  await check('no more than NumVFs VFs are allocated', async (door) => {
    for (let each = 0; each < NUM_VFS; each++) await door.allocate();
    demandFailure(await door.tryAllocate(), 'one VF more than NumVFs');
  });
  await check('a VF is freed once, and only when it is allocated', async (door) => {
    const vfId = await door.allocate();
    demandFailure(await door.free(vfId + 1), 'a VF that is not allocated');
    demandStatus(await door.free(vfId), NDIS_STATUS_SUCCESS);
    demandFailure(await door.free(vfId), 'a VF that was freed');
  });
  await check('a VFId that was freed can be given out again', async (door) => {
    for (let each = 0; each < 3 * NUM_VFS; each++) {
      const vfId = await door.allocate();
      demandStatus(await door.free(vfId), NDIS_STATUS_SUCCESS);
    }
  });
  await check('only a VF that is allocated can be reset', async (door) => {
    demandFailure(await door.issue(resetVf(0, ORIGIN)), 'a VF that is not allocated');
    const vfId = await door.allocate();
    demandStatus(await door.issue(resetVf(vfId, ORIGIN)), NDIS_STATUS_SUCCESS);
    demandStatus(await door.free(vfId), NDIS_STATUS_SUCCESS);
    demandFailure(await door.issue(resetVf(vfId, ORIGIN)), 'a VF that was freed');
  });
}

/** Both block requests of a VF, under their names. */
function blockRequests(
  vfId: number,
  { readableBlock, writableBlock }: PfMiniportContractOptions,
): readonly (readonly ['read' | 'write', OidRequestParameters])[] {
  const { blockId, length } = readableBlock ?? { blockId: 0, length: 16 };
  const write = writableBlock ?? { blockId: 0, data: new Uint8Array(16) };
  return [
    ['read', readVfConfigBlock(vfId, blockId, length, ORIGIN, 0)],
    ['write', writeVfConfigBlock(vfId, write.blockId, write.data, ORIGIN, 0)],
  ];
}

async function checkBlockRequests({ options, check }: Bench): Promise<void> {
  await check('blocks are read and written only of a VF that is allocated', async (door) => {
    const vfId = await door.allocate();
    for (const id of [vfId + 1, 0xffff]) {
      for (const [, request] of blockRequests(id, options)) {
        demandFailure(await door.issue(request), `VFId ${id}, which is not allocated`);
      }
    }
    demandStatus(await door.free(vfId), NDIS_STATUS_SUCCESS);
    for (const [, request] of blockRequests(vfId, options)) {
      demandFailure(await door.issue(request), 'a VF that was freed');
    }
  });
  await check(
    'a buffer that is too short is NDIS_STATUS_INVALID_LENGTH with BytesNeeded',
    async (door) => {
      const vfId = await door.allocate();
      for (const [kind, request] of blockRequests(vfId, options)) {
        const needed = request.informationBuffer.byteLength;
        const short =
          kind === 'read'
            ? { ...request, outputBufferLength: needed - 1 }
            : { ...request, inputBufferLength: needed - 1 };
        const isKnown =
          (kind === 'read' ? options.readableBlock : options.writableBlock) !== undefined;
        demandShort(await door.issue(short), needed, isKnown);
      }
    },
  );
  await check('a BufferOffset inside the structure fails', async (door) => {
    const vfId = await door.allocate();
    for (const [, request] of blockRequests(vfId, options)) {
      const forged = withMember(request, BUFFER_OFFSET_AT, PARAMETERS - 1);
      demandFailure(await door.issue(forged), `BufferOffset ${PARAMETERS - 1}`);
    }
  });
  await check('a Length or BufferOffset whose sum does not fit 32 bits fails', async (door) => {
    const vfId = await door.allocate();
    for (const [, request] of blockRequests(vfId, options)) {
      for (const member of [LENGTH_AT, BUFFER_OFFSET_AT]) {
        demandFailure(await door.issue(withMember(request, member, 0xffff_fff0)), 'such a sum');
      }
    }
  });
  await check('a buffer without the structure fails', async (door) => {
    const vfId = await door.allocate();
    for (const [, request] of blockRequests(vfId, options)) {
      const informationBuffer = new Uint8Array(request.informationBuffer.byteLength);
      demandFailure(await door.issue({ ...request, informationBuffer }), 'a buffer of zeros');
    }
  });
  const { unknownBlock } = options;
  if (unknownBlock === undefined) return;
  await check('a block that it does not know fails', async (door) => {
    const vfId = await door.allocate();
    demandFailure(await door.read(vfId, unknownBlock, 16), `block ${unknownBlock}`);
    demandFailure(
      await door.write(vfId, unknownBlock, new Uint8Array(16)),
      `block ${unknownBlock}`,
    );
  });
}

async function checkReads({ options, check }: Bench): Promise<void> {
  const { readableBlock, writableBlock } = options;
  if (readableBlock === undefined) return;
  const { blockId, length } = readableBlock;
  const contentOf = async (door: PfDoor, vfId: number): Promise<string> => {
    const completed = await door.read(vfId, blockId, length);
    demandStatus(completed, NDIS_STATUS_SUCCESS);
    const { informationBuffer, bytesWritten } = completed.request;
    return informationBuffer.subarray(PARAMETERS, bytesWritten).join();
  };
  await check(
    'a read has 1 to Length bytes behind BufferOffset, and writes nowhere else',
    async (door) => {
      const vfId = await door.allocate();
      const whole = readVfConfigBlock(vfId, blockId, length, ORIGIN, 0);
      const informationBuffer = new Uint8Array(PARAMETERS + length + 16).fill(0xee);
      informationBuffer.set(newConfigBlockBuffer(vfId, blockId, length));
      const parameters = informationBuffer.slice(0, PARAMETERS).join();
      const completed = await door.issue({ ...whole, informationBuffer });
      demandStatus(completed, NDIS_STATUS_SUCCESS);
      const { bytesWritten } = completed.request;
      const isInside = bytesWritten > PARAMETERS && bytesWritten <= PARAMETERS + length;
      demand(isInside, `BytesWritten is ${bytesWritten}`);
      const behind = informationBuffer.subarray(PARAMETERS + length);
      demand(
        behind.every((byte) => byte === 0xee),
        'it wrote behind the output buffer',
      );
      const after = informationBuffer.subarray(0, PARAMETERS).join();
      demand(after === parameters, 'it wrote over the parameters');
    },
  );
  await check('a reset of one VF is not noticed by another', async (door) => {
    const vfIds = [await door.allocate(), await door.allocate()] as const;
    const before = await contentOf(door, vfIds[1]);
    demandStatus(await door.issue(resetVf(vfIds[0], ORIGIN)), NDIS_STATUS_SUCCESS);
    demand((await contentOf(door, vfIds[1])) === before, 'its block has changed');
  });
  await check('a VF that has the VFId of another finds nothing of it', async (door) => {
    const vfId = await door.allocate();
    const fresh = await contentOf(door, vfId);
    if (writableBlock !== undefined)
      await door.write(vfId, writableBlock.blockId, writableBlock.data);
    demandStatus(await door.free(vfId), NDIS_STATUS_SUCCESS);
    const next = await door.allocate();
    if (next === vfId) demand((await contentOf(door, next)) === fresh, 'its block is not as new');
  });
}

async function checkWrites({ options, check }: Bench): Promise<void> {
  const { writableBlock } = options;
  if (writableBlock === undefined) return;
  await check('a write that succeeds sets SupportedRevision to 1', async (door) => {
    const vfId = await door.allocate();
    const completed = await door.write(vfId, writableBlock.blockId, writableBlock.data);
    demandStatus(completed, NDIS_STATUS_SUCCESS);
    const { supportedRevision } = completed.request;
    demand(supportedRevision === 1, `SupportedRevision is ${supportedRevision}`);
  });
}

async function checkHalt({ check }: Bench): Promise<void> {
  await check('a cancel of a request that it does not hold does nothing', async (door) => {
    door.miniport.miniportCancelOidRequest?.(0xdead);
  });
  await check('after MiniportHaltEx it has no timer, and calls NDIS no more', async (door) => {
    await door.allocate();
    await door.halt();
    demand(door.clock.timers === 0, `${door.clock.timers} timers are still set`);
    await door.clock.advance(60_000);
  });
}

/** Of a block that may be unknown, that may be what the miniport finds wrong with the request. */
function demandShort(completed: Completed, needed: number, isKnown: boolean): void {
  demandFailure(completed, 'a short buffer');
  const { status, request } = completed;
  if (isKnown) demandStatus(completed, NDIS_STATUS_INVALID_LENGTH);
  if (status !== NDIS_STATUS_INVALID_LENGTH) return;
  demand(request.bytesNeeded === needed, `BytesNeeded is ${request.bytesNeeded}, not ${needed}`);
}

/** The same request with another value in a member of its structure. */
function withMember(
  parameters: OidRequestParameters,
  offset: number,
  value: number,
): OidRequestParameters {
  const informationBuffer = parameters.informationBuffer.slice();
  new DataView(informationBuffer.buffer).setUint32(offset, value, true);
  return { ...parameters, informationBuffer };
}
