CREATE TABLE "ai_conversations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"title" varchar(80) NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ai_conversations_id_user_id_key" UNIQUE("id","user_id")
);
--> statement-breakpoint
ALTER TABLE "ai_conversations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "ai_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"conversation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"role" varchar(10) NOT NULL,
	"content" text NOT NULL,
	"model" varchar(80),
	"is_complete" boolean DEFAULT true NOT NULL,
	"tools" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"proposals" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "ai_messages_conversation_id_position_key" UNIQUE("conversation_id","position"),
	CONSTRAINT "ai_messages_role_check" CHECK (role IN ('user', 'assistant')),
	CONSTRAINT "ai_messages_position_check" CHECK (position >= 0)
);
--> statement-breakpoint
ALTER TABLE "ai_messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "model" varchar(80) DEFAULT 'quantitative' NOT NULL;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "horizon" varchar(3) DEFAULT '1h' NOT NULL;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "probability_up_bps" integer;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "figures" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "price" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "cost_bps" integer;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "last_move" varchar(4);--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "outcome" varchar(5);--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "exit_price" numeric(20, 8);--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "brier_e8" integer;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "return_bps" integer;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "last_move_return_bps" integer;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD COLUMN "scored_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "ai_conversations" ADD CONSTRAINT "ai_conversations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ai_messages" ADD CONSTRAINT "ai_messages_conversation_id_user_id_fkey" FOREIGN KEY ("conversation_id","user_id") REFERENCES "public"."ai_conversations"("id","user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_ai_conversations_user_id_updated_at" ON "ai_conversations" USING btree ("user_id","updated_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_ai_messages_user_id_created_at" ON "ai_messages" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "idx_ai_analysis_user_id_created_at" ON "ai_analysis" USING btree ("user_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "idx_ai_analysis_unscored" ON "ai_analysis" USING btree ("expires_at") WHERE scored_at IS NULL AND probability_up_bps IS NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_ai_analysis_scored" ON "ai_analysis" USING btree ("model","market_symbol","horizon","created_at") WHERE scored_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD CONSTRAINT "ai_analysis_horizon_check" CHECK (horizon IN ('15m', '1h', '4h', '1d'));--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD CONSTRAINT "ai_analysis_probability_up_bps_check" CHECK (probability_up_bps BETWEEN 0 AND 10000);--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD CONSTRAINT "ai_analysis_last_move_check" CHECK (last_move IN ('up', 'down', 'flat'));--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD CONSTRAINT "ai_analysis_outcome_check" CHECK (outcome IN ('right', 'wrong', 'flat', 'void'));--> statement-breakpoint
ALTER TABLE "ai_analysis" ADD CONSTRAINT "ai_analysis_scored_check" CHECK ((outcome IS NULL) = (scored_at IS NULL));--> statement-breakpoint
CREATE POLICY "Writer inserts AI analysis of its user only" ON "ai_analysis" AS RESTRICTIVE FOR INSERT TO "app_writer" WITH CHECK (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Projector can view AI analysis" ON "ai_analysis" AS PERMISSIVE FOR SELECT TO "projector" USING (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Projector scores AI analysis" ON "ai_analysis" AS PERMISSIVE FOR UPDATE TO "projector" USING (current_user = 'projector');--> statement-breakpoint
CREATE POLICY "Users can view own conversations" ON "ai_conversations" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Writer can insert conversations of the user" ON "ai_conversations" AS PERMISSIVE FOR INSERT TO "app_writer" WITH CHECK (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Writer can update conversations of the user" ON "ai_conversations" AS PERMISSIVE FOR UPDATE TO "app_writer" USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Writer can delete conversations of the user" ON "ai_conversations" AS PERMISSIVE FOR DELETE TO "app_writer" USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Users can view own messages" ON "ai_messages" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Writer can insert messages of the user" ON "ai_messages" AS PERMISSIVE FOR INSERT TO "app_writer" WITH CHECK (auth.uid() = user_id);--> statement-breakpoint
ALTER TABLE "ai_conversations" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "ai_messages" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
-- app_user reads its own; app_writer keeps what its user asked and was answered, and deletes conversations, and with them their messages
GRANT SELECT ON ai_conversations, ai_messages TO app_user;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (updated_at), DELETE ON ai_conversations TO app_writer;--> statement-breakpoint
GRANT SELECT, INSERT ON ai_messages TO app_writer;--> statement-breakpoint
GRANT SELECT, INSERT ON ai_analysis TO app_writer;--> statement-breakpoint
-- projector: scores forecasts against prices. It learns neither whose they are nor what they say.
GRANT SELECT (id, market_symbol, recommendation, created_at, expires_at, is_active, model, horizon, probability_up_bps, price, cost_bps,
    last_move, outcome, exit_price, brier_e8, return_bps, last_move_return_bps, scored_at),
    UPDATE (is_active, outcome, exit_price, brier_e8, return_bps, last_move_return_bps, scored_at) ON ai_analysis TO projector;
