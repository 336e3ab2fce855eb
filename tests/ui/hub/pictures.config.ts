/** The pictures of docs/hub.md: `npm --prefix tests/ui/hub run pictures`. */
import { defineConfig } from '@playwright/test';

import { BROWSER, PORT } from './places';

export default defineConfig({
  testDir: '.',
  testMatch: 'pictures.ts',
  outputDir: 'test-results/pictures',
  timeout: 300_000,
  workers: 1,
  reporter: 'list',
  use: {
    timezoneId: 'Asia/Tokyo',
    launchOptions: BROWSER,
    contextOptions: { reducedMotion: 'reduce' }
  },
  webServer: {
    command: `python double.py ${PORT}`,
    url: `http://127.0.0.1:${PORT}/services/relaunch/`,
    reuseExistingServer: false
  }
});
