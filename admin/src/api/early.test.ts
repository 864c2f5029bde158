const store = new Map<string, string>();
const storage = {
  getItem: (key: string) => store.get(key) ?? null,
  setItem: (key: string, value: string) => void store.set(key, value),
  removeItem: (key: string) => void store.delete(key),
};
const calls: string[] = [];

beforeEach(() => {
  jest.resetModules();
  store.clear();
  calls.length = 0;
  Object.assign(globalThis, {
    localStorage: storage,
    sessionStorage: storage,
    fetch: (url: string) => {
      calls.push(url);
      const number = calls.length;
      return number === 1 && store.get('first') === 'fails'
        ? Promise.reject(new TypeError('offline'))
        : Promise.resolve(new Response(JSON.stringify({ number, url })));
    },
  });
});
const load = () => import('./early');

test('the first askers share what was asked early, later ones ask anew', async () => {
  store.set('leadsea.token', 'a');
  const { askEarly, getEarly } = await load();
  askEarly();
  expect(calls).toEqual(['/api/console/me', '/api/console/meta']);
  expect(await Promise.all([getEarly('/me'), getEarly('/me'), getEarly('/meta')])).toEqual([
    { number: 1, url: '/api/console/me' },
    { number: 1, url: '/api/console/me' },
    { number: 2, url: '/api/console/meta' },
  ]);
  expect(await getEarly('/me')).toEqual({ number: 3, url: '/api/console/me' });
});

test('nothing is asked without a session, and another session never sees what was asked for the one before', async () => {
  const { askEarly, getEarly } = await load();
  askEarly();
  expect(calls).toEqual([]);
  store.set('leadsea.token', 'a');
  askEarly();
  store.set('leadsea.token', 'b');
  expect(await getEarly('/me')).toEqual({ number: 3, url: '/api/console/me' });
});

test('an early question that failed is asked again', async () => {
  store.set('leadsea.token', 'a');
  store.set('first', 'fails');
  const { askEarly, getEarly } = await load();
  askEarly();
  expect(await getEarly('/me')).toEqual({ number: 3, url: '/api/console/me' });
});
