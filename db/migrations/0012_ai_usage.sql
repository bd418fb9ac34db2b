CREATE TABLE "ai_reservations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"day" date NOT NULL,
	"tokens" bigint NOT NULL,
	"cost_microusd" bigint NOT NULL,
	"reserved_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ai_usage" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"day" date NOT NULL,
	"task" varchar(20) NOT NULL,
	"provider" varchar(20) NOT NULL,
	"model" varchar(200) NOT NULL,
	"input_tokens" bigint NOT NULL,
	"output_tokens" bigint NOT NULL,
	"cost_microusd" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"reserved_until" timestamp with time zone,
	CONSTRAINT "ai_usage_figures_check" CHECK (input_tokens >= 0 AND output_tokens >= 0 AND cost_microusd >= 0)
);
--> statement-breakpoint
ALTER TABLE "ai_usage" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "ai_usage_days" (
	"day" date PRIMARY KEY NOT NULL,
	"tokens" bigint NOT NULL,
	"cost_microusd" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "ai_usage" ADD CONSTRAINT "ai_usage_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_ai_usage_user_id_day" ON "ai_usage" USING btree ("user_id","day");--> statement-breakpoint
CREATE POLICY "Users can view own model usage" ON "ai_usage" AS PERMISSIVE FOR SELECT TO public USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Writer counts the user's model usage" ON "ai_usage" AS PERMISSIVE FOR ALL TO "app_writer" USING (auth.uid() = user_id) WITH CHECK (auth.uid() = user_id);--> statement-breakpoint
ALTER TABLE ai_usage FORCE ROW LEVEL SECURITY;--> statement-breakpoint

-- A call of a model is counted by its user's transaction; the exchange's own sums name nobody.
GRANT SELECT ON ai_usage TO app_user;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (input_tokens, output_tokens, cost_microusd, reserved_until) ON ai_usage TO app_writer;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON ai_reservations TO app_writer;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (tokens, cost_microusd) ON ai_usage_days TO app_writer;
