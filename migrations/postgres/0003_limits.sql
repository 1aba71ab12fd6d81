CREATE TABLE "limits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"place_hash" char(64) NOT NULL,
	"setting" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "limits_kind" CHECK ("limits"."kind" in ('budget', 'rate'))
);
--> statement-breakpoint
ALTER TABLE "virtual_keys" ADD COLUMN "team" text;--> statement-breakpoint
ALTER TABLE "limits" ADD CONSTRAINT "limits_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "limits_place" ON "limits" USING btree ("organization_id","kind","place_hash");