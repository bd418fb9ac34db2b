CREATE TABLE "pool_snapshots" (
	"snapshot_time" timestamp with time zone PRIMARY KEY NOT NULL,
	"share_price" numeric(20, 8) NOT NULL,
	"total_shares" numeric(20, 8) NOT NULL,
	"equity" numeric(20, 8) NOT NULL,
	CONSTRAINT "pool_snapshots_share_price_check" CHECK (share_price > 0),
	CONSTRAINT "pool_snapshots_total_shares_check" CHECK (total_shares > 0),
	CONSTRAINT "pool_snapshots_equity_check" CHECK (equity > 0)
);
--> statement-breakpoint
-- Like prices: public to read, written by what follows the chain.
GRANT SELECT ON pool_snapshots TO app_user;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON pool_snapshots TO projector;
