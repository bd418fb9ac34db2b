CREATE TABLE "fills" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"position_id" uuid NOT NULL,
	"order_id" uuid,
	"market_symbol" varchar(20) NOT NULL,
	"side" varchar(10) NOT NULL,
	"quantity" numeric(20, 8) NOT NULL,
	"price" numeric(20, 8) NOT NULL,
	"fee" numeric(20, 8) NOT NULL,
	"impact" numeric(20, 8) NOT NULL,
	"realized_pnl" numeric(20, 8) NOT NULL,
	"funding" numeric(20, 8) NOT NULL,
	"borrow" numeric(20, 8) NOT NULL,
	"publish_time" bigint NOT NULL,
	"account_seq" bigint NOT NULL,
	"transaction_hash" varchar(88) NOT NULL,
	"receipt" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "fills_user_id_account_seq_key" UNIQUE("user_id","account_seq"),
	CONSTRAINT "fills_side_check" CHECK (side IN ('buy', 'sell')),
	CONSTRAINT "fills_quantity_check" CHECK (quantity > 0),
	CONSTRAINT "fills_price_check" CHECK (price > 0),
	CONSTRAINT "fills_fee_check" CHECK (fee >= 0 AND impact >= 0)
);
--> statement-breakpoint
ALTER TABLE "fills" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "liquidations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"position_id" uuid NOT NULL,
	"market_symbol" varchar(20) NOT NULL,
	"side" varchar(10) NOT NULL,
	"quantity" numeric(20, 8) NOT NULL,
	"price" numeric(20, 8) NOT NULL,
	"is_full" boolean NOT NULL,
	"realized_pnl" numeric(20, 8) NOT NULL,
	"funding" numeric(20, 8) NOT NULL,
	"borrow" numeric(20, 8) NOT NULL,
	"liquidation_fee" numeric(20, 8) NOT NULL,
	"keeper_reward" numeric(20, 8) NOT NULL,
	"margin_released" numeric(20, 8) NOT NULL,
	"bad_debt" numeric(20, 8) NOT NULL,
	"liquidator" varchar(44),
	"publish_time" bigint NOT NULL,
	"account_seq" bigint NOT NULL,
	"transaction_hash" varchar(88) NOT NULL,
	"receipt" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "liquidations_user_id_account_seq_key" UNIQUE("user_id","account_seq"),
	CONSTRAINT "liquidations_side_check" CHECK (side IN ('long', 'short')),
	CONSTRAINT "liquidations_quantity_check" CHECK (quantity > 0),
	CONSTRAINT "liquidations_price_check" CHECK (price > 0)
);
--> statement-breakpoint
ALTER TABLE "liquidations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "transfers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" varchar(20) NOT NULL,
	"amount" numeric(20, 8) NOT NULL,
	"collateral" numeric(20, 8) NOT NULL,
	"account_seq" bigint NOT NULL,
	"transaction_hash" varchar(88) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "transfers_user_id_account_seq_key" UNIQUE("user_id","account_seq"),
	CONSTRAINT "transfers_kind_check" CHECK (kind IN ('deposit', 'withdrawal', 'liquidation_reward')),
	CONSTRAINT "transfers_amount_check" CHECK (amount > 0)
);
--> statement-breakpoint
ALTER TABLE "transfers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "funding_payments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"position_id" uuid NOT NULL,
	"market_symbol" varchar(20) NOT NULL,
	"funding" numeric(20, 8) NOT NULL,
	"borrow" numeric(20, 8) NOT NULL,
	"account_seq" bigint NOT NULL,
	"transaction_hash" varchar(88) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "funding_payments_user_id_account_seq_key" UNIQUE("user_id","account_seq")
);
--> statement-breakpoint
ALTER TABLE "funding_payments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "risk_alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"kind" varchar(20) NOT NULL,
	"market_symbol" varchar(20) NOT NULL,
	"position_id" uuid NOT NULL,
	"message" text NOT NULL,
	"transaction_hash" varchar(88),
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "risk_alerts_kind_check" CHECK (kind IN ('margin_warning', 'liquidated'))
);
--> statement-breakpoint
ALTER TABLE "risk_alerts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"queue" varchar(64) NOT NULL,
	"message_id" varchar(128) NOT NULL,
	"body" jsonb NOT NULL,
	"error" text,
	"attempts" integer NOT NULL,
	"status" varchar(20) DEFAULT 'stored' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"replayed_at" timestamp with time zone,
	CONSTRAINT "dead_letters_message_id_key" UNIQUE("message_id"),
	CONSTRAINT "dead_letters_status_check" CHECK (status IN ('stored', 'replayed', 'discarded'))
);
--> statement-breakpoint
CREATE TABLE "projected_events" (
	"signature" varchar(88) NOT NULL,
	"index_in_transaction" integer NOT NULL,
	"name" varchar(64) NOT NULL,
	"slot" bigint NOT NULL,
	"block_time" timestamp with time zone NOT NULL,
	"streams" jsonb NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "projected_events_pkey" PRIMARY KEY("signature","index_in_transaction")
);
--> statement-breakpoint
CREATE TABLE "projection_streams" (
	"stream" varchar(128) PRIMARY KEY NOT NULL,
	"next_seq" bigint NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "trading_positions" ADD COLUMN "position_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "trading_positions" ADD COLUMN "opened_seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "stage" varchar(20) DEFAULT 'accepted' NOT NULL;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "client_order_id" varchar(128);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "reduce_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "leverage" numeric(5, 2);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "max_slippage_bps" integer;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "time_in_force" varchar(3) DEFAULT 'gtc' NOT NULL;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "expires_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "fee" numeric(20, 8) DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "eligible_from" bigint;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "error_code" varchar(20);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "attempts" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "updated_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "position_history" ADD COLUMN "position_seq" bigint;--> statement-breakpoint
ALTER TABLE "fills" ADD CONSTRAINT "fills_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fills" ADD CONSTRAINT "fills_position_id_fkey" FOREIGN KEY ("position_id") REFERENCES "public"."trading_positions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "liquidations" ADD CONSTRAINT "liquidations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "liquidations" ADD CONSTRAINT "liquidations_position_id_fkey" FOREIGN KEY ("position_id") REFERENCES "public"."trading_positions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "funding_payments" ADD CONSTRAINT "funding_payments_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "funding_payments" ADD CONSTRAINT "funding_payments_position_id_fkey" FOREIGN KEY ("position_id") REFERENCES "public"."trading_positions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "risk_alerts" ADD CONSTRAINT "risk_alerts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_fills_position_id" ON "fills" USING btree ("position_id");--> statement-breakpoint
CREATE INDEX "idx_fills_order_id" ON "fills" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "idx_fills_transaction_hash" ON "fills" USING btree ("transaction_hash");--> statement-breakpoint
CREATE INDEX "idx_liquidations_position_id" ON "liquidations" USING btree ("position_id");--> statement-breakpoint
CREATE INDEX "idx_liquidations_transaction_hash" ON "liquidations" USING btree ("transaction_hash");--> statement-breakpoint
CREATE INDEX "idx_risk_alerts_user_id_created_at" ON "risk_alerts" USING btree ("user_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_dead_letters_created_at" ON "dead_letters" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_projected_events_slot" ON "projected_events" USING btree ("slot");--> statement-breakpoint
CREATE INDEX "idx_positions_user_id_created_at" ON "trading_positions" USING btree ("user_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_orders_user_id_created_at" ON "trading_orders" USING btree ("user_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_orders_user_id_client_order_id" ON "trading_orders" USING btree ("user_id","client_order_id");--> statement-breakpoint
CREATE INDEX "idx_orders_unfinished" ON "trading_orders" USING btree ("created_at") WHERE status = 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "market_data_symbol_bucket_key" ON "market_data" USING btree ("symbol",date_bin('10 seconds'::interval, "timestamp", '1970-01-01 00:00:00+00'::timestamptz));--> statement-breakpoint
ALTER TABLE "portfolio_snapshots" ADD CONSTRAINT "portfolio_snapshots_user_id_snapshot_time_key" UNIQUE("user_id","snapshot_time");--> statement-breakpoint
ALTER TABLE "position_history" ADD CONSTRAINT "position_history_position_id_position_seq_key" UNIQUE("position_id","position_seq");--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_stage_check" CHECK (stage IN ('accepted', 'resting', 'triggered', 'submitted', 'filled', 'rejected', 'cancelled', 'expired'));--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_time_in_force_check" CHECK (time_in_force IN ('gtc', 'ioc', 'gtt'));--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_leverage_check" CHECK (leverage > 0 AND leverage <= 100);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_max_slippage_bps_check" CHECK (max_slippage_bps >= 0);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_fee_check" CHECK (fee >= 0);--> statement-breakpoint
CREATE POLICY "Writer can insert the signed-in user" ON "users" AS PERMISSIVE FOR INSERT TO "app_writer" WITH CHECK (auth.uid() = id);--> statement-breakpoint
CREATE POLICY "Projector can view users" ON "users" AS PERMISSIVE FOR SELECT TO "projector" USING (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Projector can insert users" ON "users" AS PERMISSIVE FOR INSERT TO "projector" WITH CHECK (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Projector writes positions" ON "trading_positions" AS PERMISSIVE FOR ALL TO "projector" USING (current_user = 'projector') WITH CHECK (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Projector can view orders" ON "trading_orders" AS PERMISSIVE FOR SELECT TO "projector" USING (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Projector can link orders to positions" ON "trading_orders" AS PERMISSIVE FOR UPDATE TO "projector" USING (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Projector writes portfolio snapshots" ON "portfolio_snapshots" AS PERMISSIVE FOR ALL TO "projector" USING (current_user = 'projector') WITH CHECK (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Projector writes position history" ON "position_history" AS PERMISSIVE FOR ALL TO "projector" USING (current_user = 'projector') WITH CHECK (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Users can view own fills" ON "fills" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Projector writes fills" ON "fills" AS PERMISSIVE FOR ALL TO "projector" USING (current_user = 'projector') WITH CHECK (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Users can view own liquidations" ON "liquidations" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Projector writes liquidations" ON "liquidations" AS PERMISSIVE FOR ALL TO "projector" USING (current_user = 'projector') WITH CHECK (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Users can view own transfers" ON "transfers" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Projector writes transfers" ON "transfers" AS PERMISSIVE FOR ALL TO "projector" USING (current_user = 'projector') WITH CHECK (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Users can view own funding payments" ON "funding_payments" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Projector writes funding payments" ON "funding_payments" AS PERMISSIVE FOR ALL TO "projector" USING (current_user = 'projector') WITH CHECK (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Users can view own risk alerts" ON "risk_alerts" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Writer can insert risk alerts of the user" ON "risk_alerts" AS PERMISSIVE FOR INSERT TO "app_writer" WITH CHECK (auth.uid() = user_id);