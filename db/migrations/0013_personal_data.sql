ALTER TABLE "users" ADD COLUMN "email_sealed" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "email_key_id" varchar(20);--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "email_digest" varchar(64);--> statement-breakpoint
CREATE INDEX "idx_users_email_key_id" ON "users" USING btree ("email_key_id") WHERE email_key_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_email_digest_key" UNIQUE("email_digest");--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_email_sealed_check" CHECK ((email_sealed IS NULL) = (email_key_id IS NULL));--> statement-breakpoint
CREATE POLICY "Writer deletes AI analysis of its user" ON "ai_analysis" AS PERMISSIVE FOR DELETE TO "app_writer" USING (auth.uid() = user_id);--> statement-breakpoint
CREATE POLICY "Writer parts AI analysis from its user" ON "ai_analysis" AS PERMISSIVE FOR UPDATE TO "app_writer" USING (auth.uid() = user_id) WITH CHECK (user_id IS NULL);--> statement-breakpoint
CREATE POLICY "Writer can delete risk alerts of the user" ON "risk_alerts" AS PERMISSIVE FOR DELETE TO "app_writer" USING (auth.uid() = user_id);--> statement-breakpoint
-- Expand: `email` stays for the version before; the sweep seals what is in it, since the database does not hold the keys.
GRANT UPDATE (email_sealed, email_key_id, email_digest) ON users TO app_user;--> statement-breakpoint
GRANT SELECT (email_sealed, email_key_id), UPDATE (email, email_sealed, email_key_id, email_digest, trading_preferences, risk_level)
    ON users TO app_writer;--> statement-breakpoint

-- What a trader's erasure takes away. Of a forecast the figures by which it is scored stay, without whose it was and what it said.
GRANT DELETE, UPDATE (user_id, reasoning, figures) ON ai_analysis TO app_writer;--> statement-breakpoint
GRANT DELETE ON risk_alerts, ai_usage TO app_writer;
