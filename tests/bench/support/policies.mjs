/** The shipped templates, published as a client would: grading, routing to the reps by weight, a first-response clock. */
import { createRequire } from 'node:module';
import { publishPolicy } from './world.mjs';

const require = createRequire(import.meta.url);

export async function publishStandard(url, jwt, reps) {
  const { GRADING_TEMPLATES } = require('@leadsea/lead-grading');
  const { FIRST_RESPONSE_CONTRACT } = require('@leadsea/lead-sla');
  await publishPolicy(url, jwt, 'calendars', 'office', 'Office', {
    key: 'office',
    tz: 'Asia/Shanghai',
    week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [{ start: '09:00', end: '18:00' }]])),
  });
  await publishPolicy(url, jwt, 'grading-models', 'standard', 'Standard', GRADING_TEMPLATES[0].body);
  await publishPolicy(url, jwt, 'routing-policies', 'bench', 'Bench', {
    rules: [
      {
        key: 'desk',
        label: { zh: '轮流', en: 'Desk' },
        destination: { kind: 'group', members: reps.map((rep) => ({ member: rep.email, weight: 1 })) },
      },
    ],
    otherwise: { kind: 'pool', key: 'open' },
  });
  await publishPolicy(url, jwt, 'sla-contracts', 'first-response', 'First response', { ...FIRST_RESPONSE_CONTRACT, signing: 'none' });
}

/** The standard model with further fit rules, until there are forty. */
export function fortyRules() {
  const { GRADING_TEMPLATES } = require('@leadsea/lead-grading');
  const model = structuredClone(GRADING_TEMPLATES[0].body);
  for (let index = model.fit.rules.length; index < 40; index += 1) {
    model.fit.rules.push({
      type: 'condition',
      key: `bench-${index}`,
      label: { zh: `规则 ${index}`, en: `Rule ${index}` },
      points: (index % 5) + 1,
      when: {
        combinator: 'and',
        rules: [
          { field: 'lead.employees', operator: '>=', value: index * 100 },
          { field: 'lead.country', operator: '!=', value: 'XX' },
        ],
      },
    });
  }
  return model;
}
