/** The server as a child process: started, awaited until it listens, stopped. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { fromRoot, root } from './paths.mjs';
import { eachLine, endChild, Refusal } from './run.mjs';

/**
 * Change sets of a thousand leads live for as long as a statement takes: in a small nursery they would be moved to the old space first. And
 * the old space is cleaned when it has doubled, so that a long import holds no more memory at its end than at its beginning.
 */
const NODE_FLAGS = ['--max-semi-space-size=64', '--heap-growing-percent=100'];

const LEVEL = /^\[[^\]]+\]\s+(\w+):?\s/;

/** Passes on warnings and errors (with the lines that belong to them); everything goes to the log file. */
function follow(stream, file, show) {
  let loud = false;
  eachLine(stream, (line) => {
    file?.write(`${stripVTControlCharacters(line)}\n`);
    const level = LEVEL.exec(stripVTControlCharacters(line))?.[1];
    if (level) loud = level === 'warn' || level === 'error' || level === 'fatal';
    if (loud) show(line);
  });
}

/**
 * @param {{ env: Record<string, string>, logFile?: string, show?: (line: string) => void, onProgress?: (message: string) => void, timeout?: number }} options
 * @returns the child at once, and `ready`, which gives `{ url, accounts, first }` or rejects in one sentence
 */
export function startServerProcess({ env, logFile, show = () => undefined, onProgress = () => undefined, timeout = 600_000 }) {
  const child = spawn(process.execPath, [...NODE_FLAGS, fromRoot('scripts/server.mjs')], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  const file = logFile ? createWriteStream(logFile, { flags: 'w', mode: 0o600 }) : null;
  const tail = [];
  const keep = (line) => {
    tail.push(line);
    if (tail.length > 40) tail.shift();
  };
  eachLine(child.stdout, keep);
  eachLine(child.stderr, keep);
  follow(child.stdout, file, show);
  follow(child.stderr, file, show);
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Refusal(`The server was not ready after ${timeout / 1000} s.`)), timeout);
    child.on('message', (message) => {
      if (message.type !== 'progress') clearTimeout(timer);
      if (message.type === 'ready') resolve(message);
      if (message.type === 'failed') reject(new Refusal(message.message));
      if (message.type === 'progress') onProgress(message.message);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      // A message that was already on its way comes first.
      setTimeout(
        () =>
          reject(new Refusal(`The server ended (${signal ?? `exit code ${code}`}) before it was ready.\n${tail.slice(-15).join('\n')}`)),
        100,
      );
    });
  });
  ready.catch(() => undefined);
  return { child, ready, tail, stop: (grace = 7000) => endChild(child, { grace }) };
}
