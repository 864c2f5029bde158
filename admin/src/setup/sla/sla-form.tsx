import type { Metric } from '@leadsea/lead-sla/contracts/contract';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useDirectory } from '../kit/directory';
import { LabelIn, SelectIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Section } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { AgreementIn } from './agreement-in';
import { Clauses, HandOff, Qualified, Terms } from './agreement-sections';
import { MetricForm } from './metric-form';
import { useMetricWords } from './metric-words';
import { Obligations } from './obligations-section';

/** The body of a contract: the agreement in words and the clocks that measure it. */
export const SlaForm = () => {
  const translate = useTranslate();
  const text = useText();
  const words = useMetricWords();
  const directory = useDirectory();
  return (
    <>
      <Section title={translate('setup.sla.agreement')} help={translate('setup.sla.agreementHelp')}>
        <LabelIn path="title" words="setup.sla.contractTitle" />
        <AgreementIn path="text" />
        <SelectIn
          path="calendar"
          words="setup.sla.calendar"
          choices={directory.calendars}
          none={translate('setup.kit.companyCalendar')}
          sx={{ maxWidth: 360 }}
        />
      </Section>
      <Terms />
      <Qualified />
      <Clauses />
      <Section title={translate('setup.sla.metrics')} help={translate('setup.sla.metricsHelp')}>
        <ListIn<Metric>
          path="metrics"
          sortable
          add={translate('setup.sla.addMetric')}
          blank={(metrics) => ({
            key: keyFrom(
              '',
              'metric',
              metrics.map((metric) => metric.key),
            ),
            label: { zh: '新时限', en: 'New deadline' },
            obligor: 'sales',
            start: { combinator: 'and', rules: [{ field: 'lead.owner', operator: 'notNull' }] },
            stop: { activities: { kinds: ['call'], direction: 'outbound', authors: 'owner' } },
            cycleMode: 'new_cycle',
            clockOwner: 'lead',
            targets: [{ duration: 'PT4H', meaning: 'budget' }],
            targetChange: 'default',
            calendarSource: 'fixed',
            warns: ['80%'],
            onWarn: [{ kind: 'notify-owner' }],
            onBreach: [{ kind: 'notify-owner' }],
            maxHops: 3,
            backdateSeconds: 900,
          })}
          summary={(metric) => (
            <Box>
              <b>{text(metric.label)}</b>
              <Box sx={{ color: 'text.secondary' }}>{words.metric(metric)}</Box>
            </Box>
          )}
          render={(path) => <MetricForm path={path} />}
        />
      </Section>
      <Obligations />
      <HandOff />
    </>
  );
};
