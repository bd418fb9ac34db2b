-- Functions for automatic timestamp updates
CREATE OR REPLACE FUNCTION update_updated_at_column()
RETURNS TRIGGER AS $$
BEGIN
    NEW.updated_at = NOW();
    RETURN NEW;
END;
$$ language 'plpgsql';
--> statement-breakpoint
CREATE TRIGGER update_users_updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
--> statement-breakpoint
CREATE TRIGGER update_positions_updated_at BEFORE UPDATE ON trading_positions FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();
--> statement-breakpoint
-- Function for calculating unrealized P&L
CREATE OR REPLACE FUNCTION calculate_unrealized_pnl(
    p_size DECIMAL(20,8),
    p_entry_price DECIMAL(20,8),
    p_current_price DECIMAL(20,8),
    p_side VARCHAR(10)
) RETURNS DECIMAL(20,8) AS $$
BEGIN
    IF p_side = 'long' THEN
        RETURN p_size * (p_current_price - p_entry_price);
    ELSE
        RETURN p_size * (p_entry_price - p_current_price);
    END IF;
END;
$$ LANGUAGE plpgsql;
--> statement-breakpoint
-- Trigger to automatically update unrealized P&L
CREATE OR REPLACE FUNCTION update_position_pnl()
RETURNS TRIGGER AS $$
BEGIN
    NEW.unrealized_pnl = calculate_unrealized_pnl(NEW.size, NEW.entry_price, NEW.current_price, NEW.side);
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
--> statement-breakpoint
CREATE TRIGGER update_position_pnl_trigger 
    BEFORE UPDATE ON trading_positions 
    FOR EACH ROW 
    EXECUTE FUNCTION update_position_pnl();
