import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The tests that need a Docker Engine. One file after the other, since they measure time. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/compose/**/*.compose.ts'],
    globalSetup: 'test/compose/global-setup.ts',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    // Each test goes on from where the one before it has left the containers.
    bail: 1,
    allowOnly: false,
    reporters: 'verbose',
  },
});
