//! A company's books: its customers, its invoices and its settings.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[derive(Debug)]
pub(super) struct Company {
    pub(super) currency: Currency,
    pub(super) settings: Settings,
    pub(super) customers: Vec<Customer>,
    pub(super) invoices: BTreeMap<String, Invoice>,
    /// Reminders sent from the dashboard, so that the button visibly does something.
    pub(super) reminders: u32,
    pub(super) prefix: &'static str,
    pub(super) next_number: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Currency {
    pub(super) code: &'static str,
    pub(super) sign: &'static str,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Settings {
    pub(super) company_name: String,
    pub(super) reply_to: String,
    pub(super) payment_days: u16,
    pub(super) footer: String,
}

#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) name: &'static str,
    pub(super) contact: &'static str,
    pub(super) email: &'static str,
    pub(super) city: &'static str,
}

#[derive(Debug, Clone)]
pub(super) struct Invoice {
    pub(super) number: String,
    pub(super) customer: String,
    pub(super) memo: String,
    pub(super) issued: Date,
    pub(super) due: Date,
    pub(super) stage: Stage,
    pub(super) lines: Vec<Line>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) quantity: u32,
    pub(super) unit_cents: i64,
}

/// What a person sets; whether a sent invoice is overdue follows from the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Stage {
    Draft,
    Sent,
    Paid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    Draft,
    Open,
    Overdue,
    Paid,
}

impl Status {
    pub(super) const ALL: [Self; 4] = [Self::Draft, Self::Open, Self::Overdue, Self::Paid];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Paid => "paid",
        }
    }
}

impl Line {
    pub(super) fn cents(&self) -> i64 {
        self.unit_cents.saturating_mul(i64::from(self.quantity))
    }
}

impl Invoice {
    pub(super) fn cents(&self) -> i64 {
        self.lines
            .iter()
            .map(Line::cents)
            .fold(0, i64::saturating_add)
    }

    pub(super) fn status(&self, today: Date) -> Status {
        match self.stage {
            Stage::Draft => Status::Draft,
            Stage::Paid => Status::Paid,
            Stage::Sent if self.due < today => Status::Overdue,
            Stage::Sent => Status::Open,
        }
    }
}

impl Company {
    /// The invoices that match, newest first. An empty search matches every invoice.
    pub(super) fn find(&self, search: &str, status: Option<Status>, today: Date) -> Vec<&Invoice> {
        let search = search.trim().to_lowercase();
        let mut found: Vec<&Invoice> = self
            .invoices
            .values()
            .filter(|invoice| status.is_none_or(|status| invoice.status(today) == status))
            .filter(|invoice| {
                [&invoice.number, &invoice.customer, &invoice.memo]
                    .iter()
                    .any(|text| text.to_lowercase().contains(&search))
            })
            .collect();
        found.sort_by(|a, b| (b.issued, &b.number).cmp(&(a.issued, &a.number)));
        found
    }

    /// What customers owe: everything sent and not paid, in cents.
    pub(super) fn outstanding(&self) -> i64 {
        self.invoices
            .values()
            .filter(|invoice| invoice.stage == Stage::Sent)
            .map(Invoice::cents)
            .sum()
    }

    pub(super) fn owed_by(&self, customer: &str) -> i64 {
        self.invoices
            .values()
            .filter(|invoice| invoice.customer == customer && invoice.stage == Stage::Sent)
            .map(Invoice::cents)
            .sum()
    }

    /// Enters an invoice under the next number of this company.
    pub(super) fn enter(&mut self, mut invoice: Invoice) -> Invoice {
        invoice.number = format!("{}-{}", self.prefix, self.next_number);
        self.next_number += 1;
        self.invoices
            .insert(invoice.number.clone(), invoice.clone());
        invoice
    }
}

impl Currency {
    /// `123450` cents as `$1,234.50`.
    pub(super) fn money(self, cents: i64) -> String {
        let digits = (cents.unsigned_abs() / 100).to_string();
        let mut whole = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                whole.push(',');
            }
            whole.push(digit);
        }
        let minus = if cents < 0 { "−" } else { "" };
        format!(
            "{minus}{}{whole}.{:02}",
            self.sign,
            cents.unsigned_abs() % 100
        )
    }
}
