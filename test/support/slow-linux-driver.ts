import { RecordingLinuxDriver } from './recording-linux-driver.ts';

/** A driver whose probe takes until a test ends it. */
export function slowProbe() {
  let finish: (result: number) => void = () => {};
  const driver = new RecordingLinuxDriver({
    probe: () =>
      new Promise<number>((resolve) => {
        finish = resolve;
      }),
  });
  return { driver, finish: (result = 0) => finish(result) };
}

/** A driver whose remove takes until a test ends it. */
export function slowRemove() {
  let finish: () => void = () => {};
  const driver = new RecordingLinuxDriver({
    remove: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  });
  return { driver, finish: () => finish() };
}
