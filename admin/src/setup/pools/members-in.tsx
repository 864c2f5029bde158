import type { PoolMember, PoolRight } from '@leadsea/lead-pools/contracts/members';
import AddIcon from '@mui/icons-material/Add';
import DeleteIcon from '@mui/icons-material/DeleteOutline';
import { Box, Button, Checkbox, IconButton, MenuItem, TextField, Tooltip, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';

export const RIGHTS: readonly PoolRight[] = ['see', 'claim', 'assign', 'transfer', 'edit', 'import', 'export', 'manage'];
const WHO = ['everyone', 'team', 'role', 'member'] as const;

/** Rights with those that come along: managing is all of them, and whoever may do something sees the pool. */
export const impliedRights = (rights: readonly PoolRight[]): ReadonlySet<PoolRight> =>
  new Set(rights.includes('manage') ? RIGHTS : rights.length > 0 ? ['see', ...rights] : []);

const CELL = { width: 64, flex: 'none', display: 'grid', placeItems: 'center' } as const;

const WhoIn = ({ row, set, readOnly }: { row: PoolMember; set: (row: PoolMember) => void; readOnly: boolean }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const choices = { team: directory.teams, role: directory.roles, member: directory.members, everyone: [] }[row.type];
  const known = choices.some((choice) => choice.value === String(row.ref ?? ''));
  const offered = known || row.ref === undefined ? choices : [...choices, { value: String(row.ref), label: String(row.ref) }];
  return (
    <Box sx={{ display: 'flex', gap: 1, minWidth: 0, flex: 1 }}>
      <TextField
        select
        value={row.type}
        disabled={readOnly}
        onChange={(event) => set({ type: event.target.value as PoolMember['type'], rights: row.rights })}
        slotProps={{ htmlInput: { 'aria-label': translate('setup.pool.who') } }}
        sx={{ width: 104, flex: 'none' }}
      >
        {WHO.map((one) => (
          <MenuItem key={one} value={one}>
            {translate(`setup.pool.whoKind.${one}`)}
          </MenuItem>
        ))}
      </TextField>
      {row.type !== 'everyone' && (
        <TextField
          select
          fullWidth
          value={String(row.ref ?? '')}
          disabled={readOnly}
          error={row.ref === undefined}
          onChange={(event) => set({ ...row, ref: row.type === 'member' ? Number(event.target.value) : event.target.value })}
          slotProps={{ htmlInput: { 'aria-label': translate(`setup.pool.whoKind.${row.type}`) } }}
          sx={{ minWidth: 120 }}
        >
          {offered.map((choice) => (
            <MenuItem key={choice.value} value={choice.value}>
              {choice.label}
            </MenuItem>
          ))}
        </TextField>
      )}
    </Box>
  );
};

/** Who has which right in the pool, as a table of ticks. */
export const MembersIn = () => {
  const translate = useTranslate();
  const field = useField<readonly PoolMember[]>('members');
  const rows = field.value ?? [];
  const set = (index: number, row: PoolMember): void => field.set(rows.map((one, at) => (at === index ? row : one)));
  const toggle = (row: PoolMember, right: PoolRight): PoolMember => {
    const rights = row.rights.includes(right) ? row.rights.filter((one) => one !== right) : [...row.rights, right];
    return { ...row, rights: RIGHTS.filter((one) => rights.includes(one)) };
  };
  return (
    <Box>
      <Box sx={{ overflowX: 'auto', mx: { xs: -1.5, sm: 0 }, px: { xs: 1.5, sm: 0 } }}>
        <Box role="table" aria-label={translate('setup.pool.members')} sx={{ minWidth: 820 }}>
          <Box role="row" sx={{ display: 'flex', alignItems: 'center', gap: 1, borderBottom: 1, borderColor: 'divider', pb: 0.5 }}>
            <Typography role="columnheader" variant="subtitle2" sx={{ flex: 1 }}>
              {translate('setup.pool.who')}
            </Typography>
            {RIGHTS.map((right) => (
              <Tooltip key={right} title={translate(`setup.pool.rightHelp.${right}`)}>
                <Typography role="columnheader" variant="subtitle2" sx={CELL}>
                  {translate(`setup.pool.right.${right}`)}
                </Typography>
              </Tooltip>
            ))}
            <Box sx={{ width: 32 }} />
          </Box>
          {rows.map((row, index) => {
            const all = impliedRights(row.rights);
            return (
              <Box
                role="row"
                key={index}
                sx={{ display: 'flex', alignItems: 'center', gap: 1, py: 0.75, borderBottom: 1, borderColor: 'divider' }}
              >
                <Box role="rowheader" sx={{ flex: 1, minWidth: 0, display: 'flex', alignItems: 'center', gap: 1 }}>
                  <WhoIn row={row} set={(next) => set(index, next)} readOnly={field.readOnly} />
                </Box>
                {RIGHTS.map((right) => {
                  const own = row.rights.includes(right);
                  const implied = !own && all.has(right);
                  return (
                    <Box role="cell" key={right} sx={CELL}>
                      <Checkbox
                        size="small"
                        checked={own || implied}
                        indeterminate={implied}
                        disabled={field.readOnly || implied || (own && row.rights.length === 1)}
                        onChange={() => set(index, toggle(row, right))}
                        slotProps={{ input: { 'aria-label': translate(`setup.pool.right.${right}`) } }}
                      />
                    </Box>
                  );
                })}
                <Box role="cell" sx={{ width: 32 }}>
                  {!field.readOnly && (
                    <IconButton
                      aria-label={translate('setup.kit.remove')}
                      onClick={() => field.set(rows.filter((_row, at) => at !== index))}
                    >
                      <DeleteIcon fontSize="small" />
                    </IconButton>
                  )}
                </Box>
              </Box>
            );
          })}
        </Box>
      </Box>
      {rows.length === 0 && (
        <Typography variant="body2" color="text.secondary" sx={{ py: 1 }}>
          {translate('setup.pool.noMembers')}
        </Typography>
      )}
      {!field.readOnly && (
        <Button startIcon={<AddIcon />} onClick={() => field.set([...rows, { type: 'everyone', rights: ['see', 'claim'] }])} sx={{ mt: 1 }}>
          {translate('setup.pool.addMember')}
        </Button>
      )}
    </Box>
  );
};
