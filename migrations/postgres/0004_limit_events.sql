CREATE TABLE "limit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"limit_id" uuid NOT NULL,
	"facts" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "limit_events" ADD CONSTRAINT "limit_events_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "limit_events_organization_id_created_at" ON "limit_events" USING btree ("organization_id","created_at");--> statement-breakpoint
CREATE INDEX "limit_events_limit_id_created_at" ON "limit_events" USING btree ("limit_id","created_at");