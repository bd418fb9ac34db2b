import solid from 'eslint-plugin-solid/configs/typescript';
import tseslint from 'typescript-eslint';

/** Money is bigint: these calls turn it into a float on the way (design: floats exist only where pixels are drawn). */
const floatTraps = [
  {
    selector: "CallExpression[callee.name='parseFloat']",
    message: 'Parse decimals with #shared/money, not parseFloat.',
  },
  {
    selector: "CallExpression[callee.property.name='toFixed']",
    message: 'Format money with #shared/money, not toFixed.',
  },
];

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      '**/dist',
      'target',
      '.wrangler',
      '.quantdesk',
      'programs/**/artifacts',
      'programs/sbf/.sbf',
      'coverage',
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['workers/**/*.ts', 'sdk/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...floatTraps] } },
  { files: ['web/**/*.{ts,tsx}'], ...solid },
  { files: ['web/**/*.tsx', '**/*.test.ts', '**/*.test.tsx', 'tests/**'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['scripts/**', 'local/**', 'tests/**', 'examples/**', 'workers/platform/logger.ts'],
    rules: { 'no-console': 'off' },
  },
);
