import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useFacts } from '../../conditions/use-facts';
import { ManyIn, SwitchIn, type Choice } from '../kit/inputs';
import { Row, Section } from '../kit/section';

/** what takes a lead out of a pool and routes it. */
export const TriggersIn = () => {
  const translate = useTranslate();
  const text = useText();
  const facts = useFacts('lead').list;
  const optionsOf = (key: string): Choice[] =>
    (facts.find((fact) => fact.key === key)?.options ?? []).map(({ value, label }) => ({ value, label: text(label) }));
  return (
    <Section title={translate('setup.routing.triggers')} help={translate('setup.routing.triggersHelp')}>
      <Row>
        <ManyIn path="triggers.stages" words="setup.routing.triggerStages" choices={optionsOf('lead.stage')} />
        <ManyIn path="triggers.labels" words="setup.routing.triggerLabels" choices={optionsOf('lead.label')} free />
      </Row>
      <SwitchIn path="triggers.ownerDisabled" words="setup.routing.ownerDisabled" />
    </Section>
  );
};
