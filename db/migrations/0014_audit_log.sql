-- The audit log can only grow: no role may change it, and neither may who owns the database, until a row is two years old.
CREATE FUNCTION keep_admin_actions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.created_at < now() - interval '2 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'admin_actions is append-only' USING ERRCODE = 'insufficient_privilege';
END;
$$;--> statement-breakpoint
CREATE TRIGGER keep_admin_actions BEFORE UPDATE OR DELETE ON admin_actions FOR EACH ROW EXECUTE FUNCTION keep_admin_actions();--> statement-breakpoint
CREATE TRIGGER keep_all_admin_actions BEFORE TRUNCATE ON admin_actions FOR EACH STATEMENT EXECUTE FUNCTION keep_admin_actions();--> statement-breakpoint

-- The one way a row goes, as its owner: who may call it may delete nothing by itself, and names no time.
CREATE FUNCTION prune_admin_actions(p_limit integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    deleted integer;
BEGIN
    DELETE FROM public.admin_actions WHERE id IN (
        SELECT id FROM public.admin_actions WHERE created_at < now() - interval '2 years' ORDER BY created_at LIMIT p_limit
    );
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END;
$$;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION prune_admin_actions(integer) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION prune_admin_actions(integer) TO projector;
