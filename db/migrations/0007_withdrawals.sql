ALTER TABLE "transfers" DROP CONSTRAINT "transfers_amount_check";--> statement-breakpoint
ALTER TABLE "transfers" ADD COLUMN "status" varchar(12) DEFAULT 'done' NOT NULL;--> statement-breakpoint
ALTER TABLE "transfers" ADD COLUMN "paid" numeric(20, 8);--> statement-breakpoint
-- What is there was paid at once. Row-level security binds the owner too, but for this.
ALTER TABLE "transfers" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
UPDATE "transfers" SET "paid" = "amount";--> statement-breakpoint
ALTER TABLE "transfers" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "transfers" ALTER COLUMN "paid" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_status_check" CHECK (status IN ('done', 'queued', 'returned', 'cancelled'));--> statement-breakpoint
ALTER TABLE "transfers" ADD CONSTRAINT "transfers_amount_check" CHECK (amount > 0 AND paid >= 0 AND paid <= amount);