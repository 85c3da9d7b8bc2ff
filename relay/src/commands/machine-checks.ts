// Whether this machine is one to serve on: Node.js, the C library, the socket library, the port, open files, the disk.

import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ListenError } from '../adapter/adapter.ts';
import { probeListen } from '../adapter/rules.ts';
import { loadUws } from '../adapter/uws-binding.ts';
import type { RelayOptions } from '../options.ts';
import type { CheckResult } from './check.ts';
import { fail, ok, warn } from './check.ts';

/** The least Node.js, as `engines` in package.json has it. */
const MIN_NODE: readonly [major: number, minor: number] = [20, 19];
/** Connections that a relay is expected to bear, with some files for itself. */
const WANTED_FILES = 65_536;
/** Fewer than this, and a small site already meets the limit. */
const MIN_FILES = 1_024;
const WANTED_BACKLOG = 1_024;
const MIB = 1_048_576;
const WANTED_DISK_BYTES = 1_024 * MIB;
const MIN_DISK_BYTES = 64 * MIB;

/** Everything about the machine that is known without asking the network. */
export async function checkMachine(options: RelayOptions): Promise<readonly CheckResult[]> {
  return [
    checkNode(process.versions.node),
    checkSockets(options),
    await checkPort(options),
    checkFiles(readLimits()),
    ...checkBacklog(),
    ...(options.redis === undefined ? [checkDirectory('data', options.data)] : []),
    ...filesDirectoryOf(options).map((directory) => checkDirectory('files', directory)),
  ];
}

/** The version of Node.js that runs this. */
export function checkNode(version: string): CheckResult {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const finding = `${version}${libcOf()}`;
  const isEnough = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  return isEnough ? ok('Node.js', finding) : fail('Node.js', finding, `Install Node.js ${MIN_NODE.join('.')} or later.`);
}

function libcOf(): string {
  const report = process.report.getReport() as { readonly header?: { readonly glibcVersionRuntime?: string } };
  const glibc = report.header?.glibcVersionRuntime;
  if (process.platform !== 'linux') return ` on ${process.platform}`;
  return glibc === undefined ? ', a C library that is not glibc' : `, glibc ${glibc}`;
}

function checkSockets({ transport }: RelayOptions): CheckResult {
  if (transport === 'ws')
    return warn('sockets', 'ws, as configured', 'uWebSockets.js is faster: leave --transport out where it loads.');
  try {
    loadUws();
    return ok('sockets', 'uWebSockets.js loads');
  } catch {
    const finding = 'uWebSockets.js does not load here';
    const advice = 'Use a Node.js and a system that it is built for: Linux with glibc, macOS or Windows.';
    return transport === 'uws'
      ? fail('sockets', finding, `${advice} Or take --transport ws.`)
      : warn('sockets', `${finding}; ws serves instead, slower`, advice);
  }
}

async function checkPort(options: RelayOptions): Promise<CheckResult> {
  try {
    const port = await probeListen(options);
    return ok('port', options.port === 0 ? 'any free one' : `${port} on ${options.host} is free`);
  } catch (error) {
    if (error instanceof ListenError) return fail('port', `${options.port} on ${options.host} can't be had`, error.message);
    throw error;
  }
}

/** Soft and hard limit of open files, as the kernel tells them; undefined where it does not. */
export interface FileLimits {
  readonly soft: number;
  readonly hard: number;
}

/** How many files may be open: one for each connection. */
export function checkFiles(limits: FileLimits | undefined): CheckResult {
  if (limits === undefined) return warn('open files', 'not known here', `Allow ${WANTED_FILES}: each connection is one.`);
  const { soft, hard } = limits;
  // Node.js raises its soft limit to the hard one as it starts.
  const most = Math.max(soft, hard);
  const finding = `${Number.isFinite(most) ? most : 'any number'}, one for each connection`;
  if (most >= WANTED_FILES) return ok('open files', finding);
  const advice = `Allow ${WANTED_FILES}: LimitNOFILE=${WANTED_FILES} in a unit of systemd, "ulimit -n ${WANTED_FILES}" in a shell.`;
  return most < MIN_FILES ? fail('open files', finding, advice) : warn('open files', finding, advice);
}

function readLimits(): FileLimits | undefined {
  const text = readText('/proc/self/limits');
  const [, soft, hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(text ?? '') ?? [];
  return soft === undefined || hard === undefined ? undefined : { soft: limitOf(soft), hard: limitOf(hard) };
}

function limitOf(text: string): number {
  return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text);
}

function checkBacklog(): readonly CheckResult[] {
  const backlog = Number(readText('/proc/sys/net/core/somaxconn') ?? Number.NaN);
  if (Number.isNaN(backlog)) return [];
  const finding = `${backlog} connections may wait to be let in`;
  if (backlog >= WANTED_BACKLOG) return [ok('backlog', finding)];
  return [warn('backlog', finding, 'When all come back at once more would wait: sysctl -w net.core.somaxconn=4096.')];
}

/** Files lie in a directory of their own where one is named; a bucket is no directory. */
function filesDirectoryOf({ files, maxUploadBytes }: RelayOptions): readonly string[] {
  return files === undefined || maxUploadBytes === 0 || files.startsWith('s3:') ? [] : [files];
}

/** Whether a directory can be written, or made, and what room its disk has. Nothing is made. */
export function checkDirectory(subject: string, directory: string): CheckResult {
  const standing = nearestStanding(resolve(directory));
  try {
    accessSync(standing, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(standing);
    const freeBytes = bavail * bsize;
    const finding = `${directory}${standing === resolve(directory) ? '' : ' will be made'}, ${Math.floor(freeBytes / MIB)} MiB free`;
    if (freeBytes < MIN_DISK_BYTES) return fail(subject, finding, 'Make room: messages could not be stored soon.');
    if (freeBytes < WANTED_DISK_BYTES)
      return warn(subject, finding, 'Make room, or keep less with --keep-days and --keep-events.');
    return ok(subject, finding);
  } catch (error) {
    return fail(
      subject,
      `${directory} can't be written (${(error as NodeJS.ErrnoException).code ?? 'no reason given'})`,
      `Give the user that runs the relay the right to write ${standing}.`,
    );
  }
}

function nearestStanding(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestStanding(dirname(path));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
