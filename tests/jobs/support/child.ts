import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = path.resolve(__dirname, '../../..');

export interface Program {
  /** Starts the program in a process of its own. */
  start(env: Readonly<Record<string, string>>): ChildProcess;
  /** Kills what still runs and removes the built file. */
  dispose(): void;
}

/** Builds a TypeScript file beside this one so that real processes can run it, be killed, and be started again. */
export function buildProgram(name: string): Program {
  const folder = mkdtempSync(path.join(tmpdir(), 'leadsea-test-'));
  const file = path.join(folder, `${name}.cjs`);
  buildSync({
    entryPoints: [path.join(__dirname, `${name}.ts`)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'error',
  });
  const children: ChildProcess[] = [];
  return {
    start: (env) => {
      const child = spawn(process.execPath, [file], {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, NODE_PATH: path.join(ROOT, 'node_modules'), ...env },
      });
      children.push(child);
      return child;
    },
    dispose: () => {
      for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends a signal and resolves when the process is gone. */
export function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
