import type { RoutingPolicy } from '@leadsea/lead-routing/contracts/policy';
import { useTranslate } from 'ra-core';
import { useField } from '../kit/form-context';
import { ManyIn, NumberIn, SwitchIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';

type BySource = RoutingPolicy['sticky']['bySource'][number];

const Steps = ({ path }: { path: string }) => (
  <>
    <SwitchIn path={`${path}.explicitOwner`} words="setup.routing.explicitOwner" />
    <SwitchIn path={`${path}.duplicateOwner`} words="setup.routing.duplicateOwner" />
    <SwitchIn path={`${path}.accountOwner`} words="setup.routing.accountOwner" />
    <Row>
      <NumberIn path={`${path}.previousOwnerDays`} words="setup.routing.previousOwner" min={0} max={3650} sx={{ width: 260 }} />
      <NumberIn path={`${path}.awayDays`} words="setup.routing.awayDays" min={0} max={365} sx={{ width: 260 }} />
    </Row>
  </>
);

/** who comes before the rules, and other answers for leads of some sources. */
export const StickyIn = () => {
  const translate = useTranslate();
  const { value } = useField<RoutingPolicy['sticky']>('sticky');
  return (
    <Section title={translate('setup.routing.sticky')} help={translate('setup.routing.stickyHelp')}>
      <Steps path="sticky" />
      <ListIn<BySource>
        path="sticky.bySource"
        add={translate('setup.routing.addSource')}
        // An exception begins as the rule it is an exception to.
        blank={() => {
          const { bySource: _bySource, ...steps } = value ?? { bySource: [] };
          return { ...steps, sources: [] };
        }}
        summary={(one) => one.sources.join(', ') || translate('setup.routing.noSource')}
        render={(path) => (
          <>
            <ManyIn path={`${path}.sources`} words="setup.routing.sources" choices={[]} free />
            <Steps path={path} />
          </>
        )}
      />
    </Section>
  );
};
