/** One runner for unit (beside the code), database and API tests; end-to-end tests run in Playwright. */
module.exports = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.tsx?$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: true } }, module: { type: 'commonjs' } }],
  },
  moduleNameMapper: {
    '^@leadsea/([a-z-]+)/contracts$': '<rootDir>/plugins/$1/contracts',
    '^@leadsea/(crm-core|leads|lead-[a-z]+)$': '<rootDir>/plugins/$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/.data', '/dist/'],
  setupFiles: ['<rootDir>/tests/support/property-seed.ts'],
  globalSetup: '<rootDir>/tests/support/postgres-setup.mjs',
  testMatch: ['<rootDir>/plugins/**/*.test.ts', '<rootDir>/admin/src/**/*.test.ts', '<rootDir>/tests/{db,api,jobs}/**/*.test.ts'],
  testTimeout: 60000,
};
