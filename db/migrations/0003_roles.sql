-- The roles requests run as; none can log in. Each transaction begins by taking one (db/client.ts), so that nothing is served as owner:
--   app_user   reads the rows of the user set in app.user_id, and changes that user's own profile
--   app_writer writes what belongs to that user's intent: the profile at sign-in, orders, risk alerts; and dead letters
--   projector  writes what follows from the chain: positions, history, fills, liquidations, transfers, prices, snapshots
-- Roles belong to the server, not to one database: another database may have made them already.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['app_user', 'app_writer', 'projector'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
    END LOOP;
END
$$;
--> statement-breakpoint
-- Whoever migrates is who connects: it must be able to take the roles (a superuser is anyway).
GRANT app_user, app_writer, projector TO CURRENT_USER;
