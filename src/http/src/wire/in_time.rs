//! Photos in order of time, and how they lie in it, as JSON.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// In which order the photos that fit come; those that are only near stay behind them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// The best first; without words and pictures the newest.
    #[default]
    Relevance,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

/// How finely photos are counted by time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// By year.
    Year,
    /// By month.
    Month,
    /// By day.
    Day,
}

impl FromStr for Sort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "relevance" => Ok(Self::Relevance),
            "newest" => Ok(Self::Newest),
            "oldest" => Ok(Self::Oldest),
            _ => Err(format!("\"{text}\" is no order; write relevance, newest or oldest")),
        }
    }
}

impl FromStr for TimeUnit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "year" => Ok(Self::Year),
            "month" => Ok(Self::Month),
            "day" => Ok(Self::Day),
            _ => Err(format!("\"{text}\" is no unit of time; write year, month or day")),
        }
    }
}

impl From<Sort> for seer_engine::Sort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Relevance => Self::Relevance,
            Sort::Newest => Self::Newest,
            Sort::Oldest => Self::Oldest,
        }
    }
}

impl From<TimeUnit> for seer_engine::TimeUnit {
    fn from(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::Year => Self::Year,
            TimeUnit::Month => Self::Month,
            TimeUnit::Day => Self::Day,
        }
    }
}

/// How photos lie in time: all that fit, not only the hits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Timeline {
    /// The newest first; none without a photo.
    pub periods: Vec<Period>,
    /// Photos that do not say when they were taken.
    pub undated: u64,
}

/// A year, month or day with photos.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Period {
    /// `2019`, `2019-07` or `2019-07-14`, as the filter `date:` takes it.
    pub name: String,
    /// Photos taken then.
    pub photos: u64,
}

impl From<seer_engine::Period> for Period {
    fn from(period: seer_engine::Period) -> Self {
        Self { name: period.name, photos: period.photos }
    }
}
