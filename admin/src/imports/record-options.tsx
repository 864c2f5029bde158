import { Autocomplete, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { useText } from '../common/text';
import { ChoiceIn } from './choice-in';
import { ReadingOptions } from './reading-options';
import type { ImportKind, ImportOptions, ImportRecord } from './types';

interface Props {
  record: Pick<ImportRecord, 'mapping'>;
  kind: Exclude<ImportKind, 'leads'>;
  options: ImportOptions;
  setOptions: (options: ImportOptions) => void;
}

/** Who owns what the rows give no owner. */
const DefaultOwner = ({ value, change }: { value: number | undefined; change: (owner: number | undefined) => void }) => {
  const translate = useTranslate();
  const meta = useMeta();
  return (
    <Autocomplete
      size="small"
      options={meta.members}
      getOptionLabel={(member) => member.name}
      getOptionKey={(member) => member.id}
      value={meta.members.find((member) => member.id === value) ?? null}
      onChange={(_event, member) => change(member?.id)}
      renderInput={(params) => <TextField {...params} label={translate('imports.record.defaultOwner')} />}
    />
  );
};

/** What happens to accounts, deals and follow-ups that are here already, and what follows from those that are new. */
export const RecordOptions = ({ record, kind, options, setOptions }: Props) => {
  const translate = useTranslate();
  const text = useText();
  const meta = useMeta();
  const lookups = useLookups();
  const set = (patch: Partial<ImportOptions>): void => setOptions({ ...options, ...patch });
  const choices = (name: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: translate(`imports.recordChoice.${name}.${value}`) }));
  const { [kind === 'activities' ? 'kind' : 'owner']: own, ...otherDefaults } = options.defaults ?? {};
  const setDefault = (key: string, value: string | number | undefined): void =>
    set({ defaults: value === undefined ? otherDefaults : { ...otherDefaults, [key]: value } });
  const mode = options.mode ?? 'upsert';
  const usual = mode === 'update' || kind === 'opportunities' ? 'overwrite' : 'merge';
  const external = record.mapping.some((column) => column.target === 'leadExternalId');
  return (
    <>
      {kind !== 'activities' && (
        <>
          <ChoiceIn
            label={translate('imports.option.mode')}
            help={translate(`imports.record.mode.${kind}`)}
            value={mode}
            choices={choices('mode', ['upsert', 'create', 'update'])}
            change={(value) => setOptions({ ...options, mode: value as ImportOptions['mode'], onDuplicate: undefined })}
          />
          <ChoiceIn
            label={translate('imports.record.known')}
            help={translate('imports.record.knownHelp')}
            value={mode === 'create' ? 'skip' : (options.onDuplicate ?? usual)}
            choices={choices('onDuplicate', mode === 'create' ? ['skip'] : ['merge', 'overwrite', 'skip'])}
            change={(value) => set({ onDuplicate: value as ImportOptions['onDuplicate'] })}
          />
        </>
      )}
      {kind === 'activities' && (
        <>
          <ChoiceIn
            label={translate('imports.record.followUps')}
            help={translate('imports.record.followUpsHelp')}
            value={options.followUps ?? 'history'}
            choices={choices('followUps', ['history', 'live'])}
            change={(value) => set({ followUps: value as ImportOptions['followUps'] })}
          />
          <ChoiceIn
            label={translate('imports.record.defaultKind')}
            help={translate('imports.record.defaultKindHelp')}
            value={typeof own === 'string' ? own : 'note'}
            choices={meta.activityKinds.map(({ key, label }) => ({ value: key, label: text(label) }))}
            change={(value) => setDefault('kind', value)}
          />
        </>
      )}
      {kind === 'opportunities' && (
        <ChoiceIn
          label={translate('imports.record.leadStage')}
          help={translate('imports.record.leadStageHelp')}
          value={options.leadStage ?? 'advance'}
          choices={choices('leadStage', ['advance', 'keep'])}
          change={(value) => set({ leadStage: value as ImportOptions['leadStage'] })}
        />
      )}
      <ChoiceIn
        label={translate('imports.record.unknownPeople')}
        help={translate('imports.record.unknownPeopleHelp')}
        value={options.unknownPeople ?? 'refuse'}
        choices={choices('unknownPeople', ['refuse', 'blank'])}
        change={(value) => set({ unknownPeople: value as ImportOptions['unknownPeople'] })}
      />
      {kind === 'accounts' && (
        <DefaultOwner value={typeof own === 'number' ? own : undefined} change={(owner) => setDefault('owner', owner)} />
      )}
      {external && (
        <Autocomplete
          freeSolo
          autoSelect
          size="small"
          options={lookups.sources.map((source) => source.value)}
          value={options.externalSource ?? null}
          onChange={(_event, source) => set({ externalSource: source?.trim() || undefined })}
          renderInput={(params) => (
            <TextField
              {...params}
              label={translate('imports.record.externalSource')}
              helperText={translate('imports.record.externalSourceHelp')}
            />
          )}
        />
      )}
      <ReadingOptions options={options} set={set} />
    </>
  );
};
