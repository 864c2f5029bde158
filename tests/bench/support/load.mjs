/** A bounded load from this machine to itself: `clients` keep-alive connections, each sending its next request when the last is answered. */
import http from 'node:http';

/** @returns {Promise<{ rate: number, p50: number, p95: number, count: number, statuses: Record<string, number>, seconds: number }>} */
export async function load({ url, clients, count, request }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const target = new URL(url);
  const times = [];
  const statuses = {};
  let next = 0;
  const send = (index) =>
    new Promise((resolve, reject) => {
      const { method = 'GET', path, headers = {}, body } = request(index);
      const text = body === undefined ? undefined : JSON.stringify(body);
      const start = performance.now();
      const req = http.request(
        {
          agent,
          host: target.hostname,
          port: target.port,
          method,
          path,
          headers: { ...headers, ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}) },
        },
        (res) => {
          res.resume();
          res.on('end', () => {
            times.push(performance.now() - start);
            statuses[res.statusCode] = (statuses[res.statusCode] ?? 0) + 1;
            resolve();
          });
        },
      );
      req.on('error', reject);
      req.end(text);
    });
  const start = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (next < count) {
        const index = next;
        next += 1;
        await send(index);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { rate: count / seconds, p50: at(0.5), p95: at(0.95), count, statuses, seconds };
}

export async function login(url, { identifier, password }) {
  const response = await fetch(`${url}/api/auth/local`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifier, password }),
  });
  const { jwt } = await response.json();
  if (!jwt) throw new Error(`No login for ${identifier}: ${response.status}`);
  return jwt;
}

export const bearer = (jwt) => ({ authorization: `Bearer ${jwt}` });

/** Calls the console API and throws with the server's own words. */
export async function call(url, jwt, method, path, body) {
  const response = await fetch(`${url}/api/console${path}`, {
    method,
    headers: { ...bearer(jwt), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer.error ?? answer)}`);
  return answer;
}

/** A route that only authenticates: what the host itself costs. */
export const ping = (url, jwt, clients, count) =>
  load({ url, clients, count, request: () => ({ path: '/api/console/ping', headers: bearer(jwt) }) });

/** Its rate, warmed up. */
export const emptyRoute = async (url, jwt, clients, count = 4000) => {
  await ping(url, jwt, clients, 500);
  return ping(url, jwt, clients, count);
};

export const row = (work, measured, unit, baseline, ratio, budget, ok) => ({ work, measured, unit, baseline, ratio, budget, ok });
