import { STANDARD_LIFECYCLE } from '../../../../contracts';
import { directionOf, funnelOf, mainPath, type Dwell, type Flow } from './funnel';
import { bucketOf } from './histogram';

const { stages } = STANDARD_LIFECYCLE;
const flow = (from: string, to: string, count: number): Flow => ({ from, to, count });
const dwell = (stage: string, count: number, seconds: number): Dwell => ({ stage, count, bucket: bucketOf(seconds) });

test('the way to a win ends with it and has no stage beside it', () => {
  expect(mainPath(stages)).toEqual(['lead', 'mql', 'srl', 'sql', 'opportunity', 'won']);
});

test.each([
  ['lead', 'mql', 'forward'],
  ['lead', 'sql', 'forward'],
  ['opportunity', 'won', 'forward'],
  ['recycled', 'mql', 'forward'],
  ['sql', 'mql', 'back'],
  ['srl', 'recycled', 'back'],
  ['disqualified', 'lead', 'forward'],
  ['mql', 'disqualified', 'lost'],
  ['opportunity', 'lost', 'lost'],
])('%s to %s is %s', (from, to, wanted) => {
  expect(directionOf(stages, from, to)).toBe(wanted);
});

test('each stage has its leads of now, its entries and exits, and the median time in it', () => {
  const funnel = funnelOf(
    stages,
    new Map([['mql', 7]]),
    [flow('lead', 'mql', 4), flow('mql', 'srl', 2), flow('mql', 'recycled', 1), flow('mql', 'disqualified', 1)],
    [dwell('lead', 4, 60), dwell('mql', 3, 3600), dwell('mql', 1, 7200)],
  );
  expect(funnel.map(({ key }) => key)).toEqual(stages.map(({ key }) => key));
  const mql = funnel.find(({ key }) => key === 'mql')!;
  expect(mql).toMatchObject({ now: 7, entered: 4, forward: 2, back: 1, lost: 1, rate: 0.5 });
  expect(Math.abs(mql.medianSeconds! - 3600) / 3600).toBeLessThan(0.2);
  expect(funnel.find(({ key }) => key === 'won')).toMatchObject({ now: 0, entered: 0, medianSeconds: null, rate: null });
});
