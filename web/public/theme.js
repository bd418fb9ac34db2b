/* Runs before the first paint, so that a light screen never flashes dark, nor a compact one shifts. Kept outside the page because the
   content security policy allows no inline script. `web/src/data/preferences.ts` owns the key, `web/src/ui/theme.ts` the attributes. */
(function () {
  var stored = {};
  try {
    stored = JSON.parse(localStorage.getItem('quantdesk.preferences')) || {};
  } catch {
    /* Storage can be blocked or hold nonsense; the system's choice is a good one. */
  }
  var light =
    stored.theme === 'light' || (stored.theme !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches);
  var root = document.documentElement;
  root.dataset.theme = light ? 'light' : 'dark';
  root.dataset.density = stored.density === 'compact' ? 'compact' : 'comfortable';
  root.dataset.colours = stored.colours === 'colour-blind' ? 'colour-blind' : 'standard';
})();
