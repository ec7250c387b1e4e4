import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/no-unexpected-breaches.ts'],
    testTimeout: 10_000,
    hookTimeout: 10_000,
    allowOnly: false,
    // A promise that nobody waits for, or an exception that nobody catches, fails the run.
    dangerouslyIgnoreUnhandledErrors: false,
    unstubGlobals: true,
  },
});
