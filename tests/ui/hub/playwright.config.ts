import { defineConfig } from '@playwright/test';

import { BROWSER, HUB, PORT, SUITE } from './places';

export default defineConfig({
  testDir: '.',
  // Long enough for a busy machine; nothing waits for these when all is well.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  workers: 1,
  retries: process.env.CI ? 1 : 0, // a machine that others load, too; what failed once is named
  forbidOnly: true,
  reporter: 'list',
  globalTeardown: './teardown.ts',
  use: {
    viewport: { width: 1000, height: 720 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 20_000,
    trace: 'retain-on-failure',
    launchOptions: BROWSER
  },
  webServer: [
    {
      command: `python double.py ${PORT}`,
      url: `http://127.0.0.1:${PORT}/services/relaunch/`,
      reuseExistingServer: false
    },
    {
      command: `exec python hub.py ${PORT + 1} >"${SUITE}/hub.log" 2>&1`,
      url: `${HUB}services/relaunch/static/icon.svg`,
      env: { RECRATE_HUB_FOLDER: SUITE },
      timeout: 180_000,
      reuseExistingServer: false,
      gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 }
    }
  ]
});
