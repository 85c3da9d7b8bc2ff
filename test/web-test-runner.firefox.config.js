// The same tests as in Chromium. The launcher speaks WebDriver BiDi to Firefox, and calls it "Chrome" in its summary.
import { chromeLauncher } from '@web/test-runner-chrome';
import chromium from './web-test-runner.config.js';

const executablePath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export default {
  ...chromium,
  coverage: false,
  browsers: [chromeLauncher({ launchOptions: { browser: 'firefox', executablePath, headless: true } })],
};
