import { Skeleton, Typography } from '@mui/material';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { ErrorState } from '../common/error-state';

/** A widget's content once its report is there: a skeleton of its size before, a line when there is nothing, a retry when it failed. */
export const WidgetBody = <T,>(props: {
  query: UseQueryResult<T>;
  height: number;
  isEmpty?: (data: T) => boolean;
  empty?: string;
  children: (data: T) => ReactNode;
}) => {
  const translate = useTranslate();
  const { data, error, refetch } = props.query;
  if (error && data === undefined) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Skeleton variant="rounded" height={props.height} />;
  if (props.isEmpty?.(data))
    return (
      <Typography variant="body2" color="text.secondary" sx={{ py: 2 }}>
        {props.empty ?? translate('dash.empty')}
      </Typography>
    );
  return <>{props.children(data)}</>;
};
