import { Box } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState, type ReactNode } from 'react';
import { API, httpClient } from '../../api/http-client';
import { FormDialog } from '../../common/form-dialog';
import { sameBody } from './diff';
import { BodyForm } from './form-context';
import { issuesOf } from './issues';
import { useRefusalWords } from './refusal-words';

interface RecordDialogProps<Body extends object> {
  resource: string;
  /** Absent for a new record. */
  id?: number;
  title: string;
  /** Where it is posted when it is no record of its own, below the API: `/members/5/password`. */
  postTo?: string;
  /** Whose words refusals have, when not the resource's: `setup.refusal.<refusals>.<CODE>`. */
  refusals?: string;
  initial: Body;
  /** What is sent; by default the body as it is. */
  toSend?: (body: Body) => Record<string, unknown>;
  valid?: (body: Body) => boolean;
  /** What follows a successful save, before the dialog closes. */
  saved?: (record: { id: number }, body: Body) => Promise<void>;
  readOnly?: boolean;
  wide?: boolean;
  close: () => void;
  /** More buttons at the left, e.g. to retire. */
  actions?: ReactNode;
  children: (body: Body) => ReactNode;
}

/** Edits one record in a dialog; what the server refuses is shown at its field. */
export const RecordDialog = <Body extends object>(props: RecordDialogProps<Body>) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalWords(props.refusals ?? props.resource);
  const client = useQueryClient();
  const [body, setBody] = useState(props.initial);
  const [error, setError] = useState<unknown>(null);
  const changed = props.id === undefined || !sameBody(body, props.initial);
  const save = async (): Promise<void> => {
    setError(null);
    const values = props.toSend?.(body) ?? body;
    const [path, method] =
      props.id === undefined ? [props.postTo ?? `/${props.resource}`, 'POST'] : [`/${props.resource}/${props.id}`, 'PUT'];
    try {
      const { json } = await httpClient<{ id: number }>(`${API}${path}`, { method, body: JSON.stringify(values) });
      await props.saved?.(json, body);
      await Promise.all([client.invalidateQueries({ queryKey: [props.resource] }), client.invalidateQueries({ queryKey: ['meta'] })]);
      notify('setup.kit.saved', { type: 'info' });
      props.close();
    } catch (cause) {
      setError(cause);
    }
  };
  const issues = error ? issuesOf(error, refusal(error)) : [];
  return (
    <FormDialog
      title={props.title}
      refusal={refusal}
      error={error}
      width={props.wide ? 'lg' : 'sm'}
      tall
      sticky={changed && props.id !== undefined}
      actions={props.actions}
      {...(!props.readOnly && { submit: translate('setup.kit.save') })}
      ready={changed && (props.valid?.(body) ?? true)}
      close={props.close}
      run={save}
    >
      <BodyForm body={body} onChange={setBody} issues={issues} readOnly={props.readOnly ?? false}>
        <Box sx={{ display: 'grid', gap: 2, '& > *': { minWidth: 0 } }}>{props.children(body)}</Box>
      </BodyForm>
    </FormDialog>
  );
};
