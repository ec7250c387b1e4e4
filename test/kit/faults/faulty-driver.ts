import type { VfDriver } from '#guest/guest-profile.ts';
import type { LinuxModule } from '#guest/linux/linux-vf-driver.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { FaultEngine } from './fault-engine.ts';
import { faultyAllocator } from './faulty-memory.ts';
import { faultyVf } from './faulty-miniports.ts';
import { overriding } from './overriding.ts';

/** A driver of a VF, of whichever operating system, that faults befall. */
export function faultyVfDriver(driver: VfDriver, engine: FaultEngine, clock: Clock): VfDriver {
  return typeof driver === 'function'
    ? faultyVf(driver, engine, clock)
    : faultyLinux(driver, engine);
}

/** A Linux VF driver that runs out of memory when a fault says so. */
function faultyLinux(module: LinuxModule, engine: FaultEngine): LinuxModule {
  return {
    init: (kernel) =>
      module.init(overriding(kernel, { kzalloc: faultyAllocator(kernel.kzalloc, engine) })),
  };
}
