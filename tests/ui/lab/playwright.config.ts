import { defineConfig } from '@playwright/test';

/** Another port lets two runs on one machine live side by side. */
const port = Number(process.env.RECRATE_LAB_PORT ?? 18888);

export default defineConfig({
  testDir: '.',
  timeout: 90_000,
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1280, height: 800 },
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
    command: `jupyter lab --config jupyter_server_test_config.py --ServerApp.port=${port}`,
    url: `http://127.0.0.1:${port}/lab`,
    timeout: 60_000,
    reuseExistingServer: false
  }
});
