//! The sample companies: Acme, a workshop that sells and services machines, and Globex, a consultancy.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::ledger::{Company, Currency, Customer, Invoice, Line, Settings, Stage};
use Stage::{Draft, Paid, Sent};

/// Customer, days since it was issued, stage, memo, and lines of text, quantity and unit price in cents.
type Sample = (
    usize,
    i64,
    Stage,
    &'static str,
    &'static [(&'static str, u32, i64)],
);

pub(super) fn companies(today: Date) -> BTreeMap<String, Company> {
    let acme = company(
        today,
        Settings {
            company_name: "Acme Inc".into(),
            reply_to: "billing@acme.test".into(),
            payment_days: 30,
            footer: "Thank you for your business. Parts carry a two-year warranty.".into(),
        },
        Currency {
            code: "USD",
            sign: "$",
        },
        ("INV", 1042),
        ACME_CUSTOMERS,
        ACME_INVOICES,
    );
    let globex = company(
        today,
        Settings {
            company_name: "Globex Corporation".into(),
            reply_to: "accounts@globex.test".into(),
            payment_days: 14,
            footer: "Payable by bank transfer. Please quote the invoice number.".into(),
        },
        Currency {
            code: "EUR",
            sign: "€",
        },
        ("GX", 310),
        GLOBEX_CUSTOMERS,
        GLOBEX_INVOICES,
    );
    BTreeMap::from([("acme".into(), acme), ("globex".into(), globex)])
}

fn company(
    today: Date,
    settings: Settings,
    currency: Currency,
    (prefix, first_number): (&'static str, u32),
    customers: &[Customer],
    invoices: &[Sample],
) -> Company {
    let mut company = Company {
        currency,
        customers: customers.to_vec(),
        invoices: BTreeMap::new(),
        reminders: 0,
        prefix,
        next_number: first_number,
        settings,
    };
    for (customer, days_ago, stage, memo, lines) in invoices {
        let issued = today.saturating_sub(days_ago.days());
        company.enter(Invoice {
            number: String::new(),
            customer: customers[*customer].name.into(),
            memo: (*memo).into(),
            issued,
            due: issued.saturating_add(i64::from(company.settings.payment_days).days()),
            stage: *stage,
            lines: lines
                .iter()
                .map(|(text, quantity, unit_cents)| Line {
                    text: (*text).into(),
                    quantity: *quantity,
                    unit_cents: *unit_cents,
                })
                .collect(),
        });
    }
    company
}

const fn customer(
    name: &'static str,
    contact: &'static str,
    email: &'static str,
    city: &'static str,
) -> Customer {
    Customer {
        name,
        contact,
        email,
        city,
    }
}

const ACME_CUSTOMERS: &[Customer] = &[
    customer(
        "Northwind Joinery",
        "Ines Calder",
        "ines@northwind.test",
        "Portland",
    ),
    customer(
        "Bluebell Garden Centre",
        "Tom Okafor",
        "tom@bluebell.test",
        "Salem",
    ),
    customer(
        "Harbour Street Dental",
        "Dr. Mei Tanaka",
        "office@harbourdental.test",
        "Astoria",
    ),
    customer(
        "Kestrel Cycles",
        "Ruben Haas",
        "ruben@kestrel.test",
        "Eugene",
    ),
    customer(
        "Orchard Primary School",
        "Grace Lindqvist",
        "bursar@orchard.test",
        "Bend",
    ),
    customer(
        "Pemberton & Rowe",
        "Alice Rowe",
        "alice@pembertonrowe.test",
        "Seattle",
    ),
];

const ACME_INVOICES: &[Sample] = &[
    (
        0,
        168,
        Paid,
        "Band saw, first service",
        &[("Service visit", 1, 18_000), ("Blade, 4 m", 2, 6_450)],
    ),
    (
        3,
        161,
        Paid,
        "Workshop stands",
        &[("Repair stand, steel", 4, 23_900)],
    ),
    (
        5,
        149,
        Paid,
        "Quarterly maintenance",
        &[("Maintenance contract, quarter", 1, 124_000)],
    ),
    (
        1,
        142,
        Paid,
        "Irrigation pump",
        &[("Pump, 2.2 kW", 1, 89_900), ("Installation", 6, 8_500)],
    ),
    (
        2,
        131,
        Paid,
        "Compressor filters",
        &[("Filter set, oil-free", 3, 7_250)],
    ),
    (
        4,
        124,
        Paid,
        "Playground inspection",
        &[("Inspection and report", 1, 64_000)],
    ),
    (
        0,
        117,
        Paid,
        "Extraction hood",
        &[("Hood, 1.2 m", 2, 41_500), ("Ducting per metre", 14, 2_900)],
    ),
    (
        3,
        103,
        Paid,
        "Truing jig",
        &[("Wheel truing jig", 2, 31_200)],
    ),
    (
        5,
        92,
        Paid,
        "Quarterly maintenance",
        &[("Maintenance contract, quarter", 1, 124_000)],
    ),
    (
        1,
        84,
        Paid,
        "Greenhouse vents",
        &[("Vent motor", 6, 14_700), ("Controller", 1, 39_900)],
    ),
    (
        2,
        73,
        Paid,
        "Compressor repair",
        &[("Service visit", 1, 18_000), ("Pressure switch", 1, 5_840)],
    ),
    (
        0,
        66,
        Paid,
        "Planer knives",
        &[("Knife set, 410 mm", 5, 9_680)],
    ),
    (
        4,
        58,
        Sent,
        "Boiler room valves",
        &[("Valve, 1 inch", 8, 4_350), ("Fitting", 5, 8_500)],
    ),
    (
        3,
        51,
        Sent,
        "Spray booth",
        &[("Spray booth, small", 1, 248_000), ("Delivery", 1, 12_500)],
    ),
    (1, 44, Paid, "Pump service", &[("Service visit", 1, 18_000)]),
    (
        5,
        31,
        Sent,
        "Quarterly maintenance",
        &[("Maintenance contract, quarter", 1, 124_000)],
    ),
    (
        2,
        24,
        Sent,
        "Suction unit",
        &[("Suction unit, two chairs", 1, 167_500)],
    ),
    (
        0,
        17,
        Sent,
        "Dust monitor",
        &[
            ("Monitor with display", 1, 54_900),
            ("Calibration", 1, 9_500),
        ],
    ),
    (
        3,
        11,
        Paid,
        "Bearing press",
        &[("Press with adapters", 1, 46_700)],
    ),
    (
        4,
        8,
        Sent,
        "Workshop benches",
        &[("Bench, height-adjustable", 6, 38_250)],
    ),
    (
        1,
        5,
        Sent,
        "Rainwater tank",
        &[("Tank, 5,000 l", 1, 112_000), ("Installation", 8, 8_500)],
    ),
    (
        5,
        2,
        Draft,
        "Lift inspection",
        &[("Inspection and report", 2, 64_000)],
    ),
    (0, 1, Draft, "Spare blades", &[("Blade, 4 m", 10, 6_450)]),
];

const GLOBEX_CUSTOMERS: &[Customer] = &[
    customer(
        "Vega Labs",
        "Noor van Dijk",
        "noor@vegalabs.test",
        "Utrecht",
    ),
    customer(
        "Sundial Hotels",
        "Paolo Ricci",
        "paolo@sundial.test",
        "Verona",
    ),
    customer(
        "Mistral Wind",
        "Claire Aubert",
        "claire@mistral.test",
        "Nantes",
    ),
    customer(
        "Cobalt Freight",
        "Jonas Weber",
        "jonas@cobalt.test",
        "Bremen",
    ),
];

const GLOBEX_INVOICES: &[Sample] = &[
    (
        0,
        157,
        Paid,
        "Assay automation, discovery",
        &[("Consulting day", 9, 138_000)],
    ),
    (
        2,
        139,
        Paid,
        "Grid connection study",
        &[("Fixed fee, phase 1", 1, 1_850_000)],
    ),
    (
        1,
        121,
        Paid,
        "Booking data audit",
        &[("Consulting day", 5, 138_000), ("Travel", 1, 41_260)],
    ),
    (
        3,
        98,
        Paid,
        "Depot layout",
        &[("Consulting day", 12, 129_000)],
    ),
    (
        0,
        87,
        Paid,
        "Assay automation, build",
        &[("Consulting day", 16, 138_000)],
    ),
    (
        2,
        64,
        Paid,
        "Grid connection study",
        &[("Fixed fee, phase 2", 1, 2_200_000)],
    ),
    (
        1,
        46,
        Sent,
        "Pricing workshop",
        &[("Workshop, two days", 1, 420_000), ("Travel", 1, 38_900)],
    ),
    (
        3,
        33,
        Paid,
        "Depot layout, revision",
        &[("Consulting day", 4, 129_000)],
    ),
    (
        0,
        19,
        Sent,
        "Assay automation, hand-over",
        &[("Consulting day", 7, 138_000)],
    ),
    (
        2,
        10,
        Sent,
        "Turbine data platform",
        &[("Fixed fee, phase 1", 1, 2_640_000)],
    ),
    (
        3,
        6,
        Sent,
        "Customs paperwork review",
        &[("Consulting day", 3, 129_000)],
    ),
    (
        1,
        1,
        Draft,
        "Season planning",
        &[("Consulting day", 6, 138_000)],
    ),
];
