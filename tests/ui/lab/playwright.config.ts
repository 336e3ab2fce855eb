import { defineConfig } from '@playwright/test';

import { PORT, SUITE, fillCache, serverVariables } from './places';

fillCache();

export default defineConfig({
  testDir: '.',
  // Long enough for a busy machine; nothing waits for these when all is well.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  workers: 1,
  retries: process.env.CI ? 1 : 0, // a machine that others load, too; what failed once is named in the output
  forbidOnly: true,
  reporter: 'list',
  globalTeardown: './teardown.ts',
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    actionTimeout: 20_000,
    trace: 'retain-on-failure',
    launchOptions: {
      // The system's browser: nothing is downloaded for these tests.
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // No sandbox of its own, because tests may run as root in a container, and no talk to the outside.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  webServer: {
    command: `jupyter lab --config jupyter_server_test_config.py --ServerApp.port=${PORT} >"${SUITE}/server.log" 2>&1`,
    url: `http://127.0.0.1:${PORT}/lab`,
    env: serverVariables(SUITE),
    timeout: 120_000,
    reuseExistingServer: false
  }
});
