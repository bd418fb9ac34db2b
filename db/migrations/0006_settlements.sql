ALTER TABLE "funding_payments" DROP CONSTRAINT "funding_payments_user_id_account_seq_key";--> statement-breakpoint
ALTER TABLE "transfers" DROP CONSTRAINT "transfers_kind_check";--> statement-breakpoint
ALTER TABLE "funding_payments" ALTER COLUMN "account_seq" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "funding_payments" ADD COLUMN "position_seq" bigint NOT NULL;--> statement-breakpoint
CREATE INDEX "idx_funding_payments_user_id_created_at" ON "funding_payments" USING btree ("user_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
ALTER TABLE "funding_payments" ADD CONSTRAINT "funding_payments_position_id_position_seq_key" UNIQUE("position_id","position_seq");--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_kind_check" CHECK (kind IN ('deposit', 'withdrawal', 'liquidation_reward', 'payout'));