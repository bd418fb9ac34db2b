import type { Bindings } from './env.ts';
import type * as worker from './index.ts';

/** Lets `import { env } from 'cloudflare:workers'` know what wrangler.toml binds. */
declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof worker;
    }
    interface Env {
      readonly MARKETS: Bindings['MARKETS'];
      readonly ACCOUNTS: Bindings['ACCOUNTS'];
      readonly INDEXER: Bindings['INDEXER'];
      readonly METRIC_TOTALS: Bindings['METRIC_TOTALS'];
      readonly METRICS: NonNullable<Bindings['METRICS']>;
      readonly RISK_CHECKS: Bindings['RISK_CHECKS'];
      readonly MARKET_DATA_LIMIT: Bindings['MARKET_DATA_LIMIT'];
      readonly ASSISTANT_LIMIT: Bindings['ASSISTANT_LIMIT'];
      readonly IP_LIMIT: Bindings['IP_LIMIT'];
    }
  }
}
