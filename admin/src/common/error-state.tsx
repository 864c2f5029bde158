import ErrorIcon from '@mui/icons-material/ErrorOutline';
import { Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { asRefusal } from '../api/errors';
import { EmptyState } from './empty-state';

/** A page or panel that could not be loaded; says why and offers another try. Works outside a session. */
export const ErrorState = ({ error, retry, dense }: { error: unknown; retry?: () => void; dense?: boolean }) => {
  const translate = useTranslate();
  const refusal = asRefusal(error);
  const known = refusal.code
    ? translate(`errors.${refusal.code}`, { message: refusal.message, _: refusal.message, ...refusal.details })
    : '';
  const hint = known === '' || known.includes('%{') ? refusal.message : known;
  return (
    <EmptyState
      dense={dense}
      icon={<ErrorIcon />}
      title={translate('common.loadFailed')}
      hint={hint}
      action={
        retry && (
          <Button variant="outlined" onClick={retry}>
            {translate('common.retry')}
          </Button>
        )
      }
    />
  );
};
