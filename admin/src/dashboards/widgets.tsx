import type { ComponentType } from 'react';
import type { Access } from '../api/access';
import type { Scope } from './api';
import { FunnelWidget } from './funnel-widget';
import { NumbersWidget } from './numbers-widget';
import { PeopleWidget } from './people-widget';
import { PoolsWidget } from './pools-widget';
import { SlaWidget } from './sla-widget';
import { SourcesWidget } from './sources-widget';
import { TrendWidget } from './trend-widget';
import { WorkWidget } from './work-widget';

export interface Widget {
  key: string;
  Body: ComponentType<{ scope: Scope }>;
  /** Takes the whole width unless the member says otherwise. */
  wide: boolean;
  /** Resource and verb it needs, and fields of leads it must be able to read. */
  access: readonly [resource: string, verb: string];
  fields?: readonly string[];
}

/** Everything a dashboard can show; a title stands under `dash.widget.<key>`. */
export const WIDGETS: readonly Widget[] = [
  { key: 'numbers', Body: NumbersWidget, wide: true, access: ['leads', 'read'], fields: ['stage'] },
  { key: 'work', Body: WorkWidget, wide: false, access: ['leads', 'read'] },
  { key: 'sla', Body: SlaWidget, wide: false, access: ['sla-clocks', 'read'] },
  { key: 'funnel', Body: FunnelWidget, wide: true, access: ['leads', 'read'], fields: ['stage'] },
  { key: 'trend', Body: TrendWidget, wide: false, access: ['leads', 'read'], fields: ['stage'] },
  { key: 'sources', Body: SourcesWidget, wide: false, access: ['leads', 'read'], fields: ['stage', 'source'] },
  { key: 'pools', Body: PoolsWidget, wide: false, access: ['pools', 'read'] },
  { key: 'people', Body: PeopleWidget, wide: false, access: ['members', 'read'], fields: ['owner', 'stage'] },
];

export interface Placed {
  key: string;
  wide: boolean;
}

const BY_ROLE: readonly (readonly [role: string, keys: readonly string[]])[] = [
  ['crm-admin', ['funnel', 'trend', 'sources', 'sla', 'pools', 'people']],
  ['sales-manager', ['sla', 'people', 'funnel', 'trend', 'pools']],
  ['marketing', ['funnel', 'sources', 'trend', 'sla']],
  ['pool-admin', ['pools', 'people', 'funnel', 'sla']],
  ['auditor', ['funnel', 'sources', 'trend', 'sla']],
];

/** What a member of these roles sees before choosing for himself: the first role that has a dashboard of its own decides. */
export const defaultLayout = (roles: readonly string[]): Placed[] => {
  const keys = BY_ROLE.find(([role]) => roles.includes(role))?.[1] ?? ['numbers', 'work', 'sla', 'funnel', 'pools'];
  return keys.map((key) => ({ key, wide: WIDGETS.find((widget) => widget.key === key)?.wide ?? false }));
};

/** The chosen widgets that still exist and that the member may see. */
export const visibleWidgets = (layout: readonly Placed[], access: Access): (Placed & { widget: Widget })[] =>
  layout.flatMap((placed) => {
    const widget = WIDGETS.find(({ key }) => key === placed.key);
    return widget && mayShow(widget, access) ? [{ ...placed, widget }] : [];
  });

export const mayShow = (widget: Widget, access: Access): boolean =>
  access.can(widget.access[1], widget.access[0]) &&
  (widget.fields ?? []).every((field) => ['read', 'write'].includes(access.field('leads', field)));
