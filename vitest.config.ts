import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests start servers, browsers and Redis: processes of their own keep one file's crash from another's result.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A machine under load must not turn a slow stop into a failed run.
    teardownTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
    globalSetup: ['test/setup/global.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'flows/**/*.ts', 'workers/**/*.ts'],
      reporter: ['text-summary', 'html', 'lcov'],
      reportOnFailure: true,
    },
  },
});
