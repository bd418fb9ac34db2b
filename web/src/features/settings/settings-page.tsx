import { createUniqueId, type JSX } from 'solid-js';

import { changePreferences, defaultPreferences, preferences, type Preferences } from '../../data/preferences.ts';
import { texts } from '../../i18n/pages.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Switch } from '../../ui/switch.tsx';
import { OwnData } from './own-data.tsx';
import { SettingsPreview } from './settings-preview.tsx';

const t = texts.settings;

/** The names of the preferences that are one choice out of a few. */
type ChoiceName = 'theme' | 'density' | 'colours' | 'priceDecimals';

const options: { readonly [Name in ChoiceName]: readonly Preferences[Name][] } = {
  theme: ['system', 'dark', 'light'],
  density: ['comfortable', 'compact'],
  colours: ['standard', 'colour-blind'],
  priceDecimals: ['auto', 'fixed'],
};

/** How this browser shows the terminal and when it asks first. Every change holds at once and stays. */
export function SettingsPage(): JSX.Element {
  const isDefault = () => JSON.stringify(preferences()) === JSON.stringify(defaultPreferences);
  return (
    <div class="page-content settings">
      <header class="page-head">
        <h1 class="page-title">{texts.shell.pages.settings}</h1>
        <p class="text-ink-3">{t.text}</p>
      </header>
      <div class="settings-columns">
        <div class="grid content-start gap-3">
          <Group title={t.look}>
            <Choice name="theme" />
            <Choice name="density" />
            <Choice name="colours" />
            <Choice name="priceDecimals" />
            <p class="px-3 py-2.5 text-ink-3">{t.motion}</p>
          </Group>
          <Group title={t.asking}>
            <Toggle name="confirmOrders" />
            <Toggle name="confirmCloseAll" />
          </Group>
          <Group title={t.hearing}>
            <Toggle name="sound" />
          </Group>
          <button
            type="button"
            class="button justify-self-start"
            disabled={isDefault()}
            data-testid="reset-settings"
            onClick={() => changePreferences(defaultPreferences)}
          >
            {t.reset}
          </button>
          <OwnData />
        </div>
        <SettingsPreview />
      </div>
    </div>
  );
}

function Group(props: { readonly title: string; readonly children: JSX.Element }): JSX.Element {
  const id = createUniqueId();
  return (
    <section class="panel settings-group" aria-labelledby={id}>
      <h2 id={id} class="panel-title">
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}

function Choice<Name extends ChoiceName>(props: { readonly name: Name }): JSX.Element {
  const of = () => t.choices[props.name];
  return (
    <div class="settings-row">
      <div class="grid min-w-0 gap-0.5">
        <span class="text-3">{of().label}</span>
        <span class="text-ink-3">{of().hint}</span>
      </div>
      <Segmented
        label={of().label}
        class="settings-choice"
        options={options[props.name].map((value) => ({
          value,
          label: (of().options as Record<string, string>)[value] ?? value,
        }))}
        value={preferences()[props.name]}
        onChange={(value) => changePreferences({ [props.name]: value })}
      />
    </div>
  );
}

function Toggle(props: { readonly name: 'confirmOrders' | 'confirmCloseAll' | 'sound' }): JSX.Element {
  return (
    <Switch
      label={t.toggles[props.name].label}
      hint={t.toggles[props.name].hint}
      on={preferences()[props.name]}
      onChange={(on) => changePreferences({ [props.name]: on })}
      testId={`toggle-${props.name}`}
    />
  );
}
