import type { ResourceField } from '../../../../contracts';

const TEXT = '***';

function maskPhone(value: string): string {
  const digits = value.replace(/\D/g, '');
  if (digits.length < 8) return '****';
  const head = digits.slice(0, Math.min(digits.length - 8, 5));
  return `${value.trim().startsWith('+') ? '+' : ''}${head}****${digits.slice(-4)}`;
}

function maskEmail(value: string): string {
  const at = value.lastIndexOf('@');
  return at < 1 ? TEXT : `${[...value][0] ?? ''}***${value.slice(at)}`;
}

const MOST_STARS = 6;

/** What is kept at both ends never adds up to the whole value: a short one is masked altogether. */
function maskMiddle(value: string, keepStart: number, keepEnd: number): string {
  const letters = [...value];
  if (letters.length <= keepStart + keepEnd) return TEXT;
  const stars = '*'.repeat(Math.min(letters.length - keepStart - keepEnd, MOST_STARS));
  return `${letters.slice(0, keepStart).join('')}${stars}${keepEnd > 0 ? letters.slice(-keepEnd).join('') : ''}`;
}

/** `138****1234`, `a***@example.com`, `***`; what is empty stays empty, what is not text is left out. */
export function maskValue(field: Pick<ResourceField, 'mask' | 'type'>, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return value ?? null;
  if (typeof value !== 'string' || field.type === 'datetime' || field.type === 'date') return null;
  if (typeof field.mask === 'object') return maskMiddle(value, field.mask.keepStart, field.mask.keepEnd);
  switch (field.mask) {
    case 'phone':
      return maskPhone(value);
    case 'email':
      return maskEmail(value);
    case 'text':
    case undefined:
      return TEXT;
    default:
      throw new Error(`Unknown mask ${String(field.mask satisfies never)}`);
  }
}
