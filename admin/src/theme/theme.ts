import { alpha, createTheme, type Theme, type ThemeOptions } from '@mui/material/styles';

const FONT = [
  'Inter',
  '"Segoe UI"',
  'Roboto',
  '"Helvetica Neue"',
  '"PingFang SC"',
  '"Hiragino Sans GB"',
  '"Microsoft YaHei"',
  '"Noto Sans SC"',
  '"Noto Sans CJK SC"',
  'sans-serif',
].join(',');

export const ROW_HEIGHT = 36;

/** Colours that mean something in this product; both modes keep 4.5:1 against their ground. */
const MEANINGS = {
  light: {
    grade: { A: ['#dff1ec', '#0b6154'], B: ['#e2edf5', '#24567a'], C: ['#f8eddb', '#82560f'], D: ['#edeff1', '#586570'] },
    label: { hot: '#a93e26', warm: '#7d580a', cold: '#44647f' },
  },
  dark: {
    grade: { A: ['#143d36', '#7fd9c3'], B: ['#1b3547', '#94c5e8'], C: ['#42321a', '#e8bf7a'], D: ['#27323a', '#a3b1ba'] },
    label: { hot: '#f08d72', warm: '#dfb45c', cold: '#8fb5d3' },
  },
} as const;

export type GradeLetter = 'A' | 'B' | 'C' | 'D';
export const gradeColours = (theme: Theme, grade: string): readonly [string, string] => {
  const grades: Record<string, readonly [string, string]> = MEANINGS[theme.palette.mode].grade;
  return grades[grade.charAt(0).toUpperCase()] ?? MEANINGS[theme.palette.mode].grade.D;
};
export const labelColour = (theme: Theme, label: 'hot' | 'warm' | 'cold'): string => MEANINGS[theme.palette.mode].label[label];

const palettes: Record<'light' | 'dark', ThemeOptions['palette']> = {
  light: {
    mode: 'light',
    primary: { main: '#0e6470', dark: '#0a4a54', light: '#3f8791', contrastText: '#ffffff' },
    secondary: { main: '#a75a27', contrastText: '#ffffff' },
    background: { default: '#f5f7f8', paper: '#ffffff' },
    text: { primary: '#1a2429', secondary: '#57656d', disabled: '#98a3aa' },
    divider: '#e2e7ea',
    error: { main: '#b3372a' },
    warning: { main: '#8a5806' },
    success: { main: '#1a6b4e' },
    info: { main: '#3a6b8c' },
    action: { hover: 'rgba(14,100,112,0.045)', selected: 'rgba(14,100,112,0.09)', focus: 'rgba(14,100,112,0.12)' },
  },
  dark: {
    mode: 'dark',
    primary: { main: '#63c3c1', dark: '#3d9a9b', light: '#8dd8d5', contrastText: '#0b1c1f' },
    secondary: { main: '#e0a36e', contrastText: '#1d1208' },
    background: { default: '#10181b', paper: '#172125' },
    text: { primary: '#e3eaec', secondary: '#9fb0b7', disabled: '#64747c' },
    divider: '#27353b',
    error: { main: '#ef8a7c' },
    warning: { main: '#e2b35e' },
    success: { main: '#6ec8a2' },
    info: { main: '#8dbbdc' },
    action: { hover: 'rgba(120,210,208,0.06)', selected: 'rgba(120,210,208,0.12)', focus: 'rgba(120,210,208,0.16)' },
  },
};

const typography: ThemeOptions['typography'] = {
  fontFamily: FONT,
  fontSize: 13,
  h1: { fontSize: 24, fontWeight: 650, letterSpacing: -0.3 },
  h5: { fontSize: 20, fontWeight: 650, letterSpacing: -0.2 },
  h6: { fontSize: 16, fontWeight: 650 },
  subtitle1: { fontSize: 14, fontWeight: 600, lineHeight: 1.4 },
  subtitle2: { fontSize: 12, fontWeight: 600, lineHeight: 1.4 },
  body1: { fontSize: 14, lineHeight: 1.5 },
  body2: { fontSize: 13, lineHeight: 1.45 },
  caption: { fontSize: 12, lineHeight: 1.35 },
  button: { textTransform: 'none', fontWeight: 600, letterSpacing: 0 },
};

/** A finger, not a mouse. */
const TOUCH = '@media (pointer: coarse)';
const THUMB = 44;

/** What is drawn small can still be hit by a thumb: the area that answers is larger than what is seen, and moves nothing. */
export const thumbSized = {
  position: 'relative',
  [TOUCH]: {
    '&::after': {
      content: '""',
      position: 'absolute',
      top: '50%',
      left: '50%',
      width: `max(100%, ${THUMB}px)`,
      height: `max(100%, ${THUMB}px)`,
      transform: 'translate(-50%, -50%)',
    },
  },
} as const;

const make = (mode: 'light' | 'dark'): Theme => {
  const base = createTheme({ palette: palettes[mode], typography });
  const { divider, text, primary, background } = base.palette;
  return createTheme(base, {
    spacing: 8,
    shape: { borderRadius: 8 },
    shadows: base.shadows.map((_shadow, level) => (level < 3 ? 'none' : `0 ${level / 2}px ${level * 2}px ${alpha('#0b2226', 0.16)}`)),
    components: {
      MuiCssBaseline: {
        styleOverrides: {
          body: { fontVariantNumeric: 'tabular-nums', fontFeatureSettings: '"tnum"', WebkitFontSmoothing: 'antialiased' },
          '::selection': { background: alpha(primary.main, 0.25) },
          kbd: {
            fontFamily: 'inherit',
            fontSize: 11,
            padding: '1px 5px',
            borderRadius: 4,
            border: `1px solid ${divider}`,
            background: background.default,
            color: text.secondary,
          },
        },
      },
      MuiButtonBase: { styleOverrides: { root: { fontFamily: 'inherit' } } },
      MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
      MuiCard: { defaultProps: { variant: 'outlined' }, styleOverrides: { root: { borderColor: divider } } },
      MuiDialog: { styleOverrides: { paper: { borderRadius: 12, border: `1px solid ${divider}` } } },
      MuiMenu: { styleOverrides: { paper: { border: `1px solid ${divider}` } } },
      MuiPopover: { styleOverrides: { paper: { border: `1px solid ${divider}` } } },
      MuiButton: {
        defaultProps: { disableElevation: true, size: 'small' },
        styleOverrides: {
          root: { borderRadius: 6 },
          sizeSmall: { minHeight: 32, padding: '4px 12px', fontSize: 13, [TOUCH]: { minHeight: 40 } },
          outlined: { borderColor: divider },
        },
      },
      MuiIconButton: { defaultProps: { size: 'small' }, styleOverrides: { root: { borderRadius: 6, ...thumbSized } } },
      MuiTextField: { defaultProps: { size: 'small', variant: 'outlined', margin: 'none' } },
      MuiFormControl: { defaultProps: { size: 'small', variant: 'outlined', margin: 'none' } },
      MuiOutlinedInput: {
        styleOverrides: {
          root: { borderRadius: 6, backgroundColor: background.paper },
          notchedOutline: { borderColor: divider },
          // Telephones enlarge the page when a field with smaller letters is touched.
          inputSizeSmall: { paddingTop: 7, paddingBottom: 7, fontSize: 13, [TOUCH]: { fontSize: 16 } },
        },
      },
      MuiInputLabel: {
        styleOverrides: {
          // In the middle of the lower box that the padding above makes.
          sizeSmall: { '&.MuiInputLabel-outlined:not(.MuiInputLabel-shrink)': { fontSize: 13, transform: 'translate(14px, 8px)' } },
        },
      },
      MuiChip: {
        styleOverrides: {
          root: { borderRadius: 6, fontSize: 12.5 },
          sizeSmall: { height: 24 },
          outlined: { borderColor: divider, backgroundColor: background.paper },
        },
      },
      MuiTypography: { styleOverrides: { subtitle2: { color: text.secondary } } },
      MuiTableCell: {
        styleOverrides: {
          root: { borderColor: divider },
          sizeSmall: {
            height: ROW_HEIGHT,
            padding: '0 12px',
            fontSize: 13,
            [base.breakpoints.down('sm')]: { height: THUMB, padding: '6px 8px' },
          },
          head: { color: text.secondary, fontWeight: 600, fontSize: 12, backgroundColor: background.paper },
        },
      },
      MuiTab: {
        styleOverrides: { root: { minHeight: 40, [TOUCH]: { minHeight: THUMB }, textTransform: 'none', fontWeight: 600, minWidth: 64 } },
      },
      MuiTabs: { styleOverrides: { root: { minHeight: 40 } } },
      MuiTooltip: {
        defaultProps: { enterDelay: 400 },
        styleOverrides: { tooltip: { fontSize: 12, backgroundColor: mode === 'light' ? '#1f2d33' : '#33434a' } },
      },
      MuiToggleButton: {
        styleOverrides: {
          root: {
            textTransform: 'none',
            padding: '4px 10px',
            fontSize: 13,
            borderColor: divider,
            color: text.secondary,
            [TOUCH]: { minHeight: 40 },
          },
        },
      },
      MuiSkeleton: { defaultProps: { animation: 'wave' } },
    },
  });
};

export const lightTheme = make('light');
export const darkTheme = make('dark');
