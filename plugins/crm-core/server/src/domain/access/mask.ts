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

/** `138****1234`, `a***@example.com`, `***`; what is empty stays empty, what is not text is left out. */
export function maskValue(field: Pick<ResourceField, 'mask' | 'type'>, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return value ?? null;
  if (typeof value !== 'string' || field.type === 'datetime' || field.type === 'date') return null;
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
