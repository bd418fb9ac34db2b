CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT uuid_generate_v4() NOT NULL,
	"wallet_address" varchar(44) NOT NULL,
	"email" varchar(255),
	"created_at" timestamp with time zone DEFAULT now(),
	"last_login" timestamp with time zone,
	"trading_preferences" jsonb DEFAULT '{}'::jsonb,
	"kyc_status" varchar(20) DEFAULT 'pending',
	"risk_level" varchar(20) DEFAULT 'moderate',
	"is_active" boolean DEFAULT true,
	"updated_at" timestamp with time zone DEFAULT now(),
	CONSTRAINT "users_wallet_address_key" UNIQUE("wallet_address"),
	CONSTRAINT "users_email_key" UNIQUE("email"),
	CONSTRAINT "users_kyc_status_check" CHECK (kyc_status IN ('pending', 'verified', 'rejected')),
	CONSTRAINT "users_risk_level_check" CHECK (risk_level IN ('conservative', 'moderate', 'aggressive'))
);
--> statement-breakpoint
ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "trading_positions" (
	"id" uuid PRIMARY KEY DEFAULT uuid_generate_v4() NOT NULL,
	"user_id" uuid NOT NULL,
	"market_symbol" varchar(20) NOT NULL,
	"side" varchar(10) NOT NULL,
	"size" numeric(20, 8) NOT NULL,
	"entry_price" numeric(20, 8) NOT NULL,
	"current_price" numeric(20, 8) NOT NULL,
	"unrealized_pnl" numeric(20, 8) DEFAULT 0,
	"margin_used" numeric(20, 8) NOT NULL,
	"leverage" numeric(5, 2) NOT NULL,
	"created_at" timestamp with time zone DEFAULT now(),
	"updated_at" timestamp with time zone DEFAULT now(),
	"closed_at" timestamp with time zone,
	"is_active" boolean DEFAULT true,
	CONSTRAINT "trading_positions_side_check" CHECK (side IN ('long', 'short')),
	CONSTRAINT "trading_positions_size_check" CHECK (size > 0),
	CONSTRAINT "trading_positions_entry_price_check" CHECK (entry_price > 0),
	CONSTRAINT "trading_positions_current_price_check" CHECK (current_price > 0),
	CONSTRAINT "trading_positions_margin_used_check" CHECK (margin_used >= 0),
	CONSTRAINT "trading_positions_leverage_check" CHECK (leverage > 0 AND leverage <= 100)
);
--> statement-breakpoint
ALTER TABLE "trading_positions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "trading_orders" (
	"id" uuid PRIMARY KEY DEFAULT uuid_generate_v4() NOT NULL,
	"user_id" uuid NOT NULL,
	"position_id" uuid,
	"order_type" varchar(20) NOT NULL,
	"side" varchar(10) NOT NULL,
	"market_symbol" varchar(20) NOT NULL,
	"quantity" numeric(20, 8) NOT NULL,
	"price" numeric(20, 8),
	"stop_price" numeric(20, 8),
	"status" varchar(20) DEFAULT 'pending',
	"filled_quantity" numeric(20, 8) DEFAULT 0,
	"average_fill_price" numeric(20, 8),
	"created_at" timestamp with time zone DEFAULT now(),
	"executed_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	"transaction_hash" varchar(88),
	"error_message" text,
	CONSTRAINT "trading_orders_order_type_check" CHECK (order_type IN ('market', 'limit', 'stop', 'stop_limit')),
	CONSTRAINT "trading_orders_side_check" CHECK (side IN ('buy', 'sell')),
	CONSTRAINT "trading_orders_quantity_check" CHECK (quantity > 0),
	CONSTRAINT "trading_orders_price_check" CHECK (price > 0),
	CONSTRAINT "trading_orders_stop_price_check" CHECK (stop_price > 0),
	CONSTRAINT "trading_orders_status_check" CHECK (status IN ('pending', 'filled', 'cancelled', 'rejected')),
	CONSTRAINT "trading_orders_filled_quantity_check" CHECK (filled_quantity >= 0)
);
--> statement-breakpoint
ALTER TABLE "trading_orders" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "market_data" (
	"id" uuid PRIMARY KEY DEFAULT uuid_generate_v4() NOT NULL,
	"symbol" varchar(20) NOT NULL,
	"price" numeric(20, 8) NOT NULL,
	"timestamp" timestamp with time zone NOT NULL,
	"confidence" numeric(10, 4),
	"exponent" integer DEFAULT -8,
	"source" varchar(50) DEFAULT 'pyth',
	"staleness_threshold" integer DEFAULT 30,
	"created_at" timestamp with time zone DEFAULT now(),
	CONSTRAINT "market_data_price_check" CHECK (price > 0),
	CONSTRAINT "market_data_confidence_check" CHECK (confidence >= 0)
);
--> statement-breakpoint
CREATE TABLE "portfolio_snapshots" (
	"id" uuid PRIMARY KEY DEFAULT uuid_generate_v4() NOT NULL,
	"user_id" uuid NOT NULL,
	"total_balance" numeric(20, 8) NOT NULL,
	"available_balance" numeric(20, 8) NOT NULL,
	"margin_used" numeric(20, 8) NOT NULL,
	"unrealized_pnl" numeric(20, 8) DEFAULT 0,
	"realized_pnl" numeric(20, 8) DEFAULT 0,
	"snapshot_time" timestamp with time zone NOT NULL,
	"trading_fees_paid" numeric(20, 8) DEFAULT 0,
	"created_at" timestamp with time zone DEFAULT now(),
	CONSTRAINT "portfolio_snapshots_total_balance_check" CHECK (total_balance >= 0),
	CONSTRAINT "portfolio_snapshots_available_balance_check" CHECK (available_balance >= 0),
	CONSTRAINT "portfolio_snapshots_margin_used_check" CHECK (margin_used >= 0),
	CONSTRAINT "portfolio_snapshots_trading_fees_paid_check" CHECK (trading_fees_paid >= 0)
);
--> statement-breakpoint
ALTER TABLE "portfolio_snapshots" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "ai_analysis" (
	"id" uuid PRIMARY KEY DEFAULT uuid_generate_v4() NOT NULL,
	"user_id" uuid,
	"analysis_type" varchar(30) NOT NULL,
	"market_symbol" varchar(20) NOT NULL,
	"confidence_score" numeric(3, 2) NOT NULL,
	"recommendation" varchar(10),
	"reasoning" text,
	"created_at" timestamp with time zone DEFAULT now(),
	"expires_at" timestamp with time zone NOT NULL,
	"is_active" boolean DEFAULT true,
	CONSTRAINT "ai_analysis_analysis_type_check" CHECK (analysis_type IN ('market_analysis', 'trading_signal', 'risk_assessment')),
	CONSTRAINT "ai_analysis_confidence_score_check" CHECK (confidence_score >= 0 AND confidence_score <= 1),
	CONSTRAINT "ai_analysis_recommendation_check" CHECK (recommendation IN ('buy', 'sell', 'hold', 'close'))
);
--> statement-breakpoint
ALTER TABLE "ai_analysis" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "position_history" (
	"id" uuid PRIMARY KEY DEFAULT uuid_generate_v4() NOT NULL,
	"position_id" uuid NOT NULL,
	"action" varchar(20) NOT NULL,
	"size_change" numeric(20, 8) DEFAULT 0,
	"price_change" numeric(20, 8) DEFAULT 0,
	"pnl_change" numeric(20, 8) DEFAULT 0,
	"margin_change" numeric(20, 8) DEFAULT 0,
	"created_at" timestamp with time zone DEFAULT now(),
	"transaction_hash" varchar(88),
	"notes" text,
	CONSTRAINT "position_history_action_check" CHECK (action IN ('opened', 'updated', 'closed', 'liquidated'))
);
--> statement-breakpoint
ALTER TABLE "position_history" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "trading_positions" ADD CONSTRAINT "trading_positions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_position_id_fkey" FOREIGN KEY ("position_id") REFERENCES "public"."trading_positions"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portfolio_snapshots" ADD CONSTRAINT "portfolio_snapshots_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD CONSTRAINT "ai_analysis_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "position_history" ADD CONSTRAINT "position_history_position_id_fkey" FOREIGN KEY ("position_id") REFERENCES "public"."trading_positions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_users_wallet_address" ON "users" USING btree ("wallet_address");--> statement-breakpoint
CREATE INDEX "idx_users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE INDEX "idx_users_created_at" ON "users" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_positions_user_id" ON "trading_positions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_positions_symbol" ON "trading_positions" USING btree ("market_symbol");--> statement-breakpoint
CREATE INDEX "idx_positions_active" ON "trading_positions" USING btree ("is_active");--> statement-breakpoint
CREATE INDEX "idx_positions_created_at" ON "trading_positions" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_orders_user_id" ON "trading_orders" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_orders_position_id" ON "trading_orders" USING btree ("position_id");--> statement-breakpoint
CREATE INDEX "idx_orders_status" ON "trading_orders" USING btree ("status");--> statement-breakpoint
CREATE INDEX "idx_orders_symbol" ON "trading_orders" USING btree ("market_symbol");--> statement-breakpoint
CREATE INDEX "idx_orders_created_at" ON "trading_orders" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_market_data_symbol" ON "market_data" USING btree ("symbol");--> statement-breakpoint
CREATE INDEX "idx_market_data_timestamp" ON "market_data" USING btree ("timestamp");--> statement-breakpoint
CREATE INDEX "idx_market_data_symbol_timestamp" ON "market_data" USING btree ("symbol","timestamp" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_portfolio_user_id" ON "portfolio_snapshots" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_portfolio_snapshot_time" ON "portfolio_snapshots" USING btree ("snapshot_time");--> statement-breakpoint
CREATE INDEX "idx_ai_analysis_user_id" ON "ai_analysis" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_ai_analysis_symbol" ON "ai_analysis" USING btree ("market_symbol");--> statement-breakpoint
CREATE INDEX "idx_ai_analysis_created_at" ON "ai_analysis" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "idx_ai_analysis_active" ON "ai_analysis" USING btree ("is_active");--> statement-breakpoint
CREATE INDEX "idx_position_history_position_id" ON "position_history" USING btree ("position_id");--> statement-breakpoint
CREATE INDEX "idx_position_history_created_at" ON "position_history" USING btree ("created_at");--> statement-breakpoint
CREATE POLICY "Users can view own data" ON "users" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = id);--> statement-breakpoint
CREATE POLICY "Users can update own data" ON "users" AS PERMISSIVE FOR UPDATE TO public USING (auth.uid() = id);--> statement-breakpoint
CREATE POLICY "Users can view own positions" ON "trading_positions" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Users can insert own positions" ON "trading_positions" AS PERMISSIVE FOR INSERT TO public WITH CHECK (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Users can update own positions" ON "trading_positions" AS PERMISSIVE FOR UPDATE TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Users can view own orders" ON "trading_orders" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Users can insert own orders" ON "trading_orders" AS PERMISSIVE FOR INSERT TO public WITH CHECK (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Users can update own orders" ON "trading_orders" AS PERMISSIVE FOR UPDATE TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Users can view own portfolio" ON "portfolio_snapshots" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Users can insert own portfolio" ON "portfolio_snapshots" AS PERMISSIVE FOR INSERT TO public WITH CHECK (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Users can view own AI analysis" ON "ai_analysis" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id OR user_id IS NULL);--> statement-breakpoint
CREATE POLICY "Users can insert own AI analysis" ON "ai_analysis" AS PERMISSIVE FOR INSERT TO public WITH CHECK (auth.uid() = user_id OR user_id IS NULL);--> statement-breakpoint
CREATE POLICY "Users can view own position history" ON "position_history" AS PERMISSIVE FOR SELECT TO public USING (EXISTS (SELECT 1 FROM trading_positions WHERE id = position_id AND user_id = auth.uid()));