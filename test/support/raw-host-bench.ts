import { GuestOs } from '#guest/guest-os.ts';
import type { GuestProfile } from '#guest/guest-profile.ts';
import type { LowerDevice } from '#guest/io/device-object.ts';
import type { LinuxModule } from '#guest/linux/linux-vf-driver.ts';
import type { ReadPadding } from '#guest/linux/received-length.ts';
import type { SlotEnd } from '#guest/vf-slot.ts';
import type { DialResult } from '#guest/vmbus/dial.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import {
  type ControlledTransport,
  createControlledPair,
} from '../kit/world/controlled-transport.ts';
import { ManualClock } from '../kit/world/manual-clock.ts';
import { turn } from '../kit/world/turn.ts';
import { RawHost } from './raw-host.ts';
import { recordingLog } from './recording-log.ts';
import { RecordingVf, type RecordingVfInstance } from './recording-vf.ts';

export interface RawHostBenchOptions {
  readonly vf?: RecordingVf;
  readonly profile?: GuestProfile;
  /** What drives the VF instead of `vf`, with the Linux profile. */
  readonly linuxDriver?: LinuxModule;
  readonly readPadding?: ReadPadding;
  readonly versions?: readonly number[];
  readonly retry?: boolean;
  readonly oidTimeout?: number;
  readonly stopTimeoutMs?: number;
  readonly random?: () => number;
  /** Puts something between NDIS and the VPCI driver. */
  readonly interpose?: (device: LowerDevice) => LowerDevice;
  /** What dialing gives instead of a channel to a {@link RawHost}; undefined for that channel. */
  readonly dial?: (attempt: number) => Promise<DialResult> | undefined;
  /** Called with each host before the guest has sent anything. */
  readonly onHost?: (host: RawHost) => void;
}

/** A real guest with one VF, and hosts that speak frames by hand: one for each channel it opens. */
export class RawHostBench {
  readonly clock = new ManualClock();
  readonly events: TraceEvent[] = [];
  readonly log = recordingLog();
  readonly phases: string[] = [];
  readonly hosts: RawHost[] = [];
  readonly links: ControlledTransport[] = [];
  readonly recording: RecordingVf;
  readonly os: GuestOs;
  /** How often the guest has dialed. */
  dials = 0;
  /** How the VF ended; undefined while it runs. */
  end: SlotEnd | undefined;

  constructor(options: RawHostBenchOptions = {}) {
    this.recording = options.vf ?? new RecordingVf();
    const trace = new Trace(() => this.clock.now());
    trace.listen((event) => this.events.push(event));
    this.os = new GuestOs({
      name: 'g1',
      vfs: 1,
      dial: () => this.#dial(options),
      profile: options.profile ?? 'windows',
      vfMiniport: options.linuxDriver ?? this.recording.factory,
      readPadding: options.readPadding ?? 'zero',
      interpose: options.interpose,
      configuration: new Map(),
      versions: options.versions ?? ALL_VERSIONS,
      retry: options.retry ?? false,
      oidTimeout: options.oidTimeout ?? 10,
      stopTimeoutMs: options.stopTimeoutMs,
      clock: this.clock,
      random: options.random ?? (() => 0.5),
      trace,
      log: this.log.log,
      onPhase: (_device, phase) => this.phases.push(phase),
    });
  }

  /** The host of the channel that was opened last. */
  get host(): RawHost {
    const host = this.hosts.at(-1);
    if (host === undefined) throw new Error('the guest has opened no channel');
    return host;
  }

  get vf(): RecordingVfInstance {
    return this.recording.current;
  }

  /** Runs the guest as far as it comes by itself. */
  async run(): Promise<this> {
    this.os.run().then(
      ([end]) => {
        this.end = end;
      },
      () => {},
    );
    await turn();
    return this;
  }

  #dial(options: RawHostBenchOptions): Promise<DialResult> {
    this.dials++;
    const other = options.dial?.(this.dials);
    if (other !== undefined) return other;
    const [guest, host] = createControlledPair();
    this.links.push(guest);
    const raw = new RawHost(host);
    this.hosts.push(raw);
    options.onHost?.(raw);
    return Promise.resolve({ transport: guest });
  }
}
