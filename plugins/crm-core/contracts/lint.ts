import type { LocalisedText } from './condition';

export interface LintFinding {
  readonly level: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

/** A finding of the linter over everything: about which record of which resource, and for policies whether the live version or the draft. */
export interface LintItem extends LintFinding {
  readonly resource: string;
  readonly id: number | null;
  readonly key: string;
  readonly name: string;
  /** Its name in both languages, where it has one. */
  readonly label?: LocalisedText;
  readonly version?: 'live' | 'draft';
  /** Values the console puts into its own sentence. */
  readonly values?: Readonly<Record<string, string | number>>;
}

/** A part of the configuration that is checked as it stands. Who may read the resource sees what is found. */
export interface LintSource {
  readonly resource: string;
  run(): Promise<readonly LintItem[]>;
}

export interface LintService {
  addSource(source: LintSource): void;
}
