import { Box, Radio, TextField, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { postJson } from '../../api/http-client';
import { useMe, useMeta } from '../../api/session-context';
import { FormDialog } from '../../common/form-dialog';
import { useText } from '../../common/text';
import { keyFrom } from '../kit/tree';
import type { PolicyUi } from './types';

/** Asks for a name and what to start from, and makes the draft. */
export const NewPolicy = (props: {
  ui: PolicyUi;
  taken: readonly string[];
  position: number;
  close: () => void;
  created: (id: number) => void;
}) => {
  const { ui, taken } = props;
  const translate = useTranslate();
  const text = useText();
  const client = useQueryClient();
  const me = useMe();
  const meta = useMeta();
  const [name, setName] = useState('');
  const [typedKey, setKey] = useState<string | null>(null);
  const [template, setTemplate] = useState<string | null>(null);
  const key = typedKey ?? keyFrom(name, ui.slug.replace(/s$/, ''), taken);
  const context = { key, timeZone: me.member.timeZone, pool: meta.pools[0]?.key ?? '' };
  const { data: templates } = useQuery({
    queryKey: ['policy-templates', ui.slug, key],
    queryFn: () => ui.templates(context),
    staleTime: Infinity,
    placeholderData: (old) => old,
  });
  const chosen = template ?? templates?.[0]?.key;
  const create = async (): Promise<void> => {
    const body = (await ui.templates(context)).find((one) => one.key === chosen)?.body;
    const { id } = await postJson<{ id: number }>(`/${ui.resource}`, { key, name: name.trim(), draft: body, position: props.position });
    await client.invalidateQueries({ queryKey: [ui.resource] });
    props.created(id);
  };
  return (
    <FormDialog
      title={translate(`setup.${ui.words}.add`)}
      width="sm"
      submit={translate('ra.action.create')}
      ready={Boolean(name.trim() && chosen)}
      close={props.close}
      run={create}
    >
      <TextField autoFocus required label={translate('setup.kit.name')} value={name} onChange={(event) => setName(event.target.value)} />
      <TextField
        required
        label={translate('setup.kit.key')}
        value={key}
        helperText={translate('setup.policy.keyHelp')}
        onChange={(event) => setKey(event.target.value)}
      />
      {templates && templates.length > 1 && (
        <Box role="radiogroup" sx={{ display: 'grid', gap: 1 }}>
          <Typography variant="subtitle2">{translate('setup.policy.startFrom')}</Typography>
          {templates.map((one) => (
            <Box
              key={one.key}
              component="label"
              sx={{
                display: 'flex',
                gap: 1,
                p: 1,
                border: 1,
                borderColor: one.key === chosen ? 'primary.main' : 'divider',
                borderRadius: 1,
                cursor: 'pointer',
              }}
            >
              <Radio size="small" checked={one.key === chosen} onChange={() => setTemplate(one.key)} sx={{ p: 0.25, alignSelf: 'start' }} />
              <Box>
                <Typography variant="body2" fontWeight={600}>
                  {text(one.name)}
                </Typography>
                <Typography variant="body2" color="text.secondary">
                  {text(one.description)}
                </Typography>
              </Box>
            </Box>
          ))}
        </Box>
      )}
    </FormDialog>
  );
};
