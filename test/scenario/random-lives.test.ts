import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIFECYCLES, lastStatesOf, type Side } from '#cli/states/lifecycles.ts';
import { GUEST_PROFILES, type GuestProfile } from '#guest/guest-profile.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf, type RecordingVfInstance } from '#test/support/recording-vf.ts';
import { changesIn, changesOf, Lives } from '#test/support/state-changes.ts';

const MAX_GUESTS = 4;
const NUM_VFS = 3;
/** Longer than a guest may take over an EJECT, and than it pauses before it dials again. */
const AT_REST_MS = 120_000;

interface Operation {
  readonly what:
    | 'attach'
    | 'suspend'
    | 'resume'
    | 'invalidate'
    | 'stop'
    | 'eject'
    | 'reset'
    | 'cut'
    | 'stopHost';
  /** Which guest, or which VF. */
  readonly which: number;
  readonly profile: GuestProfile;
  /** How long it is until the next one, in milliseconds. */
  readonly pause: number;
}

const operation: fc.Arbitrary<Operation> = fc.record({
  // What ends a VF, or all, is to come seldom enough that others meet one that lives.
  what: fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom('attach', 'suspend', 'resume', 'invalidate') },
    { weight: 15, arbitrary: fc.constantFrom('stop', 'eject', 'reset', 'cut') },
    { weight: 1, arbitrary: fc.constant('stopHost') },
  ),
  which: fc.nat(MAX_GUESTS - 1),
  profile: fc.constantFrom(...GUEST_PROFILES),
  pause: fc.oneof(fc.nat(40), fc.constant(5_000)),
});

/** A VF miniport that takes its time over all that it is asked. */
function slowVf(): RecordingVf {
  const wait = ({ adapter }: RecordingVfInstance): Promise<void> =>
    new Promise((resolve) => {
      adapter.clock.setTimer(7, resolve);
    });
  return new RecordingVf({
    initialize: async (vf) => {
      await wait(vf);
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    },
    invalidated: wait,
    setPower: wait,
    halt: wait,
  });
}

/** A host and its guests, on which anything may come at any time. */
class RandomWorld {
  readonly vfs = new Lives();
  readonly world: World;
  readonly guests: { readonly guest: AttachedGuest; readonly vf: RecordingVf }[] = [];
  readonly #pf = new RecordingPf();
  isHostStopped = false;

  constructor(seed: number) {
    const { factory: pf } = this.#pf;
    this.world = new World({
      pf,
      numVfs: NUM_VFS,
      seed,
      latency: 5,
      onState: this.vfs.ofVf,
      // Whether a VF is there is seen by a read, wherever its driver is by then.
      breaks: ['halt.no-call'],
    });
  }

  async do({ what, which, profile, pause }: Operation): Promise<void> {
    const { host } = this.world;
    const os = this.guests[which]?.guest.os;
    if (what === 'attach') this.#attach(profile);
    else if (what === 'suspend' || what === 'resume') void os?.[what]();
    else if (what === 'invalidate') this.#pf.invalidate(which, 1n);
    else if (what === 'stop') void os?.stop();
    else if (what === 'eject') host.ejectVf(which);
    else if (what === 'reset') void host.resetVf(which);
    else if (what === 'cut') this.world.cut(`g${which}/0`);
    else this.#stopHost();
    await this.world.advance(pause);
  }

  /** What is wrong with where the VFs stand once nothing is under way any more. */
  async disagreements(): Promise<readonly string[]> {
    await this.world.advance(AT_REST_MS);
    const found: string[] = [];
    for (const { guest, vf } of this.guests) {
      const [{ device, phase } = { device: '', phase: 'dialing' }] = guest.os.vfs;
      const state = this.world.host.vfs.find((each) => each.device === device)?.state ?? 'none';
      const answer = (await this.#read(vf)) ? 'reads' : 'does not read';
      const is = `${phase} in its guest, ${state} at its host, and ${answer}`;
      if (!this.#isRight(is)) found.push(`${device} is ${is}`);
    }
    return found;
  }

  #isRight(is: string): boolean {
    return [
      /^running in its guest, running at its host, and reads$/,
      /^suspended in its guest, (halted|none) at its host, and does not read$/,
      /^ended in its guest, none at its host, and does not read$/,
      ...(this.isHostStopped ? [/ in its guest, none at its host, and does not read$/] : []),
    ].some((right) => right.test(is));
  }

  async #read(vf: RecordingVf): Promise<boolean> {
    let answer: Uint8Array | number | undefined;
    vf.instances
      .at(-1)
      ?.read(5, 1)
      .then(
        (each) => {
          answer = each;
        },
        () => {},
      );
    await this.world.advance(100);
    return answer instanceof Uint8Array;
  }

  #attach(profile: GuestProfile): void {
    if (this.guests.length === MAX_GUESTS) return;
    const vf = slowVf();
    const name = `g${this.guests.length}`;
    const guest = this.world.startGuest(vf.factory, { name, profile, retry: true });
    this.guests.push({ vf, guest });
  }

  #stopHost(): void {
    this.isHostStopped = true;
    void this.world.os.stop();
  }
}

function expectLives(side: Side, lives: Lives): void {
  const { table } = LIFECYCLES[side];
  const legal = new Set(changesOf(table));
  for (const states of lives.all) {
    expect(states[0]).toBe(Object.keys(table)[0]);
    expect(changesIn(states).filter((change) => !legal.has(change))).toEqual([]);
    expect(lastStatesOf(table)).toContain(states.at(-1));
  }
}

describe('whatever comes, and whenever it does,', () => {
  test('a VF keeps to the tables, both sides agree where it stands, and it comes to its end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 10, maxLength: 60 }),
        fc.nat(),
        async (operations, seed) => {
          const random = new RandomWorld(seed);
          expect(await random.world.start()).toBeUndefined();
          for (const each of operations) await random.do(each);
          expect(await random.disagreements()).toEqual([]);
          await random.world.end();
          const slots = new Lives();
          for (const { guest } of random.guests) slots.ofGuest(guest.phases);
          expectLives('host', random.vfs);
          expectLives('guest', slots);
          expect(random.world.leftovers).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);
});
