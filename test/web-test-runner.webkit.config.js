// The same tests as in Chromium, in the engine of Safari. It draws in software and takes its time: nothing depends on how long.
import { webDriverLauncher } from './support/web-driver-launcher.js';
import chromium from './web-test-runner.config.js';

/** Where Debian and Ubuntu put the browser that the driver drives: it comes with the library, and is in no PATH. */
const LIBRARIES = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;

export default {
  ...chromium,
  testFramework: { config: { timeout: 60_000 } },
  browsers: [
    webDriverLauncher({
      driver: process.env.WEBKIT_DRIVER ?? '/usr/bin/WebKitWebDriver',
      browser: process.env.WEBKIT_BROWSER ?? `${LIBRARIES}/webkit2gtk-4.1/MiniBrowser`,
      display: process.env.XVFB ?? '/usr/bin/Xvfb',
    }),
  ],
};
