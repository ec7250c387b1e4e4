import { z } from '@hono/zod-openapi';
import {
  INVALIDATABLE_BLOCKS,
  isBlockLength,
  VPCI_MAX_READ_WRITE_BLOCK_SIZE,
} from '#shared/vpci/config-block.ts';
import { VF_STATES } from '../virtualization-stack/vf-state.ts';
import { pciFunctionAnswer } from './pci-function-json.ts';

/**
 * The JSON of the control API. Requests are strict, so that a misspelt field is an error; answers
 * are not, so that a client reads a host that says more.
 */

const count = z.int().min(0);
const timestamp = z.iso.datetime();
const u32 = z.int().min(0).max(0xffff_ffff);
const status = u32.describe('NDIS_STATUS; 0 is NDIS_STATUS_SUCCESS');
const statusName = z.string().describe('the documented name, or eight hexadecimal digits');

/** A BlockMask as the API gives it. */
const mask = z
  .string()
  .regex(/^0x[0-9a-f]{16}$/)
  .describe('BlockMask: 0x and sixteen hexadecimal digits; bit n is block n');

/** Every refusal. The code is for programs, the message for people. */
export const apiErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});

/** GET /health */
export const healthAnswer = z.object({ status: z.literal('ok') });

/** GET /v1/host */
export const hostAnswer = z.object({
  version: z.string().describe('of sriov-backchannel'),
  nodeVersion: z.string(),
  channelPort: count.describe('port on which guests open their channels'),
  startedAt: timestamp,
  uptimeSeconds: z.number().min(0),
  numVfs: count.describe('how many VFs all its PFs together may have allocated at once'),
  allocatedVfs: count,
});

/** A PF of the management OS. */
export const pfAnswer = z.object({
  name: z.string(),
  driver: z.string().nullable().describe('the PF miniport, as the settings name it'),
  numVfs: count.describe('how many VFs may be allocated at once'),
  allocatedVfs: count,
});

/** GET /v1/pfs */
export const pfListAnswer = z.object({ pfs: z.array(pfAnswer) });

const capabilities = u32.nullable().describe('SriovCapabilities; null when NDIS knows of none');

/** GET /v1/pfs/{pf}: with what NDIS answers of the PF, without asking the PF miniport. */
export const pfDetailAnswer = pfAnswer.extend({
  luid: z
    .string()
    .regex(/^0x[0-9a-f]{16}$/)
    .nullable()
    .describe('OID_SRIOV_PF_LUID, as 0x and sixteen hexadecimal digits'),
  hardwareCapabilities: capabilities,
  currentCapabilities: capabilities,
  switches: z
    .array(
      z.object({
        switchId: u32,
        friendlyName: z.string(),
        numVfs: count,
        numAllocatedVfs: count,
        numVPorts: count,
        numActiveVPorts: count,
      }),
    )
    .describe('OID_NIC_SWITCH_ENUM_SWITCHES'),
  vfs: z
    .array(
      z.object({
        vfId: count,
        vmName: z.string(),
        nicName: z.string(),
        macAddress: z.string().describe('CurrentMacAddress: 02:15:5d:00:00:01'),
        requestorId: u32,
      }),
    )
    .describe('OID_NIC_SWITCH_ENUM_VFS'),
});

/** A VF, as the virtualization stack sees it. */
export const vfAnswer = z.object({
  pf: z.string().describe('the name of its PF; only together with that is a VFId unique'),
  vfId: count,
  vportId: count.nullable().describe('VPort of the NIC switch, once it is attached'),
  device: z.string().describe('which VF of which guest: g1/0'),
  state: z.enum(Object.keys(VF_STATES)),
  generation: count.describe('the VF instance; a VF that is allocated again has another'),
  protocolVersion: z.string().nullable().describe('VPCI protocol version, once it is agreed on'),
  devicePowerState: z
    .string()
    .describe('NDIS_DEVICE_POWER_STATE that the guest last gave its device'),
  pendingMask: mask.describe('BlockMask that waits to be sent to the guest'),
  outstanding: count.describe('requests of the guest that have not been answered'),
  framesSent: count,
  framesReceived: count,
  bytesSent: count,
  bytesReceived: count,
  allocatedAt: timestamp,
});

/** GET /v1/vfs */
export const vfListAnswer = z.object({
  numPfs: count.describe('how many PFs the host has, of which one may have been asked for'),
  numVfs: count,
  vfs: z.array(vfAnswer),
});

/** What the PF miniport shows of a VF. */
export const vfReport = z.object({
  blocks: z.array(z.object({ blockId: u32, name: z.string() })),
  details: z.record(z.string(), z.unknown()).describe("whatever the PF knows; the author's own"),
});

/** GET /v1/vfs/{vfId} */
export const vfDetailAnswer = vfAnswer.extend({
  pciFunction: pciFunctionAnswer.nullable().describe('null before a guest has it on its bus'),
  report: vfReport.nullable().describe('null when the PF miniport shows nothing'),
});

/** The completion of an OID request that carries nothing else. */
export const statusAnswer = z.object({ status, statusName });

/** GET /v1/vfs/{vfId}/blocks/{blockId} */
export const blockAnswer = statusAnswer.extend({
  data: z.base64().describe('what was read; empty unless the read succeeded'),
  hex: z.string().describe('the same in hexadecimal'),
});

const blockData = `1 to ${VPCI_MAX_READ_WRITE_BLOCK_SIZE} bytes in base64`;

/** PUT /v1/vfs/{vfId}/blocks/{blockId} */
export const blockRequest = z.strictObject({
  data: z
    .base64({ error: `expected ${blockData}` })
    .refine((data) => isBlockLength(Buffer.byteLength(data, 'base64')), {
      error: `expected ${blockData}`,
    })
    .describe(blockData),
});

const maskRequest = z.strictObject({
  mask: z.string().regex(/^0x[0-9a-fA-F]{1,16}$/, {
    error: 'expected 1 to 16 hexadecimal digits after 0x',
  }),
});

const lastBlock = INVALIDATABLE_BLOCKS - 1;
const notInMask = { error: `expected a block from 0 to ${lastBlock}` };

const blocksRequest = z.strictObject({
  blocks: z
    .array(z.int(notInMask).min(0, notInMask).max(lastBlock, notInMask))
    .max(INVALIDATABLE_BLOCKS),
});

/** POST /v1/vfs/{vfId}/invalidate */
export const invalidateRequest = z.union([maskRequest, blocksRequest], {
  error: `expected {"mask": "0x21"} or {"blocks": [0, 5]}, with blocks from 0 to ${lastBlock}`,
});

/** The answer to an invalidation: what NdisMInvalidateConfigBlock was called with. */
export const invalidateAnswer = z.object({ mask });

export type HostAnswer = z.output<typeof hostAnswer>;
export type PfAnswer = z.output<typeof pfAnswer>;
export type PfDetailAnswer = z.output<typeof pfDetailAnswer>;
export type PfListAnswer = z.output<typeof pfListAnswer>;
export type VfAnswer = z.output<typeof vfAnswer>;
export type VfListAnswer = z.output<typeof vfListAnswer>;
export type VfDetailAnswer = z.output<typeof vfDetailAnswer>;
export type VfReport = z.output<typeof vfReport>;
export type StatusAnswer = z.output<typeof statusAnswer>;
export type BlockAnswer = z.output<typeof blockAnswer>;
export type InvalidateRequest = z.output<typeof invalidateRequest>;
export type InvalidateAnswer = z.output<typeof invalidateAnswer>;
