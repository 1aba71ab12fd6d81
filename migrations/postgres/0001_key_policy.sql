ALTER TABLE "virtual_keys" ADD COLUMN "route" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "virtual_keys" ADD COLUMN "on_disconnect" text DEFAULT 'cancel' NOT NULL;--> statement-breakpoint
ALTER TABLE "virtual_keys" ADD CONSTRAINT "virtual_keys_on_disconnect" CHECK ("virtual_keys"."on_disconnect" in ('cancel', 'drain'));