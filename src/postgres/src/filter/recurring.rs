//! The condition of a time that comes again.
//!
//! Times are seconds since 1970 and may lie before it, where division and `mod` round up.

use seer_store::Recurring;
use seer_types::Precision;

use crate::connect::Params;

/// Days after which the calendar, days of the week included, is the same again: 400 years.
const CYCLE: &str = "146097";

/// Seconds since midnight.
const SECOND: &str = "mod(mod(p.taken, 86400) + 86400, 86400)";

pub(super) fn recurring(when: Recurring, params: &mut Params) -> String {
    let least = params.int(least(when).number().into());
    let months = match whole_months(when, params) {
        Some(condition) => {
            let month = params.int(Precision::Month.number().into());
            format!("when p.precision = {month} then {condition} ")
        }
        None => String::new(),
    };
    let condition = match when {
        Recurring::Weekdays(days) => {
            let days = params.ints(days.days().map(i64::from).collect());
            format!("extract(isodow from {})::bigint = any({days})", date())
        }
        Recurring::Time { from, until } => {
            let over = from >= until;
            between(SECOND, from.into(), i64::from(until) - 1, over, params)
        }
        Recurring::Days { from, until } => {
            let number = |(month, day): (u8, u8)| i64::from(month) * 100 + i64::from(day);
            let date = date();
            let day =
                format!("(extract(month from {date}) * 100 + extract(day from {date}))::bigint");
            between(&day, number(from), number(until), from > until, params)
        }
    };
    format!(
        "(case when p.taken is null then false {months}when p.precision < {least} then false \
         else {condition} end)"
    )
}

/// How exactly a date must be known to be compared.
fn least(when: Recurring) -> Precision {
    match when {
        Recurring::Time { .. } => Precision::Second,
        Recurring::Weekdays(_) | Recurring::Days { .. } => Precision::Day,
    }
}

/// That the month is wholly among the days; `None` where no month is.
fn whole_months(when: Recurring, params: &mut Params) -> Option<String> {
    let months: Vec<i64> = when.whole_months().map(i64::from).collect();
    let date = date();
    let is_one = |months| format!("extract(month from {date})::bigint = any({months})");
    (!months.is_empty()).then(|| is_one(params.ints(months)))
}

/// Both ends included; `over`: from the first to the end, and from the start to the last.
fn between(value: &str, first: i64, last: i64, over: bool, params: &mut Params) -> String {
    let (first, last) = (params.int(first), params.int(last));
    match over {
        true => format!("({value} >= {first} or {value} <= {last})"),
        false => format!("{value} between {first} and {last}"),
    }
}

/// A day of the same date and day of the week, in the cycle that began in 1970.
fn date() -> String {
    let day = "(p.taken / 86400 - case when mod(p.taken, 86400) < 0 then 1 else 0 end)";
    format!("(date '1970-01-01' + mod(mod({day}, {CYCLE}) + {CYCLE}, {CYCLE})::integer)")
}
