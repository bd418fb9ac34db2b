import noUnsanitized from 'eslint-plugin-no-unsanitized';
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

/** Text that would become markup, beside what no-unsanitized knows. */
const markupTraps = [
  { selector: "JSXAttribute[name.name='innerHTML']", message: 'Text goes to the page as text, not as markup.' },
];

/** What people read or hear stands in web/src/i18n, where another language can take its place. */
const readAttributes =
  'aria-label|aria-description|aria-valuetext|aria-roledescription|title|placeholder|alt|label|text|hint|description|note|errorText';
const message = 'Take the words from web/src/i18n.';
const untranslated = [
  'JSXText[value=/[a-z]{2}/]',
  ':matches(JSXElement, JSXFragment) > JSXExpressionContainer > Literal[value=/[a-z]{2}/]',
  ':matches(JSXElement, JSXFragment) > JSXExpressionContainer > :matches(ConditionalExpression, LogicalExpression) > Literal[value=/[a-z]{2}/]',
  ':matches(JSXElement, JSXFragment) > JSXExpressionContainer > TemplateLiteral > TemplateElement[value.raw=/[a-z]{2}/]',
  `JSXAttribute[name.name=/^(${readAttributes})$/] > Literal[value=/[a-z]{2}/]`,
  `JSXAttribute[name.name=/^(${readAttributes})$/] > JSXExpressionContainer > :matches(Literal, ConditionalExpression > Literal, TemplateLiteral > TemplateElement)[value=/[a-z]{2}/]`,
  'Property[key.name=/^(title|text|label|hint|description|note)$/] > Literal[value=/[a-z]{2}/]',
  'Property[key.name=/^(title|text|label|hint|description|note)$/] > TemplateLiteral > TemplateElement[value.raw=/[a-z]{2}/]',
].map((selector) => ({ selector, message }));

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
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-script-url': 'error',
      'no-proto': 'error',
      'no-extend-native': 'error',
      'no-restricted-syntax': ['error', ...markupTraps],
      'no-console': 'error',
    },
  },
  {
    files: ['workers/**/*.ts', 'sdk/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...floatTraps, ...markupTraps] },
  },
  { files: ['web/**/*.{ts,tsx}', 'workers/**/*.ts'], ...noUnsanitized.configs.recommended },
  { files: ['web/**/*.{ts,tsx}'], ...solid },
  {
    files: ['web/src/**/*.{ts,tsx}'],
    ignores: ['web/src/i18n/**', '**/*.test.ts', '**/testing.ts'],
    rules: { 'no-restricted-syntax': ['error', ...untranslated, ...markupTraps] },
  },
  { files: ['web/**/*.tsx', '**/*.test.ts', '**/*.test.tsx', 'tests/**'], rules: { 'max-lines-per-function': 'off' } },
  // Tests show such addresses to what has to refuse them.
  { files: ['**/*.test.ts'], rules: { 'no-script-url': 'off' } },
  {
    files: ['scripts/**', 'local/**', 'tests/**', 'examples/**', 'workers/platform/logger.ts'],
    rules: { 'no-console': 'off' },
  },
);
