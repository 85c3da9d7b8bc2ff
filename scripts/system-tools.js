// What the tests need from the system. It is looked for; where it is missing and we may, it is installed, else the run
// ends with one sentence that says what to install.
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './tool.js';

/**
 * `variable` names a program for this run, and is set for the tests where it was not; `programs` are its usual names, in
 * order of preference; `packages` bring one, by distribution.
 * @typedef {{ name: string, variable: string, programs: readonly string[], packages: { debian: string, ubuntu: string } }} SystemTool
 */

/** @type {readonly SystemTool[]} */
const SYSTEM_TOOLS = [
  {
    name: 'Chromium',
    variable: 'CHROMIUM',
    programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    packages: { debian: 'chromium', ubuntu: 'chromium-browser' },
  },
  {
    name: 'Firefox',
    variable: 'FIREFOX',
    programs: ['firefox-esr', 'firefox'],
    packages: { debian: 'firefox-esr', ubuntu: 'firefox' },
  },
  {
    name: "WebKit's driver",
    variable: 'WEBKIT_DRIVER',
    programs: ['WebKitWebDriver'],
    packages: { debian: 'webkit2gtk-driver', ubuntu: 'webkit2gtk-driver' },
  },
  {
    name: 'Xvfb',
    variable: 'XVFB',
    programs: ['Xvfb'],
    packages: { debian: 'xvfb', ubuntu: 'xvfb' },
  },
  {
    name: 'Redis',
    variable: 'REDIS_SERVER',
    programs: ['redis-server', 'valkey-server'],
    packages: { debian: 'redis-server', ubuntu: 'redis-server' },
  },
  {
    name: "Redis's command line",
    variable: 'REDIS_CLI',
    programs: ['redis-cli', 'valkey-cli'],
    packages: { debian: 'redis-tools', ubuntu: 'redis-tools' },
  },
  {
    name: 'Python',
    variable: 'PYTHON',
    programs: ['python3'],
    packages: { debian: 'python3', ubuntu: 'python3' },
  },
];

/** Where it is executable and ends with 101, a package that is installed must not start its service. */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

/** Makes sure that every system tool is there, and tells the tests by its variable where. Rejects with one sentence. */
export async function ensureSystemTools() {
  const missing = SYSTEM_TOOLS.filter((tool) => locate(tool) === undefined);
  if (missing.length > 0) await install(missing);
  const absent = missing.filter((tool) => locate(tool) === undefined);
  if (absent.length > 0)
    throw new Error(`Please install ${sentenceList(absent)}: the tests need it, and apt-get did not bring it.`);
}

/**
 * The path of a tool, which its variable then holds.
 * @param {SystemTool} tool
 * @returns {string | undefined}
 */
function locate({ variable, programs }) {
  const named = process.env[variable];
  const path = named !== undefined ? (isExecutable(named) ? named : undefined) : find(programs);
  if (path !== undefined) process.env[variable] = path;
  return path;
}

/** @param {readonly string[]} programs @returns {string | undefined} */
function find(programs) {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return programs.flatMap((program) => directories.map((directory) => join(directory, program))).find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {readonly SystemTool[]} tools */
async function install(tools) {
  const family = distribution();
  const packages = tools.map((tool) => tool.packages[family ?? 'debian']);
  if (family === undefined || process.getuid?.() !== 0) {
    throw new Error(
      `Please install ${sentenceList(tools)} and run this again: the tests need it (on Debian: apt-get install ${packages.join(' ')}).`,
    );
  }
  console.log(`The tests need ${sentenceList(tools)}: installing ${packages.join(' ')} with apt-get.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const steps = [['update'], ['install', '--yes', '--no-install-recommends', ...packages]];
  await withoutServices(async () => {
    for (const step of steps) {
      const { ok, output } = await run('apt-get', ['-qq', ...step], { quiet: true, env });
      if (!ok) throw new Error(`Please install ${sentenceList(tools)}: "apt-get ${step.join(' ')}" failed.\n${output}`);
    }
  });
}

/**
 * The tests start the servers they need, and want no others running: a machine's own policy stays as it is.
 * @param {() => Promise<void>} work
 */
async function withoutServices(work) {
  if (existsSync(SERVICE_POLICY)) return work();
  writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    rmSync(SERVICE_POLICY);
  }
}

/** @returns {'debian' | 'ubuntu' | undefined} */
function distribution() {
  try {
    const id = /^ID="?(debian|ubuntu)"?$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return id === 'debian' || id === 'ubuntu' ? id : undefined;
  } catch {
    return undefined;
  }
}

/** @param {readonly SystemTool[]} tools */
function sentenceList(tools) {
  return tools.map((tool) => tool.name).join(' and ');
}
