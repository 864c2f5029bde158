import { gradingModelSchema } from '../../../contracts';
import { cutsOf, LEAST_RANKED, withLimits } from './quantile';

test('of fewer than thirty leads a rank says nothing', () => {
  expect(cutsOf(LEAST_RANKED - 1, [70, 50, 30], [40, 20, 10])).toBeNull();
  expect(cutsOf(LEAST_RANKED, [70, 50, 30], [40, 20, 10])).toEqual({
    letters: { A: 70, B: 50, C: 30 },
    numbers: { 1: 40, 2: 20, 3: 10 },
  });
});

test('bands never coincide: where many have the same points each limit is one above the next', () => {
  expect(cutsOf(100, [50, 50, 50], [5, 5, 5])).toEqual({ letters: { A: 52, B: 51, C: 50 }, numbers: { 1: 7, 2: 6, 3: 5 } });
});

test('nobody has a number for doing nothing, and a letter may need points below zero', () => {
  expect(cutsOf(100, [-5, -10, -20], [0, 0, 0])).toEqual({ letters: { A: -5, B: -10, C: -20 }, numbers: { 1: 3, 2: 2, 3: 1 } });
});

test('the model keeps everything else', () => {
  const model = gradingModelSchema.parse({
    fit: {},
    engagement: {},
    thresholds: { letters: { A: 70, B: 45, C: 25 }, numbers: { 1: 50, 2: 25, 3: 10 }, hysteresis: 4 },
    labelling: { by: 'score', hot: 60, warm: 40 },
  });
  const cuts = cutsOf(50, [9, 6, 3], [8, 4, 2])!;
  expect(withLimits(model, cuts)).toEqual({ ...model, thresholds: { ...model.thresholds, ...cuts } });
});
