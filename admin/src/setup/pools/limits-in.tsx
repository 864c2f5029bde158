import type { PoolLimit } from '@leadsea/lead-pools/contracts/limits';
import { Box, MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { SecondsIn } from './span-parts';
import { usePoolWords } from './words';

const KINDS = ['hour', 'day', 'week', 'month', 'held', 'untouched', 'gap'] as const;
type Kind = (typeof KINDS)[number];
const SCOPES = ['pool', 'group', 'everywhere'] as const;
const HOLDERS = ['default', 'team', 'role', 'member'] as const;

const kindOf = (limit: PoolLimit): Kind => (limit.kind === 'claims' ? limit.per : limit.kind);

/** The same limit of another kind: for the same people, with the same number where both have one. */
export const limitOf = (kind: Kind, old: PoolLimit): PoolLimit => {
  const shared = { scope: old.scope, for: old.for };
  const max = 'max' in old ? old.max : 20;
  if (kind === 'gap') return { kind, seconds: 60, ...shared };
  return kind === 'held' || kind === 'untouched' ? { kind, max, ...shared } : { kind: 'claims', per: kind, max, ...shared };
};

const MaxIn = ({ limit, path }: { limit: PoolLimit; path: string }) => {
  const translate = useTranslate();
  const field = useField<PoolLimit>(path);
  if (!('max' in limit)) return <SecondsIn path={`${path}.seconds`} words="setup.pool.gap" />;
  const none = limit.max === null;
  return (
    <Box sx={{ display: 'flex', gap: 0.5 }}>
      {!none && (
        <TextField
          type="number"
          label={translate('setup.pool.max')}
          value={limit.max ?? ''}
          disabled={field.readOnly}
          onChange={(event) => field.set({ ...limit, max: Math.max(0, Math.floor(Number(event.target.value) || 0)) })}
          slotProps={{ htmlInput: { min: 0 } }}
          sx={{ width: 96 }}
        />
      )}
      <TextField
        select
        value={none ? 'none' : 'number'}
        disabled={field.readOnly}
        onChange={(event) => field.set({ ...limit, max: event.target.value === 'none' ? null : 20 })}
        slotProps={{ htmlInput: { 'aria-label': translate('setup.pool.bounded') } }}
        sx={{ minWidth: 100 }}
      >
        <MenuItem value="number">{translate('setup.pool.boundedTo')}</MenuItem>
        <MenuItem value="none">{translate('setup.pool.unbounded')}</MenuItem>
      </TextField>
    </Box>
  );
};

const HolderIn = ({ limit, path }: { limit: PoolLimit; path: string }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const field = useField<PoolLimit>(path);
  const type = limit.for?.type ?? 'default';
  const choices = { team: directory.teams, role: directory.roles, member: directory.members, default: [] }[type];
  return (
    <>
      <TextField
        select
        label={translate('setup.pool.limitFor')}
        value={type}
        disabled={field.readOnly}
        onChange={(event) => field.set({ ...limit, for: event.target.value === 'default' ? null : { type: event.target.value, ref: '' } })}
        sx={{ minWidth: 130 }}
      >
        {HOLDERS.map((one) => (
          <MenuItem key={one} value={one}>
            {translate(`setup.pool.whoKind.${one === 'default' ? 'everyone' : one}`)}
          </MenuItem>
        ))}
      </TextField>
      {limit.for && (
        <TextField
          select
          label={translate(`setup.pool.whoKind.${limit.for.type}`)}
          value={String(limit.for.ref)}
          disabled={field.readOnly}
          error={limit.for.ref === ''}
          onChange={(event) =>
            field.set({ ...limit, for: { type, ref: type === 'member' ? Number(event.target.value) : event.target.value } })
          }
          sx={{ minWidth: 160 }}
        >
          {choices.map((choice) => (
            <MenuItem key={choice.value} value={choice.value}>
              {choice.label}
            </MenuItem>
          ))}
        </TextField>
      )}
    </>
  );
};

const LimitRow = ({ path, limit }: { path: string; limit: PoolLimit }) => {
  const translate = useTranslate();
  const field = useField<PoolLimit>(path);
  return (
    <>
      <Row>
        <TextField
          select
          label={translate('setup.pool.limitKind')}
          value={kindOf(limit)}
          disabled={field.readOnly}
          onChange={(event) => field.set(limitOf(event.target.value as Kind, limit))}
          sx={{ minWidth: 210 }}
        >
          {KINDS.map((kind) => (
            <MenuItem key={kind} value={kind}>
              {translate(`setup.pool.limit.${kind}`)}
            </MenuItem>
          ))}
        </TextField>
        <MaxIn limit={limit} path={path} />
        <TextField
          select
          label={translate('setup.pool.scope')}
          value={limit.scope}
          disabled={field.readOnly}
          onChange={(event) => field.set({ ...limit, scope: event.target.value })}
          sx={{ minWidth: 170 }}
        >
          {SCOPES.map((scope) => (
            <MenuItem key={scope} value={scope}>
              {translate(`setup.pool.scopes.${scope}`)}
            </MenuItem>
          ))}
        </TextField>
      </Row>
      <Row>
        <HolderIn limit={limit} path={path} />
      </Row>
    </>
  );
};

/** The limits for claiming, each a sentence that opens to be changed. */
export const LimitsIn = () => {
  const translate = useTranslate();
  const words = usePoolWords();
  return (
    <Box>
      <ListIn<PoolLimit>
        path="limits"
        add={translate('setup.pool.addLimit')}
        empty={translate('setup.pool.noLimits')}
        blank={() => ({ kind: 'claims', per: 'day', scope: 'pool', max: 20, for: null })}
        summary={(limit) => words.limit(limit)}
        render={(path, limit) => <LimitRow path={path} limit={limit} />}
      />
      <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 1 }}>
        {translate('setup.pool.precedence')}
      </Typography>
    </Box>
  );
};
