import { STANDARD_LIFECYCLE } from '../../../../contracts';
import { closedStagesOf, nextStage } from './transitions';

test('stages of the types won and lost are closed, whatever they are called', () => {
  expect(closedStagesOf(STANDARD_LIFECYCLE)).toEqual(['won', 'lost', 'disqualified']);
  const stages = STANDARD_LIFECYCLE.stages.map((stage) =>
    stage.key === 'recycled' ? { ...stage, key: 'parked', type: 'lost' as const } : stage,
  );
  expect(closedStagesOf({ ...STANDARD_LIFECYCLE, stages })).toEqual(['won', 'lost', 'parked', 'disqualified']);
});

test('the next stage never closes a lead', () => {
  expect(nextStage(STANDARD_LIFECYCLE, 'srl')).toBe('sql');
  expect(nextStage(STANDARD_LIFECYCLE, 'opportunity')).toBeNull();
  expect(nextStage(STANDARD_LIFECYCLE, 'won')).toBeNull();
});
