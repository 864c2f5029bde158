import type { AccountScoring, Moment } from '@leadsea/lead-grading/contracts/model';
import { Box, Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, NumberIn, SelectIn, SwitchIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { blankKey } from './fact-axis';
import { OptionalText, useBehaviourKinds } from './frequency-in';

type Role = AccountScoring['roles'][number];
const STRATEGIES = ['blend', 'max', 'sum', 'roles'] as const;

/** What is worth telling a rep: the nth time a lead does something. */
export const MomentsIn = () => {
  const translate = useTranslate();
  const text = useText();
  const kinds = useBehaviourKinds();
  return (
    <Section title={translate('setup.grading.moments')} help={translate('setup.grading.momentsHelp')}>
      <ListIn<Moment>
        path="moments"
        add={translate('setup.grading.addMoment')}
        blank={(moments) => ({
          key: blankKey('moment', moments),
          label: { zh: '第三次访问价格页', en: 'Third visit to the price page' },
          kind: 'visit',
          match: 'pric',
          nth: 3,
        })}
        summary={(moment) => (
          <>
            <b>{text(moment.label)}</b>{' '}
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {translate('setup.grading.nthTime', {
                nth: moment.nth,
                kind: kinds.find((kind) => kind.value === moment.kind)?.label ?? moment.kind,
              })}
            </Box>
          </>
        )}
        render={(path) => (
          <>
            <LabelIn path={`${path}.label`} words="setup.grading.momentLabel" />
            <Row>
              <SelectIn path={`${path}.kind`} words="setup.grading.kind" choices={kinds} sx={{ minWidth: 170 }} />
              <OptionalText path={`${path}.match`} words="setup.grading.match" />
              <OptionalText path={`${path}.product`} words="setup.grading.product" />
              <NumberIn path={`${path}.nth`} words="setup.grading.nth" min={1} max={1000} sx={{ width: 110 }} />
            </Row>
          </>
        )}
      />
    </Section>
  );
};

/** The score of a company from those of its leads. */
export const AccountIn = () => {
  const translate = useTranslate();
  const text = useText();
  const field = useField<AccountScoring | undefined>('account');
  return (
    <Section at="account" title={translate('setup.grading.account')} help={translate('setup.grading.accountHelp')}>
      {field.value && (
        <>
          <Row>
            <SelectIn
              path="account.strategy"
              words="setup.grading.strategy"
              choices={STRATEGIES.map((one) => ({ value: one, label: translate(`setup.grading.strategies.${one}`) }))}
              sx={{ minWidth: 300 }}
            />
            <NumberIn path="account.qualifiedFrom" words="setup.grading.qualifiedFrom" min={1} />
            <NumberIn path="account.cap" words="setup.grading.axisCap" min={1} />
            <NumberIn path="account.breadthPoints" words="setup.grading.breadthPoints" min={0} max={100} sx={{ width: 240 }} />
          </Row>
          <ListIn<Role>
            path="account.roles"
            sortable
            add={translate('setup.grading.addRole')}
            blank={(roles) => ({
              key: blankKey('role', roles),
              label: { zh: '决策人', en: 'Decides' },
              when: { combinator: 'and', rules: [{ field: 'lead.title', operator: 'contains', value: 'CEO' }] },
              weight: 50,
              needed: false,
            })}
            summary={(role) => <b>{text(role.label)}</b>}
            render={(path) => (
              <>
                <LabelIn path={`${path}.label`} words="setup.grading.roleLabel" />
                <Row>
                  <NumberIn path={`${path}.weight`} words="setup.grading.roleWeight" min={0} max={100} />
                  <SwitchIn path={`${path}.needed`} words="setup.grading.roleNeeded" />
                </Row>
                <ConditionIn path={`${path}.when`} words="setup.grading.when" optional={false} />
              </>
            )}
          />
        </>
      )}
      {!field.readOnly && (
        <Button
          color="inherit"
          sx={{ justifySelf: 'start' }}
          onClick={() =>
            field.set(field.value ? undefined : { strategy: 'blend', cap: 100, qualifiedFrom: 60, breadthPoints: 5, roles: [] })
          }
        >
          {translate(field.value ? 'setup.grading.removeAccount' : 'setup.grading.addAccount')}
        </Button>
      )}
    </Section>
  );
};
