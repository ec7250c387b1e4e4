import { beforeAll, describe, expect, test } from 'vitest';
import { LIFECYCLES } from '#cli/states/lifecycles.ts';
import {
  NDIS_DEVICE_POWER_STATE,
  type NdisDevicePowerState,
} from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { turn } from '#test/kit/world/turn.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import { LinuxBench } from '#test/support/linux-bench.ts';
import { RAW_DEVICE } from '#test/support/raw-host.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { changesIn, changesOf, Lives } from '#test/support/state-changes.ts';
import {
  allocatedVf,
  newPfBench,
  type PfBench,
  runningVf,
  type VfBench,
} from '#test/support/vf-bench.ts';

const { NdisDeviceStateD0, NdisDeviceStateD3 } = NDIS_DEVICE_POWER_STATE;

/** What a scenario plays on: it has every state written down that a VF comes to, on either side. */
class Stage {
  readonly vfs = new Lives();
  readonly slots = new Lives();
  readonly options = { onState: this.vfs.ofVf };
  readonly #guests: AttachedGuest[] = [];

  /** A VF that runs, in a guest that comes back when it loses it. */
  async running(vf?: RecordingVf): Promise<VfBench<RecordingVf>> {
    const bench = await runningVf(this.options, vf);
    this.#guests.push(bench.guest);
    return bench;
  }

  /** A VF that runs, whose channel is lost when NDIS tells its miniport of this power state. */
  async cutAt(state: NdisDevicePowerState): Promise<VfBench<RecordingVf>> {
    const vf = new RecordingVf({
      setPower: (_vf, told) => {
        if (told === state) bench.world.cut();
      },
    });
    const bench = await this.running(vf);
    return bench;
  }

  /** A guest that is on its way to a VF that runs. */
  async attach(vf = new RecordingVf()): Promise<PfBench & { readonly guest: AttachedGuest }> {
    const bench = await newPfBench(this.options);
    const guest = await bench.world.attachGuest(vf.factory);
    this.#guests.push(guest);
    return { ...bench, guest };
  }

  /** A guest that finds no host. */
  async searching(): Promise<PfBench & { readonly guest: AttachedGuest }> {
    const bench = await newPfBench();
    const guest = await bench.world.attachGuest(new RecordingVf().factory, {
      retry: true,
      dial: () => Promise.resolve({ failure: 'there is no host', permanent: false }),
    });
    this.#guests.push(guest);
    return { ...bench, guest };
  }

  end(): void {
    for (const guest of this.#guests) this.slots.ofGuest(guest.phases);
  }
}

const SCENARIOS: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'a guest attaches, and is stopped': async (stage) => {
    const { guest } = await stage.running();
    await guest.os.stop();
  },

  'a VF is ejected': async (stage) => {
    const { world } = await stage.running();
    world.host.ejectVf(0);
  },

  'a channel is lost, and its guest comes back': async (stage) => {
    const { world } = await stage.running();
    world.cut();
    await world.advance(1_000);
  },

  'a VF is ejected before its channel is offered': async (stage) => {
    const { world, expose } = await allocatedVf(stage.options);
    world.host.ejectVf(0);
    await expose();
  },

  'a channel is lost before it is offered': async (stage) => {
    const { guest, expose } = await allocatedVf(stage.options);
    guest.close();
    await expose();
  },

  'a guest goes before its bus is in D0': async (stage) => {
    const { world } = await newPfBench(stage.options);
    const { guest } = await world.attachRawGuest();
    guest.close();
  },

  'a VF is ejected before its bus is in D0': async (stage) => {
    const { world } = await newPfBench(stage.options);
    const { guest } = await world.attachRawGuest();
    await guest.agreeOnVersion();
    world.host.ejectVf(0);
  },

  'a host accepts no version of its guest': async (stage) => {
    const { world } = await newPfBench({ ...stage.options, versions: [0x00010006] });
    const vf = new RecordingVf().factory;
    const guest = await world.attachGuest(vf, { versions: [0x00010001] });
    stage.slots.ofGuest(guest.phases);
  },

  'a VF miniport does not start': async (stage) => {
    await stage.attach(new RecordingVf({ initialize: () => NDIS_STATUS.NDIS_STATUS_FAILURE }));
  },

  'a guest is stopped while its VF miniport starts': async (stage) => {
    let started: () => void = () => {};
    const initialize = async () => {
      await new Promise<void>((resolve) => {
        started = resolve;
      });
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    };
    const { guest } = await stage.attach(new RecordingVf({ initialize }));
    const stopped = guest.os.stop();
    started();
    await stopped;
  },

  'a guest sleeps, and wakes': async (stage) => {
    const { guest } = await stage.running();
    await guest.os.suspend();
    await guest.os.resume();
  },

  'a guest sleeps through an EJECT': async (stage) => {
    const { world, guest } = await stage.running();
    await guest.os.suspend();
    world.host.ejectVf(0);
    await world.advance(60_000);
  },

  'a guest is stopped while it sleeps': async (stage) => {
    const { guest } = await stage.running();
    await guest.os.suspend();
    await guest.os.stop();
  },

  'a channel is lost while its guest sleeps, which wakes': async (stage) => {
    const { world, guest } = await stage.running();
    await guest.os.suspend();
    world.cut();
    await turn();
    await guest.os.resume();
  },

  'a channel is lost while its guest falls asleep': async (stage) => {
    const { guest } = await stage.cutAt(NdisDeviceStateD3);
    await guest.os.suspend();
  },

  'a channel is lost while its guest wakes': async (stage) => {
    const { guest } = await stage.cutAt(NdisDeviceStateD0);
    await guest.os.suspend();
    await guest.os.resume();
  },

  'a guest that finds no host tries again, and is stopped': async (stage) => {
    const { world, guest } = await stage.searching();
    await world.advance(1_000);
    await guest.os.stop();
  },

  'a guest that finds no host falls asleep, and is stopped': async (stage) => {
    const { guest } = await stage.searching();
    await guest.os.suspend();
    await guest.os.stop();
  },

  'a Linux guest finds another device in the list, and none': async (stage) => {
    const bench = await new LinuxBench().run();
    bench.host.relations([{ ...RAW_DEVICE, serialNumber: 2 }]);
    await turn();
    bench.host.relations([]);
    await turn();
    stage.slots.ofGuest(bench.phases.map((phase) => `g1/0 ${phase}`));
  },
};

/** The changes that the scenarios met, in the host and in the guests. */
const seen = { host: new Set<string>(), guest: new Set<string>() };

beforeAll(async () => {
  for (const play of Object.values(SCENARIOS)) {
    const stage = new Stage();
    await play(stage);
    await turn();
    stage.end();
    for (const change of stage.vfs.all.flatMap(changesIn)) seen.host.add(change);
    for (const change of stage.slots.all.flatMap(changesIn)) seen.guest.add(change);
  }
});

describe.each(['host', 'guest'] as const)('the table of the %s', (side) => {
  test.each(changesOf(LIFECYCLES[side].table))('%s is met', (change) => {
    expect(seen[side]).toContain(change);
  });

  test('has all that is met', () => {
    const changes = changesOf(LIFECYCLES[side].table);
    expect([...seen[side]].filter((change) => !changes.includes(change))).toEqual([]);
  });
});
