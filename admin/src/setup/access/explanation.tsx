import CheckIcon from '@mui/icons-material/Check';
import CloseIcon from '@mui/icons-material/Close';
import type { FieldAccess, RowScope } from '@leadsea/crm-core/contracts/access';
import { Alert, Box, FormControlLabel, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import { useMeta } from '../../api/session-context';
import { ToneChip } from '../../common/badges';
import { useLookups } from '../../common/lookups';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { useDirectory } from '../kit/directory';
import { Toggle } from '../kit/toggle';

interface Because {
  readonly role: string;
}
export interface Explanation {
  readonly member: { readonly id: number; readonly name: string; readonly roles: readonly string[]; readonly teamId: number | null };
  readonly row: { readonly owner?: number | null; readonly team?: number | null; readonly pool?: number | null } | null;
  readonly visible: boolean | null;
  readonly verbs: readonly {
    readonly verb: string;
    readonly allowed: boolean;
    readonly because: readonly (Because & { readonly scope: RowScope; readonly holds: boolean })[];
  }[];
  readonly fields: readonly {
    readonly field: string;
    readonly access: FieldAccess;
    readonly maskedHere: boolean;
    readonly because: readonly (Because & { readonly access: FieldAccess })[];
  }[];
}

const TONE = { hidden: 'danger', masked: 'warning', read: undefined, write: 'success' } as const;

const Line = ({ label, children }: { label: ReactNode; children: ReactNode }) => (
  <Box
    sx={{
      display: 'grid',
      gridTemplateColumns: { xs: '1fr', sm: '200px minmax(0, 1fr)' },
      gap: { xs: 0.5, sm: 2 },
      py: 0.75,
      fontSize: 13,
      borderTop: 1,
      borderColor: 'divider',
      alignItems: 'center',
    }}
  >
    <Box sx={{ overflowWrap: 'anywhere' }}>{label}</Box>
    <Box sx={{ display: 'flex', gap: 0.75, flexWrap: 'wrap', alignItems: 'center', color: 'text.secondary' }}>{children}</Box>
  </Box>
);

const Verdict = ({ answer }: { answer: Explanation }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const { member, row, visible, verbs } = answer;
  const none = translate('setup.access.none');
  if (visible === null || !row) return null;
  const wouldSee = verbs.some(({ verb, allowed }) => verb === 'read' && allowed);
  return (
    <Alert severity={visible ? 'success' : 'warning'} sx={{ mb: 2 }}>
      <b>{translate(visible ? 'setup.access.sees' : 'setup.access.seesNot', { name: member.name })}</b>{' '}
      {!visible && wouldSee && translate('setup.access.hiddenByRule')}
      <div>
        {translate('setup.access.rowFacts', {
          owner: lookups.member(row.owner) || none,
          team: lookups.team(row.team) || none,
          pool: lookups.pool(row.pool) || none,
        })}
      </div>
    </Alert>
  );
};

/** Which role gives what, and which does not; fields that are not fully open first. */
export const ExplanationView = ({ answer }: { answer: Explanation }) => {
  const translate = useTranslate();
  const text = useText();
  const lookups = useLookups();
  const { customFields } = useMeta();
  const { roles } = useDirectory();
  const [onlyClosed, setOnlyClosed] = useState(true);
  const roleName = (key: string): string => roles.find(({ value }) => value === key)?.label ?? key;
  const scopeName = (scope: RowScope): string => translate(`setup.people.scope.${scope}`);
  const fieldName = (name: string): string => {
    const custom = customFields.find((field) => `custom.${field.key}` === name);
    if (custom) return text(custom.label) || custom.key;
    return translate(`fields.${name}`, { _: translate(`setup.people.fieldNames.${name}`, { _: name }) });
  };
  const fields = answer.fields.filter(
    ({ field, access, maskedHere }) => field !== 'id' && (!onlyClosed || maskedHere || access === 'hidden' || access === 'masked'),
  );
  const { member } = answer;
  return (
    <>
      <Verdict answer={answer} />
      <Typography variant="body2" color="text.secondary" sx={{ mb: 2 }}>
        {translate('setup.access.holds', {
          roles: member.roles.map(roleName).join(', ') || translate('setup.access.none'),
          team: lookups.team(member.teamId) || translate('setup.access.none'),
        })}
      </Typography>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { lg: 'minmax(0, 1fr) minmax(0, 1fr)' }, alignItems: 'start' }}>
        <Panel title={translate('setup.access.verbs')}>
          {answer.verbs.map(({ verb, allowed, because }) => (
            <Line
              key={verb}
              label={
                <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.75 }}>
                  {allowed ? (
                    <CheckIcon color="success" sx={{ fontSize: 16 }} titleAccess={translate('setup.access.yes')} />
                  ) : (
                    <CloseIcon color="error" sx={{ fontSize: 16 }} titleAccess={translate('setup.access.no')} />
                  )}
                  {translate(`setup.people.verb.${verb}`, { _: verb })}
                </Box>
              }
            >
              {because.map(({ role, scope, holds }) => (
                <ToneChip
                  key={`${role} ${scope}`}
                  tone={holds ? 'success' : undefined}
                  text={translate(holds ? 'setup.access.gives' : 'setup.access.givesNot', {
                    role: roleName(role),
                    scope: scopeName(scope),
                  })}
                />
              ))}
              {because.length === 0 && answer.row && translate('setup.access.noRole')}
            </Line>
          ))}
        </Panel>
        <Panel
          title={translate('setup.access.fields')}
          actions={
            <FormControlLabel
              control={<Toggle checked={onlyClosed} onChange={(_event, on) => setOnlyClosed(on)} />}
              label={<Typography variant="body2">{translate('setup.access.restricted')}</Typography>}
              sx={{ mr: 0 }}
            />
          }
        >
          {fields.map(({ field, access, maskedHere, because }) => (
            <Line key={field} label={fieldName(field)}>
              <ToneChip tone={TONE[access]} text={translate(`setup.people.level.${access}`)} />
              {maskedHere && access !== 'masked' && <ToneChip tone="warning" text={translate('setup.access.maskedHere')} />}
              {because.length > 1 &&
                because.map(({ role, access: level }) => `${roleName(role)}: ${translate(`setup.people.level.${level}`)}`).join(' · ')}
            </Line>
          ))}
          {fields.length === 0 && (
            <Typography variant="body2" color="text.secondary">
              {translate('setup.access.allOpen')}
            </Typography>
          )}
        </Panel>
      </Box>
    </>
  );
};
