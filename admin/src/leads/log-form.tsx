import { Box, Button, Chip, TextField, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { useMeta } from '../api/session-context';
import type { ActivityInput } from '../api/types';
import { useText } from '../common/text';
import { OwnFields, useOwnValues } from '../layouts/own-fields';
import { NextAction } from './next-action';
import { useLeadsChanged } from './use-lead-verbs';

const NOTE = 'note';
const CALL = 'call';
const MAIL = 'mail';

interface Draft {
  kind: string;
  direction: 'outbound' | 'inbound';
  outcome: string;
  subject: string;
  note: string;
  minutes: string;
  nextActionAt: string | null;
  /** Fields of the company's own, under `custom.<key>`. */
  own: Record<string, unknown>;
}

const emptyDraft = (kind: string): Draft => ({
  kind,
  direction: 'outbound',
  outcome: '',
  subject: '',
  note: '',
  minutes: '',
  nextActionAt: null,
  own: {},
});

const inputOf = (draft: Draft, custom: Record<string, unknown> | undefined): ActivityInput => ({
  ...(custom && { custom }),
  kind: draft.kind,
  direction: draft.direction,
  ...(draft.outcome && { outcome: draft.outcome }),
  ...(draft.subject.trim() && { subject: draft.subject.trim() }),
  ...(draft.note.trim() && { note: draft.note.trim() }),
  ...(draft.minutes && { durationSeconds: Math.round(Number(draft.minutes) * 60) }),
  ...(draft.nextActionAt && { nextActionAt: draft.nextActionAt }),
});

/** Logging is a right of its own: whoever may read a field of follow-ups may fill it in. */
const FILLED_BY = ['read', 'write'] as const;
/** What conditions of own fields may ask of the form. */
const draftFacts = ({ kind, direction, outcome, subject }: Draft): Record<string, unknown> => ({ kind, direction, outcome, subject });

/**
 * Logs what sales did: kind, outcome, a note, and when to act next. Three taps for a call: kind, outcome, save.
 * `Ctrl`/`⌘` + `Enter` saves.
 */
export const LogForm = (props: { leadId: number; initialKind?: string; autoFocus?: boolean; onDone?: () => void }) => {
  const translate = useTranslate();
  const text = useText();
  const meta = useMeta();
  const provider = useDataProvider<ConsoleProvider>();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const changed = useLeadsChanged();
  const known = meta.activityKinds.some((kind) => kind.key === props.initialKind);
  const [draft, setDraft] = useState(() =>
    emptyDraft(known && props.initialKind ? props.initialKind : (meta.activityKinds[0]?.key ?? NOTE)),
  );
  const [busy, setBusy] = useState(false);
  /** The next follow-up begins with no answer chosen. */
  const [saved, setSaved] = useState(0);
  const ownValues = useOwnValues('activities');
  const form = useRef<HTMLFormElement>(null);
  const kind = meta.activityKinds.find((one) => one.key === draft.kind);
  const outcomes = kind?.outcomes ?? [];
  const isNote = draft.kind === NOTE;
  const ready = (outcomes.length === 0 || draft.outcome !== '') && (!isNote || draft.note.trim() !== '');
  const set = (part: Partial<Draft>): void => setDraft((current) => ({ ...current, ...part }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    try {
      await provider.logActivity(props.leadId, inputOf(draft, ownValues(draft.own, draftFacts(draft))));
      notify(translate('log.done'), { type: 'success' });
      setDraft(emptyDraft(draft.kind));
      setSaved((times) => times + 1);
      changed();
      props.onDone?.();
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit();
  };
  return (
    <Box
      component="form"
      ref={form}
      onSubmit={(event: FormEvent) => void submit(event)}
      onKeyDown={onKeyDown}
      sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: 'minmax(0, 1fr)' }}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, justifyContent: 'space-between' }}>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={draft.kind}
          onChange={(_event, key: string | null) => key && set({ kind: key, outcome: '' })}
          sx={{ maxWidth: '100%', '& .MuiToggleButton-root': { px: { xs: 0.75, sm: 1.5 }, whiteSpace: 'nowrap' } }}
        >
          {meta.activityKinds.map((one) => (
            <ToggleButton key={one.key} value={one.key}>
              {text(one.label) || one.key}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        {!isNote && (
          <ToggleButtonGroup
            exclusive
            size="small"
            value={draft.direction}
            onChange={(_event, value: Draft['direction'] | null) => value && set({ direction: value })}
          >
            <ToggleButton value="outbound">{translate('log.outbound')}</ToggleButton>
            <ToggleButton value="inbound">{translate('log.inbound')}</ToggleButton>
          </ToggleButtonGroup>
        )}
      </Box>
      {outcomes.length > 0 && (
        <Box role="radiogroup" aria-label={translate('log.outcome')} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          {outcomes.map((outcome) => (
            <Chip
              key={outcome.value}
              role="radio"
              aria-checked={draft.outcome === outcome.value}
              label={text(outcome.label) || outcome.value}
              color={draft.outcome === outcome.value ? 'primary' : 'default'}
              variant={draft.outcome === outcome.value ? 'filled' : 'outlined'}
              onClick={() => set({ outcome: outcome.value })}
            />
          ))}
        </Box>
      )}
      {draft.kind === MAIL && (
        <TextField
          label={translate('log.subject')}
          value={draft.subject}
          onChange={(event) => set({ subject: event.target.value })}
          fullWidth
        />
      )}
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
        <TextField
          label={translate('log.note')}
          value={draft.note}
          onChange={(event) => set({ note: event.target.value })}
          autoFocus={props.autoFocus}
          required={isNote}
          multiline
          minRows={2}
          maxRows={10}
          fullWidth
        />
        {draft.kind === CALL && (
          <TextField
            label={translate('log.minutes')}
            type="number"
            value={draft.minutes}
            onChange={(event) => set({ minutes: event.target.value })}
            slotProps={{ htmlInput: { min: 0, step: 'any' } }}
            sx={{ width: 96, flex: 'none' }}
          />
        )}
      </Box>
      <OwnFields resource="activities" draft={draft.own} known={draftFacts(draft)} onChange={(own) => set({ own })} levels={FILLED_BY} />
      <NextAction key={saved} value={draft.nextActionAt} onChange={(nextActionAt) => set({ nextActionAt })} />
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', gap: 1, alignItems: 'center' }}>
        <Button type="submit" variant="contained" disabled={!ready || busy} sx={{ minWidth: 96 }}>
          {translate('log.save')}
        </Button>
      </Box>
    </Box>
  );
};
