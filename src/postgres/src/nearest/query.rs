//! A query as pgvector's 16-bit vectors.

use half::f16;
use pgvector::HalfVector;
use seer_types::Embedding;

use crate::connect::Params;

/// Two vectors whose sum is the query, to about 22 bits of each number.
pub(super) struct Query {
    high: Vec<f16>,
    low: Vec<f16>,
}

impl Query {
    pub(super) fn new(query: &Embedding) -> Self {
        let high: Vec<f16> = query.values().iter().map(|value| f16::from_f32(*value)).collect();
        let low = query.values().iter().zip(&high);
        let low = low.map(|(value, high)| f16::from_f32(value - high.to_f32())).collect();
        Self { high, low }
    }

    /// The cosine between the query and the row `q` of a table of points. `<#>` is the negative
    /// inner product.
    pub(super) fn cosine(&self, params: &mut Params) -> String {
        let (high, low) = (self.rough(params), params.vector(HalfVector::from(self.low.clone())));
        format!("least(1, greatest(-1, -((q.v <#> {high}) + (q.v <#> {low})) * q.scale))::real")
    }

    /// The query with 16-bit numbers: good enough for an index to look with.
    pub(super) fn rough(&self, params: &mut Params) -> String {
        params.vector(HalfVector::from(self.high.clone()))
    }
}

#[cfg(test)]
mod tests {
    use seer_types::ModelFingerprint;

    use super::*;

    #[test]
    fn two_halves_are_the_query() {
        let values = (0..512).map(|i| ((i * 7919) % 1000) as f32 - 499.5).collect();
        let query = Embedding::new(ModelFingerprint([1; 16]), values).unwrap();
        let halves = Query::new(&query);
        for (number, value) in query.values().iter().enumerate() {
            let sum = halves.high[number].to_f64() + halves.low[number].to_f64();
            assert!((sum - f64::from(*value)).abs() < 1e-7, "{sum} {value}");
        }
    }
}
