import type { NdisHaltAction, VfAdapter, VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import type { NdisDevicePowerState } from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';

/** One VF miniport that NDIS created, and what it was told. */
export class RecordingVfInstance {
  readonly adapter: VfAdapter;
  /** The mask of each OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK. */
  readonly masks: bigint[] = [];
  /** The state of each OID_PNP_SET_POWER. */
  readonly powers: NdisDevicePowerState[] = [];
  readonly halts: NdisHaltAction[] = [];

  constructor(adapter: VfAdapter) {
    this.adapter = adapter;
  }

  /** Reads a block, and returns its bytes or the status of the failure. */
  async read(blockId: BlockId, length: number): Promise<Uint8Array | NdisStatus> {
    const buffer = new Uint8Array(length);
    const status = await this.adapter.ndisMReadConfigBlock(blockId, buffer, length);
    return status === NDIS_STATUS.NDIS_STATUS_SUCCESS ? buffer : status;
  }

  write(blockId: BlockId, data: Uint8Array): Promise<NdisStatus> {
    return this.adapter.ndisMWriteConfigBlock(blockId, data, data.byteLength);
  }
}

interface RecordingVfScript {
  readonly initialize?: (vf: RecordingVfInstance) => NdisStatus | Promise<NdisStatus>;
  readonly invalidated?: (vf: RecordingVfInstance, mask: bigint) => void | Promise<void>;
  readonly setPower?: (
    vf: RecordingVfInstance,
    state: NdisDevicePowerState,
  ) => void | Promise<void>;
  readonly halt?: (vf: RecordingVfInstance) => void | Promise<void>;
}

/** VF miniports that write down what they are told; a guest that reconnects creates another. */
export class RecordingVf {
  readonly instances: RecordingVfInstance[] = [];
  readonly #script: RecordingVfScript;

  constructor(script: RecordingVfScript = {}) {
    this.#script = script;
  }

  /** The miniport that was created last. */
  get current(): RecordingVfInstance {
    const vf = this.instances.at(-1);
    if (vf === undefined) throw new Error('no VF miniport has been created');
    return vf;
  }

  readonly factory: VfMiniportFactory = (adapter) => {
    const vf = new RecordingVfInstance(adapter);
    this.instances.push(vf);
    return configBlockVf({
      initialize: () => this.#script.initialize?.(vf) ?? NDIS_STATUS.NDIS_STATUS_SUCCESS,
      invalidated: (_blocks, mask) => {
        vf.masks.push(mask);
        return this.#script.invalidated?.(vf, mask);
      },
      setPower: (state) => {
        vf.powers.push(state);
        return this.#script.setPower?.(vf, state);
      },
      halt: (action) => {
        vf.halts.push(action);
        return this.#script.halt?.(vf);
      },
    });
  };
}
