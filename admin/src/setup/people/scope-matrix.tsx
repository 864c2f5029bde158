import type { RoleSpec, RowScope } from '@leadsea/crm-core/contracts/access';
import { Box, Button, Checkbox, ListItemText, Menu, MenuItem } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useForm } from '../kit/form-context';
import { VERBS } from './rights';

const SCOPES = ['own', 'team', 'teamBelow', 'pool', 'all'] as const satisfies readonly RowScope[];
type Scope = (typeof SCOPES)[number];
const ScopeCell = ({ resource, verb, scopes }: { resource: string; verb: string; scopes: readonly RowScope[] }) => {
  const translate = useTranslate();
  const { set, readOnly } = useForm();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const chosen = SCOPES.filter((scope) => scopes.includes(scope));
  const toggle = (scope: Scope): void => {
    const next = chosen.includes(scope)
      ? chosen.filter((one) => one !== scope)
      : scope === 'all'
        ? ['all']
        : [...chosen.filter((one) => one !== 'all'), scope];
    set(`resources.${resource}.${verb}`, next.length > 0 ? next : undefined);
  };
  const name = translate(`setup.people.verb.${verb}`, { _: verb });
  return (
    <>
      <Button
        disabled={readOnly}
        variant={chosen.length > 0 ? 'outlined' : 'text'}
        color="inherit"
        onClick={(event) => setAnchor(event.currentTarget)}
        aria-haspopup="menu"
        sx={{ color: chosen.length > 0 ? 'text.primary' : 'text.disabled', minHeight: 28, py: 0, px: 1, fontWeight: 450 }}
      >
        {name}
        {chosen.length > 0 && (
          <Box component="span" sx={{ ml: 0.75, color: 'primary.main', fontWeight: 650 }}>
            {chosen.map((scope) => translate(`setup.people.scope.${scope}`)).join(' + ')}
          </Box>
        )}
      </Button>
      {anchor && (
        <Menu open anchorEl={anchor} onClose={() => setAnchor(null)}>
          {SCOPES.map((scope) => (
            <MenuItem key={scope} dense onClick={() => toggle(scope)}>
              <Checkbox size="small" checked={chosen.includes(scope)} sx={{ p: 0, mr: 1 }} />
              <ListItemText primary={translate(`setup.people.scope.${scope}`)} secondary={translate(`setup.people.scopeHelp.${scope}`)} />
            </MenuItem>
          ))}
        </Menu>
      )}
    </>
  );
};

/** For each kind of record what the role may do, and with which rows. What is grey is not allowed. */
export const ScopeMatrix = ({ resources }: { resources: RoleSpec['resources'] }) => {
  const translate = useTranslate();
  const names = [...new Set([...Object.keys(VERBS), ...Object.keys(resources)])];
  return (
    <Box sx={{ mt: 1 }}>
      {names.map((resource) => {
        const granted = resources[resource] ?? {};
        const verbs = [...new Set([...(VERBS[resource] ?? []), ...Object.keys(granted)])];
        return (
          <Box
            key={resource}
            data-place={`resources.${resource}`}
            sx={{
              display: 'grid',
              gridTemplateColumns: { xs: '1fr', sm: '150px 1fr' },
              gap: 0.5,
              py: 0.75,
              borderTop: 1,
              borderColor: 'divider',
              alignItems: 'baseline',
            }}
          >
            <Box sx={{ fontWeight: 600, fontSize: 13 }}>{translate(`setup.people.resource.${resource}`, { _: resource })}</Box>
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5 }}>
              {verbs.map((verb) => (
                <ScopeCell key={verb} resource={resource} verb={verb} scopes={granted[verb] ?? []} />
              ))}
            </Box>
          </Box>
        );
      })}
    </Box>
  );
};
