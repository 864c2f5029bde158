import type { Metric, Target } from '@leadsea/lead-sla/contracts/contract';
import { useTranslate } from 'ra-core';
import { useLookups } from '../../common/lookups';
import { useLocaleCode } from '../../common/text';
import { spanWords } from '../../conditions/span';
import { useDescribeCondition } from '../../conditions/use-facts';

export interface MetricWords {
  /** `sales: within 30 business minutes, until a call by the owner`. */
  metric(metric: Metric): string;
  target(target: Target): string;
  warn(warn: string): string;
}

/** Clocks of a contract in words both sides can sign. */
export const useMetricWords = (): MetricWords => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const lookups = useLookups();
  const describe = useDescribeCondition();
  const target = (one: Target): string => {
    const within = spanWords(one.duration, locale, true);
    return one.when
      ? translate('setup.sla.words.targetWhen', { within, when: describe(one.when) })
      : translate('setup.sla.words.target', { within });
  };
  return {
    target,
    warn: (warn) => {
      const [, percent, sign, amount, unit] = /^(?:(\d+)%|([-+])(\d+)([mh]))$/.exec(warn) ?? [];
      if (percent) return translate('setup.sla.words.warnPercent', { percent });
      if (!amount) return warn;
      const span = spanWords(unit === 'h' ? `PT${amount}H` : `PT${amount}M`, locale, true);
      return translate(sign === '+' ? 'setup.sla.words.warnAfter' : 'setup.sla.words.warnBefore', { span });
    },
    metric: (metric) => {
      const { activities, when } = metric.stop;
      const until = [
        activities
          ? translate(`setup.sla.words.by.${activities.authors}`, {
              kinds: activities.kinds.map(lookups.activityKind).join(translate('setup.sla.words.or')),
            })
          : '',
        when ? describe(when) : '',
      ].filter(Boolean);
      return translate('setup.sla.words.metric', {
        obligor: translate(`setup.sla.obligors.${metric.obligor}`),
        targets: metric.targets.map(target).join(translate('setup.sla.words.then')),
        until: until.join(translate('setup.sla.words.or')),
      });
    },
  };
};
