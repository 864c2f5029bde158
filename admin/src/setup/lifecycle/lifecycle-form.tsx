import type { Lifecycle, Transition } from '@leadsea/leads/contracts/lifecycle';
import AddIcon from '@mui/icons-material/Add';
import DeleteIcon from '@mui/icons-material/DeleteOutline';
import { Box, Button, ToggleButton, ToggleButtonGroup, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { ToneChip } from '../../common/badges';
import { useText } from '../../common/text';
import { useDescribeCondition } from '../../conditions/use-facts';
import { useField, useForm } from '../kit/form-context';
import { SelectIn, type Choice } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Section } from '../kit/section';
import { useOpenFor } from '../kit/target';
import { keyFrom } from '../kit/tree';
import { MoveFields, StageFields } from './stage-fields';
import { StageGraph, type Selected } from './stage-graph';

type Stage = Lifecycle['stages'][number];

const blankStage = (all: readonly Stage[]): Stage => ({
  key: keyFrom(
    '',
    'stage',
    all.map((stage) => stage.key),
    '_',
  ),
  label: { zh: '新阶段', en: 'New stage' },
  type: 'inventory',
  color: '#64748b',
});
const blankMove = (from: string, to: string): Transition => ({
  from,
  to,
  label: { zh: '变更', en: 'Move' },
  requires: [],
  reasons: [],
  manual: true,
});

/** The picture, and below it the stage or move that was chosen in it. */
const Drawing = ({ stages, moves }: { stages: readonly Stage[]; moves: readonly Transition[] }) => {
  const translate = useTranslate();
  const text = useText();
  const { readOnly, set } = useForm();
  const initial = useField<string>('initial').value ?? '';
  const [selected, setSelected] = useState<Selected>(null);
  useOpenFor(['stages', 'transitions'], (path) => {
    const [list, index = ''] = path.split('.');
    if (/^\d+$/.test(index)) setSelected({ kind: list === 'stages' ? 'stage' : 'move', index: Number(index) });
  });
  const [stage, move] = [
    selected?.kind === 'stage' ? stages[selected.index] : undefined,
    selected?.kind === 'move' ? moves[selected.index] : undefined,
  ];
  const addStage = (): void => {
    set('stages', [...stages, blankStage(stages)]);
    setSelected({ kind: 'stage', index: stages.length });
  };
  const connect = (from: string, to: string): void => {
    const there = moves.findIndex((one) => one.from === from && one.to === to);
    if (there < 0) set('transitions', [...moves, blankMove(from, to)]);
    setSelected({ kind: 'move', index: there < 0 ? moves.length : there });
  };
  const remove = (): void => {
    if (stage) {
      set(
        'stages',
        stages.filter((one) => one !== stage),
      );
      set(
        'transitions',
        moves.filter((one) => one.from !== stage.key && one.to !== stage.key),
      );
    } else if (move)
      set(
        'transitions',
        moves.filter((one) => one !== move),
      );
    setSelected(null);
  };
  return (
    <>
      <StageGraph
        stages={stages}
        moves={moves}
        initial={initial}
        selected={selected}
        onSelect={setSelected}
        onPlace={(index, at) => set(`stages.${index}.at`, at)}
        onConnect={connect}
      />
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        {!readOnly && (
          <Button startIcon={<AddIcon />} onClick={addStage}>
            {translate('setup.lifecycle.addStage')}
          </Button>
        )}
        <Typography variant="caption" color="text.secondary" sx={{ flex: 1 }}>
          {translate('setup.lifecycle.graphHint')}
        </Typography>
      </Box>
      {(stage || move) && selected && (
        <Box
          role="region"
          data-place={`${stage ? 'stages' : 'transitions'}.${selected.index}`}
          aria-label={text((stage ?? move)?.label)}
          key={`${selected.kind}-${selected.index}`}
          sx={{ borderTop: 1, borderColor: 'divider', pt: 2, display: 'grid', gap: 2 }}
        >
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
            <Typography variant="subtitle1" component="h3" sx={{ flex: 1 }}>
              {text((stage ?? move)?.label)}
            </Typography>
            {stage && !readOnly && (
              <Button
                onClick={() => connect(stage.key, stages[(selected.index + 1) % stages.length]?.key ?? stage.key)}
                startIcon={<AddIcon />}
              >
                {translate('setup.lifecycle.moveFromHere')}
              </Button>
            )}
            {!readOnly && (
              <Button color="inherit" startIcon={<DeleteIcon />} onClick={remove}>
                {translate('ra.action.remove')}
              </Button>
            )}
          </Box>
          {stage ? (
            <StageFields path={`stages.${selected.index}`} />
          ) : (
            <MoveFields path={`transitions.${selected.index}`} stages={stages} />
          )}
        </Box>
      )}
    </>
  );
};

/** The same as lists, in the order people see them. */
const Lists = ({ stages }: { stages: readonly Stage[] }) => {
  const translate = useTranslate();
  const text = useText();
  const describe = useDescribeCondition();
  const { readOnly } = useForm();
  const name = (key: string): string =>
    key === '*' ? translate('setup.lifecycle.anyStage') : text(stages.find((stage) => stage.key === key)?.label) || key;
  return (
    <>
      <ListIn<Stage>
        path="stages"
        sortable
        add={translate('setup.lifecycle.addStage')}
        blank={blankStage}
        summary={(stage) => (
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
            <Box sx={{ width: 10, height: 10, borderRadius: 0.5, bgcolor: stage.color ?? 'text.disabled', flex: 'none' }} />
            <b>{text(stage.label)}</b>
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {translate(`setup.lifecycle.types.${stage.type}`)}
            </Box>
          </Box>
        )}
        render={(path) => <StageFields path={path} />}
      />
      <Typography variant="subtitle1" component="h3">
        {translate('setup.lifecycle.moves')}
      </Typography>
      <ListIn<Transition>
        path="transitions"
        sortable={!readOnly}
        add={translate('setup.lifecycle.addMove')}
        blank={() => blankMove(stages[0]?.key ?? '*', stages[1]?.key ?? '')}
        summary={(move) => (
          <Box>
            <b>{text(move.label)}</b> · {name(move.from)} → {name(move.to)}
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, color: 'text.secondary' }}>
              {move.auto && <ToneChip tone="info" text={`${translate('setup.lifecycle.auto')}: ${describe(move.auto)}`} />}
              {move.guard && <ToneChip tone="warning" text={`${translate('setup.lifecycle.guard')}: ${describe(move.guard)}`} />}
              {move.requires.length > 0 && (
                <ToneChip text={translate('setup.lifecycle.requiresCount', { smart_count: move.requires.length })} />
              )}
              {move.reasons.length > 0 && (
                <ToneChip text={translate('setup.lifecycle.reasonsCount', { smart_count: move.reasons.length })} />
              )}
            </Box>
          </Box>
        )}
        render={(path) => <MoveFields path={path} stages={stages} />}
      />
    </>
  );
};

/** The body of a stage graph: the stages a lead can be in and the moves between them, as a picture or as lists. */
export const LifecycleForm = () => {
  const translate = useTranslate();
  const text = useText();
  const stages = useField<readonly Stage[]>('stages').value ?? [];
  const moves = useField<readonly Transition[]>('transitions').value ?? [];
  const [view, setView] = useState<'graph' | 'list'>('graph');
  const stageChoices: Choice[] = stages.map((stage) => ({ value: stage.key, label: text(stage.label) || stage.key }));
  return (
    <Section at="stages" title={translate('setup.lifecycle.stages')} help={translate('setup.lifecycle.movesHelp')}>
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'flex-start', flexWrap: 'wrap' }}>
        <ToggleButtonGroup
          exclusive
          size="small"
          value={view}
          onChange={(_event, chosen: typeof view | null) => chosen && setView(chosen)}
          aria-label={translate('setup.lifecycle.view')}
        >
          <ToggleButton value="graph" sx={{ px: 2 }}>
            {translate('setup.lifecycle.graph')}
          </ToggleButton>
          <ToggleButton value="list" sx={{ px: 2 }}>
            {translate('setup.lifecycle.list')}
          </ToggleButton>
        </ToggleButtonGroup>
        <SelectIn path="initial" words="setup.lifecycle.initial" choices={stageChoices} sx={{ width: 260 }} />
      </Box>
      {view === 'graph' ? <Drawing stages={stages} moves={moves} /> : <Lists stages={stages} />}
    </Section>
  );
};
