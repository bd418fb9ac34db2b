-- What the schema stands on: uuid_generate_v4() for ids, and auth.uid() for row-level security.
CREATE EXTENSION IF NOT EXISTS "uuid-ossp";--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS "pgcrypto";--> statement-breakpoint
CREATE SCHEMA IF NOT EXISTS auth;--> statement-breakpoint
-- The user of the current transaction: every request sets it with set_config('app.user_id', …, true). Null where nobody is set.
CREATE OR REPLACE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT nullif(pg_catalog.current_setting('app.user_id', true), '')::pg_catalog.uuid
$$;
