/** Type-aware rules for TypeScript, plain ones for scripts, and the two laws of the architecture: pure domains, one-way arrows. */
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const names = (list) => Object.fromEntries(list.split(' ').map((name) => [name, 'readonly']));
const node = names(
  'process console Buffer URL URLSearchParams TextDecoder TextEncoder setTimeout clearTimeout setInterval clearInterval setImmediate queueMicrotask fetch FormData Blob File Headers Request Response AbortController AbortSignal performance structuredClone ReadableStream',
);
const commonjs = names('module exports require __dirname __filename');
const jest = names('describe test it expect beforeAll beforeEach afterAll afterEach jest');

const PURE_LIBRARIES =
  'luxon zod pinyin-pro tldts freemail chardet csv-parse exceljs iconv-lite yaml disposable-email-domains libphonenumber-js chinese-days date-holidays fast-check @casl/ability @react-querybuilder/core';
const escaped = (text) => text.replace(/[/.]/g, '\\$&');
const pureLibrary = PURE_LIBRARIES.split(' ').map(escaped).join('|');

/** A domain file reaches only its own folder, contracts, other plugins' types and libraries without effects. */
const pureDomain = {
  patterns: [
    {
      regex: `^(?!\\.{1,2}/|\\.{1,2}$|@leadsea/|node:(?:stream|buffer|string_decoder|assert)|(?:${pureLibrary})(?:/|$))`,
      message: 'domain/ is pure: it imports only domain/, contracts and libraries without effects.',
    },
    {
      regex: '^(?:\\.{1,2}/)+(?:services|controllers|routes|migrations|content-types|middlewares|policies|register|bootstrap|index)(?:/|$)',
      message: 'domain/ is pure: what it needs from a service comes in as an argument.',
    },
  ],
};

/** crm-core ← leads ← the four, which never import each other. */
const ARROWS = {
  'crm-core': ['leads', 'lead-pools', 'lead-grading', 'lead-routing', 'lead-sla'],
  leads: ['lead-pools', 'lead-grading', 'lead-routing', 'lead-sla'],
  'lead-pools': ['lead-grading', 'lead-routing', 'lead-sla'],
  'lead-grading': ['lead-pools', 'lead-routing', 'lead-sla'],
  'lead-routing': ['lead-pools', 'lead-grading', 'lead-sla'],
  'lead-sla': ['lead-pools', 'lead-grading', 'lead-routing'],
};
const arrows = Object.entries(ARROWS).map(([plugin, forbidden]) => ({
  files: [`plugins/${plugin}/**/*.ts`],
  ignores: ['**/*.test.ts'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `(?:^@leadsea/|^(?:\\.\\./)+)(?:${forbidden.join('|')})(?:/|$)`,
            message: `${plugin} may not import this plugin: meet through a registry, an event or a type of a plugin below.`,
          },
          { regex: '^@leadsea/[^/]+/(?!contracts$)', message: "Import a plugin's root or its contracts, not its inner files." },
        ],
      },
    ],
  },
}));

const typed = {
  files: ['plugins/**/*.ts', 'admin/**/*.{ts,tsx}', 'tests/**/*.ts', 'config/**/*.ts', 'database/**/*.ts'],
  extends: [js.configs.recommended, ...tseslint.configs.recommendedTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  linterOptions: { reportUnusedDisableDirectives: 'error' },
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-console': 'error',
    'max-lines': ['error', { max: 300 }],
    '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    '@typescript-eslint/no-explicit-any': 'error',
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    '@typescript-eslint/require-await': 'off',
    // Services are closures handed out as interfaces; nothing here is called with a `this`.
    '@typescript-eslint/unbound-method': 'off',
  },
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '**/build/**',
      '.cache/**',
      '.data/**',
      '.strapi/**',
      'types/**',
      'coverage/**',
      'test-results/**',
    ],
  },
  typed,
  {
    files: ['plugins/*/server/src/domain/**/*.ts'],
    ignores: ['**/*.test.ts', '**/__fixtures__/**', '**/identity/mail-domains.ts'],
    rules: { 'no-restricted-imports': ['error', pureDomain] },
  },
  ...arrows,
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'tests/**/*.ts'],
    languageOptions: { globals: { ...node, ...jest } },
    // Tests read rows and answers as they come; what they claim about them is the assertion.
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      'max-lines': ['error', { max: 600 }],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [js.configs.recommended],
    languageOptions: { globals: node, sourceType: 'module', ecmaVersion: 2024 },
    rules: { 'max-lines': ['error', { max: 300 }], 'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }] },
  },
  { files: ['**/*.cjs'], languageOptions: { globals: { ...node, ...commonjs }, sourceType: 'commonjs' } },
);
