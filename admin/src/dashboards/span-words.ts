import { useTranslate } from 'ra-core';

const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** The unit in which a length of time reads best, and how many of them; one digit behind the point below ten. */
export const roundedSpan = (seconds: number): { unit: 'd' | 'h' | 'm' | 's'; n: number } => {
  const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? ['s', 1];
  const exact = seconds / size;
  return { unit, n: exact < 10 && unit !== 's' ? Math.round(exact * 10) / 10 : Math.round(exact) };
};

/** `2.5 d`, `14 h`: how long something usually takes. */
export const useSpanWords = (): ((seconds: number | null) => string) => {
  const translate = useTranslate();
  return (seconds) => {
    if (seconds === null) return '–';
    const { unit, n } = roundedSpan(seconds);
    return translate(`dash.units.${unit}`, { n });
  };
};
