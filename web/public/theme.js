/* Runs before the first paint, so that a light screen never flashes dark or the other way round. Kept outside the page because the
   content security policy allows no inline script. `web/src/ui/theme.ts` owns the same key. */
(function () {
  var stored = null;
  try {
    stored = localStorage.getItem('quantdesk.theme');
  } catch {
    /* Storage can be blocked; the system's choice is a good one. */
  }
  var light = stored === 'light' || (stored !== 'dark' && matchMedia('(prefers-color-scheme: light)').matches);
  document.documentElement.dataset.theme = light ? 'light' : 'dark';
})();
