//! The bytes of a Pyth `PriceUpdateV2` account: discriminator, write authority, verification level of variable length, the
//! price message, posted slot. All little-endian.

use crate::errors::PerpError;
use crate::math::ints::MathResult;

/// Discriminator of `PriceUpdateV2`.
pub const DISCRIMINATOR: [u8; 8] = [0x22, 0xf1, 0x23, 0x63, 0x9d, 0x7e, 0xf4, 0xcd];

/// How an update was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// By this many guardians.
    Partial(u8),
    /// By the full quorum.
    Full,
}

/// What the exchange reads of an update, as published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceUpdate {
    /// How it was verified.
    pub verification: Verification,
    /// The feed.
    pub feed_id: [u8; 32],
    /// Times `10^exponent` USD.
    pub price: i64,
    /// Times `10^exponent` USD.
    pub conf: u64,
    /// Of price, confidence and average.
    pub exponent: i32,
    /// Unix seconds.
    pub publish_time: i64,
    /// Of the feed's previous update, unix seconds.
    pub prev_publish_time: i64,
    /// Times `10^exponent` USD.
    pub ema_price: i64,
    /// Slot in which it was posted.
    pub posted_slot: u64,
}

/// Takes bytes from the front.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> MathResult<[u8; N]> {
        let (head, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(PerpError::OracleMalformed)?;
        self.0 = rest;
        Ok(*head)
    }
}

/// Reads a price account's data.
///
/// # Errors
/// `OracleMalformed` where it is not a `PriceUpdateV2`.
pub fn decode(data: &[u8]) -> MathResult<PriceUpdate> {
    let mut reader = Reader(data);
    if reader.take::<8>()? != DISCRIMINATOR {
        return Err(PerpError::OracleMalformed);
    }
    let _write_authority = reader.take::<32>()?;
    let [level] = reader.take::<1>()?;
    let verification = match level {
        0 => {
            let [signatures] = reader.take::<1>()?;
            Verification::Partial(signatures)
        }
        1 => Verification::Full,
        _ => return Err(PerpError::OracleMalformed),
    };
    let feed_id = reader.take()?;
    let price = i64::from_le_bytes(reader.take()?);
    let conf = u64::from_le_bytes(reader.take()?);
    let exponent = i32::from_le_bytes(reader.take()?);
    let publish_time = i64::from_le_bytes(reader.take()?);
    let prev_publish_time = i64::from_le_bytes(reader.take()?);
    let ema_price = i64::from_le_bytes(reader.take()?);
    let _ema_conf = reader.take::<8>()?;
    let posted_slot = u64::from_le_bytes(reader.take()?);
    Ok(PriceUpdate {
        verification,
        feed_id,
        price,
        conf,
        exponent,
        publish_time,
        prev_publish_time,
        ema_price,
        posted_slot,
    })
}
