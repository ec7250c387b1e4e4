import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { RawHost } from './raw-host.ts';
import { RawHostBench, type RawHostBenchOptions } from './raw-host-bench.ts';
import { RecordingLinuxDriver, type RecordingLinuxInstance } from './recording-linux-driver.ts';

export interface LinuxBenchOptions extends Omit<RawHostBenchOptions, 'linuxDriver' | 'profile'> {
  readonly driver?: RecordingLinuxDriver;
}

/** A Linux guest with one VF, and hosts that speak frames by hand. */
export class LinuxBench extends RawHostBench {
  readonly driver: RecordingLinuxDriver;

  constructor(options: LinuxBenchOptions = {}) {
    const driver = options.driver ?? new RecordingLinuxDriver();
    super({
      ...options,
      profile: 'linux',
      linuxDriver: driver.module,
      onHost: (host) => {
        answerAsLinuxExpects(host);
        host.answers['READ_BLOCK'] = () => ({ status: NTSTATUS.STATUS_SUCCESS, bytes: 'EQ==' });
        host.answers['WRITE_BLOCK'] = () => ({ status: NTSTATUS.STATUS_SUCCESS });
        options.onHost?.(host);
      },
    });
    this.driver = driver;
  }

  /** The driver that was bound last. */
  get bound(): RecordingLinuxInstance {
    return this.driver.current;
  }
}

/** Has a host answer what a Linux guest asks before it enters D0. */
export function answerAsLinuxExpects(host: RawHost): void {
  host.answers['QUERY_BUS_RELATIONS'] = () => {
    host.relations();
    return undefined;
  };
  host.answers['CURRENT_RESOURCE_REQUIREMENTS'] = () => ({
    status: NTSTATUS.STATUS_SUCCESS,
    probedBars: [0, 0, 0, 0, 0, 0],
  });
}
