/** What the tests need from the operating system: a browser, Chinese fonts, Redis. Node's own modules only. */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { Refusal, run, say, seconds } from './run.mjs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];
const onPath = (program) => (process.env.PATH ?? '').split(':').some((dir) => existsSync(`${dir}/${program}`));
const hasChineseFont = () => {
  const { status, stdout } = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' });
  return status === null ? existsSync('/usr/share/fonts/opentype/noto') : stdout.trim().length > 0;
};

export const chromiumPath = () => [process.env.LEADSEA_CHROMIUM, ...CHROMIUM].find((file) => file && existsSync(file)) ?? null;

const missingPackages = () => [
  ...(chromiumPath() ? [] : ['chromium']),
  ...(hasChineseFont() ? [] : ['fonts-noto-cjk']),
  ...(onPath('redis-server') ? [] : ['redis-server']),
];

/** Installs what is missing when it may; otherwise says exactly what to type. */
export async function ensureSystem() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    throw new Refusal(
      `The tests need ${missing.join(', ')}. Install them, then run npm test again:\n  sudo apt-get update && sudo ${command}`,
    );
  }
  const start = performance.now();
  say(`Installing ${missing.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const update = await run('apt-get', ['update', '-q'], { env });
  const install = await run('apt-get', command.split(' ').slice(1), { env });
  if (install.code !== 0 || missingPackages().length > 0) {
    throw new Refusal(
      `"${command}" failed:\n${`${update.code === 0 ? '' : update.output}${install.output}`.trim().split('\n').slice(-10).join('\n')}`,
    );
  }
  say(`  installed in ${seconds(start)}`);
}
