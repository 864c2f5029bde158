import { useTranslate } from 'ra-core';
import { ToneChip } from '../../common/badges';
import type { PolicyRecord } from './types';

/** draft · live · live with changes · retired */
export const PolicyStatus = ({ record }: { record: PolicyRecord }) => {
  const translate = useTranslate();
  if (record.pendingReview) return <ToneChip text={translate('setup.review.pending')} tone="warning" />;
  if (record.state === 'retired') return <ToneChip text={translate('setup.policy.retired')} />;
  if (record.version === null) return <ToneChip text={translate('setup.policy.draft')} tone="info" />;
  if (record.changed) return <ToneChip text={translate('setup.policy.changed')} tone="warning" />;
  return <ToneChip text={translate('setup.policy.live')} tone="success" />;
};
