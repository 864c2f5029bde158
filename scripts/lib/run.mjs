/** Running other programs, and talking to the person at the terminal. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';

/** A failure whose message is all the user needs: printed without a stack. */
export class Refusal extends Error {}

export const say = (line = '') => process.stdout.write(`${line}\n`);

/**
 * Runs a program to its end.
 * @returns {Promise<{ code: number, output: string }>} `output` holds stdout and stderr together; streamed too unless `quiet`
 */
export function run(command, args, { cwd = root, env = process.env, quiet = true, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    const chunks = [];
    const take = (target) => (chunk) => {
      chunks.push(chunk);
      if (!quiet) target.write(chunk);
    };
    child.stdout.on('data', take(process.stdout));
    child.stderr.on('data', take(process.stderr));
    if (input !== undefined) child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? (signal ? 128 : 1), output: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** Calls back for every line a stream gives. */
export const eachLine = (stream, callback) => createInterface({ input: stream, crlfDelay: Infinity }).on('line', callback);

/** Asks a child to end, and ends it after `grace` milliseconds. Resolves when it is gone. */
export function endChild(child, { signal = 'SIGTERM', grace = 8000 } = {}) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), grace);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill(signal);
  });
}

export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Runs a command-line script: refusals in one line, anything else with its stack; exit code 1 either way. */
export async function main(work) {
  try {
    const code = await work();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    process.stderr.write(error instanceof Refusal ? `${error.message}\n` : `${error?.stack ?? error}\n`);
    process.exitCode = 1;
  }
}
