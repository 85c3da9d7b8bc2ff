// Runs tests in WebKit, as Debian has it: its WebDriver, on a display that nobody sees.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** @typedef {{ driver: string, browser: string, display: string }} Programs `display` is Xvfb */
/** What the driver answers: of a new session its id, of a refusal why. @typedef {{ value: { sessionId?: string, message?: string } | null }} Answer */

/** A launcher for web-test-runner. It takes one file after the other. @param {Programs} programs */
export function webDriverLauncher(programs) {
  /** @type {Map<string, string>} a session of the test runner → one of the driver */
  const sessions = new Map();
  /** @type {import('node:child_process').ChildProcess[]} */
  const processes = [];
  let driverUrl = '';

  return {
    name: 'WebKit',
    type: 'webkit',
    concurrency: 1,
    async initialize() {
      const [display, port] = [await startDisplay(), await freePort()];
      // It has no sandbox to offer to root, and nothing but our own tests is loaded.
      const env = { ...process.env, DISPLAY: display, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' };
      processes.push(spawn(programs.driver, [`--port=${port}`], { stdio: 'ignore', env }));
      driverUrl = `http://127.0.0.1:${port}`;
    },
    async stop() {
      for (const id of sessions.keys()) await this.stopSession(id);
      for (const child of processes.splice(0)) child.kill();
    },
    /** @param {string} id @param {string} url */
    async startSession(id, url) {
      const options = { binary: programs.browser, args: ['--automation'] };
      const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
      const answer = await ask('POST', '/session', { capabilities });
      const sessionId = answer?.sessionId ?? '';
      sessions.set(id, sessionId);
      await ask('POST', `/session/${sessionId}/window/rect`, { width: 1_000, height: 800 });
      await ask('POST', `/session/${sessionId}/url`, { url });
    },
    /** @param {string} id */
    async stopSession(id) {
      await ask('DELETE', `/session/${sessions.get(id)}`);
      sessions.delete(id);
      return {};
    },
    /** @param {string} id */
    isActive: (id) => sessions.has(id),
    getBrowserUrl: () => undefined,
    startDebugSession: () => Promise.reject(new Error('WebKit is not debugged from here: open the page in a browser.')),
  };

  /** @param {string} method @param {string} path @param {object} [body] */
  async function ask(method, path, body) {
    const response = await untilListening(() =>
      fetch(driverUrl + path, {
        method,
        ...(body && { body: JSON.stringify(body) }),
        headers: { 'content-type': 'application/json' },
      }),
    );
    const { value } = /** @type {Answer} */ (await response.json());
    if (!response.ok) throw new Error(`WebKit's driver refused ${method} ${path}: ${value?.message}`);
    return value;
  }

  /** Resolves with the display's name. Xvfb looks for a free one, and says which. */
  async function startDisplay() {
    const xvfb = spawn(programs.display, ['-displayfd', '3', '-screen', '0', '1100x900x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    processes.push(xvfb);
    const [number] = await once(/** @type {import('node:stream').Readable} */ (xvfb.stdio[3]), 'data');
    return `:${String(number).trim()}`;
  }
}

/** The driver listens some moments after it was started. @template T @param {() => Promise<T>} connect */
async function untilListening(connect) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect();
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
