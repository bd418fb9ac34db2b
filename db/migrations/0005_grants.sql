-- Row-level security binds the owner too: a request that forgot to take a role sees nothing.
ALTER TABLE users FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE trading_positions FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE trading_orders FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE portfolio_snapshots FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE ai_analysis FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE position_history FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE fills FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE liquidations FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE transfers FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE funding_payments FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE risk_alerts FORCE ROW LEVEL SECURITY;--> statement-breakpoint

-- Moves streams of the projection on, all or none: [{"stream", "from", "to"}], "from" being the number the writer read as next.
-- Where another writer was faster it fails as 40001, and the whole transaction with it: an event is applied exactly once.
CREATE FUNCTION advance_projection_streams(p_streams jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted record;
    moved bigint;
BEGIN
    FOR wanted IN
        SELECT s.stream, s."from" AS from_seq, s."to" AS to_seq
        FROM jsonb_to_recordset(p_streams) AS s(stream text, "from" bigint, "to" bigint)
        ORDER BY s.stream
    LOOP
        INSERT INTO projection_streams AS p (stream, next_seq)
        SELECT wanted.stream, wanted.to_seq
        ON CONFLICT (stream) DO UPDATE SET next_seq = wanted.to_seq, updated_at = now()
            WHERE p.next_seq = wanted.from_seq
        RETURNING next_seq INTO moved;
        IF moved IS NULL THEN
            RAISE EXCEPTION 'projection stream moved meanwhile' USING ERRCODE = 'serialization_failure';
        END IF;
        moved := NULL;
    END LOOP;
END;
$$;--> statement-breakpoint

-- Deletes price history older than p_before, at most p_limit rows; answers how many, so that a caller repeats until it is less.
CREATE FUNCTION prune_market_data(p_before timestamptz, p_limit integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    deleted integer;
BEGIN
    DELETE FROM market_data WHERE id IN (
        SELECT id FROM market_data WHERE "timestamp" < p_before ORDER BY "timestamp" LIMIT p_limit
    );
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END;
$$;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION advance_projection_streams(jsonb) FROM PUBLIC;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION prune_market_data(timestamptz, integer) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION advance_projection_streams(jsonb) TO projector;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION prune_market_data(timestamptz, integer) TO projector;--> statement-breakpoint

GRANT USAGE ON SCHEMA auth TO app_user, app_writer, projector;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION auth.uid() TO app_user, app_writer, projector;--> statement-breakpoint

-- app_user: reads own rows (the policies say which), prices, and changes the own profile
GRANT SELECT ON users, trading_positions, trading_orders, market_data, portfolio_snapshots, ai_analysis, position_history,
    fills, liquidations, transfers, funding_payments, risk_alerts TO app_user;--> statement-breakpoint
GRANT UPDATE (email, trading_preferences, risk_level) ON users TO app_user;--> statement-breakpoint

-- app_writer: the intent of the transaction's user; dead letters belong to no user
GRANT SELECT (id, wallet_address, email, created_at, last_login, trading_preferences, kyc_status, risk_level, is_active),
    INSERT (id, wallet_address, created_at, last_login), UPDATE (last_login) ON users TO app_writer;--> statement-breakpoint
GRANT SELECT (id, user_id) ON trading_positions TO app_writer;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON trading_orders TO app_writer;--> statement-breakpoint
GRANT SELECT, INSERT ON risk_alerts TO app_writer;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (status, replayed_at) ON dead_letters TO app_writer;--> statement-breakpoint

-- projector: what follows from the chain; of a user it knows the wallet, of an order its state and its position
GRANT SELECT (id, wallet_address), INSERT (id, wallet_address, created_at) ON users TO projector;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON trading_positions, position_history, fills, liquidations, transfers, funding_payments
    TO projector;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON projected_events TO projector;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON projection_streams TO projector;--> statement-breakpoint
GRANT SELECT (id, user_id, status, stage, created_at, position_id), UPDATE (position_id) ON trading_orders TO projector;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON market_data TO projector;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON portfolio_snapshots TO projector;
