import type { LocalisedText } from '../../api/types';
import type { ComponentType, ReactNode } from 'react';
import type { PolicyEditing } from './use-policy';

export interface PolicyRecord {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly state: 'draft' | 'live' | 'retired';
  readonly position: number;
  readonly draft: unknown;
  readonly published: unknown;
  readonly version: number | null;
  readonly publishedAt: string | null;
  readonly changed: boolean;
  readonly draftChangedAt: string | null;
  /** A change that waits for a second person. */
  readonly pendingReview?: { readonly id: number; readonly action: string } | null;
}

export interface Finding {
  readonly level: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

export interface HistoryEntry {
  readonly id: number;
  readonly number: number;
  readonly body: unknown;
  readonly note: string | null;
  readonly publishedAt: string;
  readonly publishedBy: string | null;
  readonly requestedBy?: string | null;
}

export interface PreviewProps {
  readonly preview: Readonly<Record<string, unknown>>;
  /** Of the policy that is previewed. */
  readonly id?: number;
  /** When the previewed draft was changed last. */
  readonly stamp?: string | null;
}

export interface Template {
  readonly key: string;
  readonly name: LocalisedText;
  readonly description: LocalisedText;
  readonly body: unknown;
}

/** Choices of a kind beside the note, when a draft is published. */
export interface PublishOptionsProps {
  readonly value: Readonly<Record<string, unknown>>;
  readonly onChange: (value: Readonly<Record<string, unknown>>) => void;
}

export interface PreflightState {
  /** Everything that publishing would do is shown. */
  readonly ready: boolean;
  /** A sentence the publisher has to tick; null = nothing hurts. */
  readonly confirm: string | null;
}
export interface PreflightProps {
  readonly editing: PolicyEditing;
  /** Stable between renders. */
  readonly onState: (state: PreflightState) => void;
}

/** What a kind of policy brings to the common pages. */
export interface PolicyUi {
  readonly resource: string;
  /** Below `/setup/`. */
  readonly slug: string;
  /** Message keys `setup.<words>.title`, `.intro`, `.empty`, `.emptyHint`, `.add`. */
  readonly words: string;
  readonly icon: ReactNode;
  readonly Form: ComponentType<{ policyKey: string }>;
  readonly Preview?: ComponentType<PreviewProps>;
  /** Asked in the publish dialog; the answer goes to the server as `options`. */
  readonly PublishOptions?: ComponentType<PublishOptionsProps>;
  /** Whether the order of the policies decides which applies. */
  readonly ordered?: boolean;
  /** Bodies a new policy may start from; the first one is the default. */
  readonly templates: (context: { key: string; timeZone: string; pool: string }) => Promise<readonly Template[]>;
  /** Additional content of the side panel, e.g. a simulation. */
  readonly Extra?: ComponentType<{ id: number; dirty: boolean }>;
  /** Instead of the preview in the publish dialog: what has to be seen and set before the draft goes live. */
  readonly Preflight?: ComponentType<PreflightProps>;
  /** A dialog of its own for taking the policy out of use, where more has to be said than that. */
  readonly Retire?: ComponentType<{ editing: PolicyEditing; close: () => void }>;
}
