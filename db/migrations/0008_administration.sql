CREATE TABLE "risk_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" varchar(30) NOT NULL,
	"market_symbol" varchar(20),
	"severity" varchar(10) NOT NULL,
	"message" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "risk_events_severity_check" CHECK (severity IN ('info', 'warning', 'critical'))
);
--> statement-breakpoint
CREATE TABLE "admin_actions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"admin_wallet" varchar(44) NOT NULL,
	"action" varchar(40) NOT NULL,
	"target" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"request_id" varchar(128) NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "risk_alerts" DROP CONSTRAINT "risk_alerts_kind_check";--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "take_profit" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "stop_loss" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "group_id" uuid;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "parent_order_id" uuid;--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "exit_kind" varchar(12);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD COLUMN "analysis_id" uuid;--> statement-breakpoint
CREATE INDEX "idx_risk_events_created_at" ON "risk_events" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_risk_events_unresolved" ON "risk_events" USING btree ("kind","market_symbol") WHERE resolved_at IS NULL;--> statement-breakpoint
CREATE INDEX "idx_admin_actions_created_at" ON "admin_actions" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_projected_events_owner" ON "projected_events" USING btree ((data ->> 'owner'),"slot");--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_take_profit_check" CHECK (take_profit > 0);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_stop_loss_check" CHECK (stop_loss > 0);--> statement-breakpoint
ALTER TABLE "trading_orders" ADD CONSTRAINT "trading_orders_exit_kind_check" CHECK (exit_kind IN ('take_profit', 'stop_loss'));--> statement-breakpoint
ALTER TABLE "risk_alerts" ADD CONSTRAINT "risk_alerts_kind_check" CHECK (kind IN ('margin_warning', 'liquidated', 'closed_at_cap', 'closed_by_request'));--> statement-breakpoint
CREATE POLICY "Operators can view users" ON "users" AS PERMISSIVE FOR SELECT TO "app_writer" USING (current_user = 'app_writer' AND auth.uid() IS NULL);--> statement-breakpoint

-- A stream that is not there begins with its first event: whoever read it as further on read it before it was taken back.
CREATE OR REPLACE FUNCTION advance_projection_streams(p_streams jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted record;
    moved bigint;
BEGIN
    FOR wanted IN
        SELECT s.stream, s."from" AS from_seq, s."to" AS to_seq
        FROM jsonb_to_recordset(p_streams) AS s(stream text, "from" bigint, "to" bigint)
        ORDER BY s.stream
    LOOP
        IF wanted.from_seq = 1 THEN
            INSERT INTO projection_streams AS p (stream, next_seq) VALUES (wanted.stream, wanted.to_seq)
            ON CONFLICT (stream) DO UPDATE SET next_seq = wanted.to_seq, updated_at = now() WHERE p.next_seq = 1
            RETURNING next_seq INTO moved;
        ELSE
            UPDATE projection_streams SET next_seq = wanted.to_seq, updated_at = now()
            WHERE stream = wanted.stream AND next_seq = wanted.from_seq
            RETURNING next_seq INTO moved;
        END IF;
        IF moved IS NULL THEN
            RAISE EXCEPTION 'projection stream moved meanwhile' USING ERRCODE = 'serialization_failure';
        END IF;
        moved := NULL;
    END LOOP;
END;
$$;--> statement-breakpoint

-- Operators' (app_writer bound to no user, or to the user they change)
GRANT UPDATE (kyc_status, is_active) ON users TO app_writer;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (resolved_at) ON risk_events TO app_writer;--> statement-breakpoint
GRANT SELECT, INSERT ON admin_actions TO app_writer;
