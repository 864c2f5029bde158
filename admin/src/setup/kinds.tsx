import EventIcon from '@mui/icons-material/EventOutlined';
import HandshakeIcon from '@mui/icons-material/HandshakeOutlined';
import RouteIcon from '@mui/icons-material/AltRoute';
import LinkIcon from '@mui/icons-material/DomainAddOutlined';
import SchemaIcon from '@mui/icons-material/AccountTreeOutlined';
import StarIcon from '@mui/icons-material/StarBorder';
import WavesIcon from '@mui/icons-material/WavesOutlined';
import { CalendarPreview } from './calendars/calendar-preview';
import { RevisionOptions } from './calendars/revision-options';
import { CalendarForm } from './calendars/calendar-form';
import { GradingForm } from './grading/grading-form';
import { LabLink } from './grading-lab/lab-link';
import { GradingPreview } from './grading/grading-preview';
import { LifecycleForm } from './lifecycle/lifecycle-form';
import { LifecyclePreview } from './lifecycle/lifecycle-preview';
import { MatchingForm } from './matching/matching-form';
import { MatchingPreview } from './matching/matching-preview';
import type { PolicyUi, Template } from './policy/types';
import { KillSwitch } from './pools/kill-switch';
import { PoolForm } from './pools/pool-form';
import { PoolPreview } from './pools/pool-preview';
import { PoolRetire } from './pools/pool-retire';
import { PoolPreflight } from './pools/preflight/pool-preflight';
import { RoutingForm } from './routing/routing-form';
import { RoutingPreview } from './routing/routing-preview';
import { RoutingTools } from './routing/routing-tools';
import { SlaForm } from './sla/sla-form';
import { SlaPreview } from './sla/sla-preview';

const blank = (body: unknown): Template[] => [
  { key: 'blank', name: { zh: '空白', en: 'Empty' }, description: { zh: '从头开始。', en: 'Start from nothing.' }, body },
];
const workday = [
  { start: '09:00', end: '12:00' },
  { start: '13:30', end: '18:00' },
];

/** The kinds of policy and what each brings to the common pages. */
export const POLICY_KINDS: readonly PolicyUi[] = [
  {
    resource: 'pools',
    slug: 'pools',
    words: 'pool',
    icon: <WavesIcon />,
    Form: PoolForm,
    Preview: PoolPreview,
    Extra: KillSwitch,
    Preflight: PoolPreflight,
    Retire: PoolRetire,
    ordered: true,
    templates: async () =>
      blank({ kind: 'claimable', members: [{ type: 'everyone', rights: ['claim'] }], limits: [{ kind: 'claims', per: 'day', max: 20 }] }),
  },
  {
    resource: 'grading-models',
    slug: 'grading',
    words: 'grading',
    icon: <StarIcon />,
    Form: GradingForm,
    Preview: GradingPreview,
    Extra: LabLink,
    ordered: true,
    templates: async () => [...(await import('../../../plugins/lead-grading/contracts/templates')).GRADING_TEMPLATES],
  },
  {
    resource: 'routing-policies',
    slug: 'routing',
    words: 'routing',
    icon: <RouteIcon />,
    Form: RoutingForm,
    Preview: RoutingPreview,
    Extra: RoutingTools,
    ordered: true,
    templates: async ({ pool }) => blank({ rules: [], otherwise: { kind: 'pool', key: pool } }),
  },
  {
    resource: 'sla-contracts',
    slug: 'sla',
    words: 'sla',
    icon: <HandshakeIcon />,
    Form: SlaForm,
    Preview: SlaPreview,
    templates: async () => {
      const { FIRST_RESPONSE_CONTRACT, TWO_SIDES_CONTRACT } = await import('../../../plugins/lead-sla/contracts/templates');
      const template = (key: string, body: typeof TWO_SIDES_CONTRACT): Template => ({
        key,
        name: body.title,
        description: body.text ?? body.title,
        body,
      });
      return [template('first-response', FIRST_RESPONSE_CONTRACT), template('two-sides', TWO_SIDES_CONTRACT)];
    },
  },
  {
    resource: 'calendars',
    slug: 'calendars',
    words: 'calendar',
    icon: <EventIcon />,
    Form: CalendarForm,
    Preview: CalendarPreview,
    PublishOptions: RevisionOptions,
    ordered: true,
    templates: async ({ key, timeZone }) =>
      blank({
        key,
        tz: timeZone,
        week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, workday])),
        ...(timeZone === 'Asia/Shanghai' ? { holidays: 'cn_statutory' } : {}),
      }),
  },
  {
    resource: 'lifecycles',
    slug: 'lifecycle',
    words: 'lifecycle',
    icon: <SchemaIcon />,
    Form: LifecycleForm,
    Preview: LifecyclePreview,
    ordered: true,
    templates: async () => [...(await import('../../../plugins/leads/contracts/lifecycle-templates')).LIFECYCLE_TEMPLATES],
  },
  {
    resource: 'account-matching',
    slug: 'matching',
    words: 'matching',
    icon: <LinkIcon />,
    Form: MatchingForm,
    Preview: MatchingPreview,
    ordered: true,
    templates: async () => blank({}),
  },
];
