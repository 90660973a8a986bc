//! What an act came to, as a value that survives the redirect to the next page.

use countersign_domain::{CaseNumber, Email, Timestamp};
use countersign_web::notice::Notice;

use crate::{
    took::Took,
    views::{claim_notices, notices},
    zone::Zone,
};

/// What an act came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// The box was ticked.
    Granted { case: CaseNumber, until: Timestamp },
    /// Access was extended.
    Extended { case: CaseNumber, until: Timestamp },
    /// Access runs as it did.
    NothingChanged { case: CaseNumber, until: Timestamp },
    /// The box was unticked; `took` is none when there was nothing to remove.
    Removed {
        case: CaseNumber,
        took: Option<Took>,
    },
    /// The button was used and the box left empty.
    NotTicked { case: CaseNumber },
    /// The page no longer showed what was true.
    Stale { case: CaseNumber },
    /// The page no longer showed what goes through.
    StaleRules { case: CaseNumber },
    /// A self-assigned case was approved.
    Approved { case: CaseNumber },
    /// That approval was withdrawn.
    ApprovalWithdrawn {
        case: CaseNumber,
        took: Option<Took>,
    },
    /// A session was ended by an approver.
    SessionEnded {
        case: CaseNumber,
        agent: Email,
        unticked: bool,
        took: Option<Took>,
    },
    /// All support access was blocked.
    Blocked { took: Option<Took> },
    /// The block was lifted.
    BlockLifted,
    /// Somebody else blocked, or lifted the block.
    BlockStale,
    /// The org's rules were changed.
    RulesSaved,
    /// A token of the directory was revoked.
    TokenRevoked,
    /// They were so already.
    RulesUnchanged,
    /// The form no longer showed what was set.
    RulesStale,
    /// Something that an operator made was accepted.
    Accepted,
    /// It was refused.
    Refused,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// The service clients of the org were changed.
    ClientsChanged,
    /// An OpenID provider was added.
    IssuerAdded,
    /// It is shown another secret.
    IssuerSecretSet,
    /// It was removed.
    IssuerRemoved,
    /// What it knew somebody by was taken back.
    OpenIdUnbound,
    /// An agent asked for access.
    Asked {
        case: CaseNumber,
        /// Whom the agent named to act as.
        subject: Option<Email>,
    },
    /// An agent asked for more time.
    MoreTimeAsked { case: CaseNumber },
    /// An agent took the request back.
    RequestWithdrawn { case: CaseNumber },
    /// An agent ended a session of their own.
    OwnSessionEnded {
        case: CaseNumber,
        took: Option<Took>,
    },
    /// A case was opened.
    CaseOpened { case: CaseNumber },
    /// A case was closed.
    CaseClosed {
        case: CaseNumber,
        took: Option<Took>,
    },
    /// A case was reopened.
    CaseReopened { case: CaseNumber },
    /// What an operator did came to this.
    Operator(OperatorDid),
}

/// What an operator's act came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OperatorDid {
    /// An org was made.
    OrgMade,
    /// It was said where an org's product is; `took` is none where that took nothing away.
    ProductSet { took: Option<Took> },
    /// It was said which host names are an org's own.
    HostsSet,
    /// The form no longer showed which are.
    HostsStale,
    /// It was said which requests to it read; `took` is none where that took nothing away.
    RoutesSet {
        took: Option<Took>,
        /// For how many cases live access ended with it.
        ended: usize,
    },
    /// That was so already.
    RoutesUnchanged,
    /// Somebody was made.
    PersonMade,
    /// Somebody has this role now.
    RoleSet { person: Email },
    /// Somebody would have another role, once the customer accepts it (R3).
    RoleProposed { person: Email },
    /// Somebody may act.
    Activated { person: Email },
    /// Somebody may not act.
    Deactivated { person: Email, took: Option<Took> },
    /// The form no longer showed what was set.
    Stale,
}

impl Said {
    /// The case whose card on the settings page this is about.
    pub(crate) fn card(&self) -> Option<&CaseNumber> {
        match self {
            Self::Granted { case, .. }
            | Self::Extended { case, .. }
            | Self::NothingChanged { case, .. }
            | Self::Removed { case, .. }
            | Self::NotTicked { case }
            | Self::Stale { case }
            | Self::StaleRules { case } => Some(case),
            _ => None,
        }
    }

    /// In words.
    pub(crate) fn notice(&self, zone: &Zone) -> Notice {
        let t = zone.lang();
        let name = |case: &CaseNumber| case.as_str().into();
        let worded = |took: &Option<Took>| took.map(|took| took.worded(zone));
        match self {
            Self::Granted { case, until } => {
                notices::access_granted(t, &name(case), &zone.moment(*until))
            }
            Self::Extended { case, until } => {
                notices::access_extended(t, &name(case), &zone.moment(*until))
            }
            Self::NothingChanged { case, until } => {
                notices::nothing_changed(t, &name(case), &zone.moment(*until))
            }
            Self::Removed { case, took } => match worded(took) {
                Some(effective) => notices::access_removed(t, &name(case), &effective),
                None => notices::nothing_to_remove(t, &name(case)),
            },
            Self::NotTicked { case } => notices::not_ticked(t, &name(case)),
            // The settings page says where the case stands by now.
            Self::Stale { case } => notices::stale(t, &name(case), t.notice_stale_detail()),
            Self::StaleRules { case } => {
                notices::stale_rules(t, &name(case), t.notice_stale_detail())
            }
            Self::Approved { case } => notices::self_assignment_approved(t, &name(case)),
            Self::ApprovalWithdrawn { case, took } => {
                notices::self_assignment_withdrawn(t, &name(case), worded(took).as_ref())
            }
            Self::SessionEnded {
                case,
                agent,
                unticked,
                took,
            } => notices::session_ended(
                t,
                &agent.as_str().into(),
                &name(case),
                *unticked,
                worded(took).as_ref(),
            ),
            Self::Blocked { took } => notices::blocked(t, worded(took).as_ref()),
            Self::BlockLifted => notices::block_lifted(t),
            Self::BlockStale => notices::block_stale(t),
            Self::RulesSaved => notices::rules_saved(t),
            Self::TokenRevoked => notices::token_revoked(t),
            Self::RulesUnchanged => notices::rules_unchanged(t),
            Self::RulesStale => notices::rules_stale(t),
            Self::Accepted => claim_notices::accepted(t),
            Self::Refused => claim_notices::refused(t),
            Self::PasskeyAdded => claim_notices::passkey_added(t),
            Self::PasskeyRemoved => claim_notices::passkey_removed(t),
            Self::ClientsChanged => claim_notices::clients_changed(t),
            Self::IssuerAdded => claim_notices::issuer_added(t),
            Self::IssuerSecretSet => claim_notices::issuer_secret_set(t),
            Self::IssuerRemoved => claim_notices::issuer_removed(t),
            Self::OpenIdUnbound => claim_notices::openid_unbound(t),
            Self::Asked { case, subject } => {
                let subject = subject.as_ref().map(|email| email.as_str().into());
                notices::access_requested(t, &name(case), subject.as_ref())
            }
            Self::MoreTimeAsked { case } => notices::more_time_requested(t, &name(case)),
            Self::RequestWithdrawn { case } => notices::request_withdrawn(t, &name(case)),
            Self::OwnSessionEnded { case, took } => {
                notices::own_session_ended(t, &name(case), worded(took).as_ref())
            }
            Self::CaseOpened { case } => notices::case_opened(t, &name(case)),
            Self::CaseClosed { case, took } => {
                notices::case_closed(t, &name(case), worded(took).as_ref())
            }
            Self::CaseReopened { case } => notices::case_reopened(t, &name(case)),
            Self::Operator(did) => {
                let person = |email: &Email| email.as_str().into();
                match did {
                    OperatorDid::OrgMade => notices::org_made(t),
                    OperatorDid::ProductSet { took } => {
                        notices::product_set(t, worded(took).as_ref())
                    }
                    OperatorDid::RoutesSet { took, ended } => {
                        notices::routes_set(t, *ended, worded(took).as_ref())
                    }
                    OperatorDid::RoutesUnchanged => notices::routes_unchanged(t),
                    OperatorDid::PersonMade => notices::person_made(t),
                    OperatorDid::RoleSet { person: who } => notices::role_set(t, &person(who)),
                    OperatorDid::RoleProposed { person: who } => {
                        notices::role_proposed(t, &person(who))
                    }
                    OperatorDid::Activated { person: who } => notices::activated(t, &person(who)),
                    OperatorDid::Deactivated { person: who, took } => {
                        notices::deactivated(t, &person(who), worded(took).as_ref())
                    }
                    OperatorDid::Stale => notices::product_stale(t),
                    OperatorDid::HostsSet => notices::hosts_set(t),
                    OperatorDid::HostsStale => notices::hosts_stale(t),
                }
            }
        }
    }

    /// As fields separated by colons. No field holds one: case numbers, addresses and numbers are
    /// all validated types.
    pub(crate) fn write(&self) -> String {
        match self {
            Self::Granted { case, until } => fields(&["granted", &case.to_string(), &ms(*until)]),
            Self::Extended { case, until } => fields(&["extended", &case.to_string(), &ms(*until)]),
            Self::NothingChanged { case, until } => {
                fields(&["unchanged", &case.to_string(), &ms(*until)])
            }
            Self::Removed { case, took } => fields(&["removed", &case.to_string(), &span(*took)]),
            Self::NotTicked { case } => fields(&["not-ticked", case.as_str()]),
            Self::Stale { case } => fields(&["stale", case.as_str()]),
            Self::StaleRules { case } => fields(&["stale-rules", case.as_str()]),
            Self::Approved { case } => fields(&["approved", case.as_str()]),
            Self::ApprovalWithdrawn { case, took } => {
                fields(&["unapproved", &case.to_string(), &span(*took)])
            }
            Self::SessionEnded {
                case,
                agent,
                unticked,
                took,
            } => {
                let code = if *unticked { "ended-unticked" } else { "ended" };
                fields(&[code, case.as_str(), agent.as_str(), &span(*took)])
            }
            Self::Blocked { took } => fields(&["blocked", &span(*took)]),
            Self::BlockLifted => "lifted".to_owned(),
            Self::BlockStale => "block-stale".to_owned(),
            Self::RulesSaved => "rules".to_owned(),
            Self::TokenRevoked => "token-revoked".to_owned(),
            Self::RulesUnchanged => "rules-same".to_owned(),
            Self::RulesStale => "rules-stale".to_owned(),
            Self::Accepted => "accepted".to_owned(),
            Self::Refused => "refused".to_owned(),
            Self::PasskeyAdded => "passkey-added".to_owned(),
            Self::PasskeyRemoved => "passkey-removed".to_owned(),
            Self::ClientsChanged => "clients-changed".to_owned(),
            Self::IssuerAdded => "issuer-added".to_owned(),
            Self::IssuerSecretSet => "issuer-secret".to_owned(),
            Self::IssuerRemoved => "issuer-removed".to_owned(),
            Self::OpenIdUnbound => "openid-unbound".to_owned(),
            Self::Asked {
                case,
                subject: None,
            } => fields(&["asked", case.as_str()]),
            Self::Asked {
                case,
                subject: Some(subject),
            } => fields(&["asked-as", case.as_str(), subject.as_str()]),
            Self::MoreTimeAsked { case } => fields(&["more-time", case.as_str()]),
            Self::RequestWithdrawn { case } => fields(&["withdrawn", case.as_str()]),
            Self::OwnSessionEnded { case, took } => {
                fields(&["own-ended", &case.to_string(), &span(*took)])
            }
            Self::CaseOpened { case } => fields(&["opened", case.as_str()]),
            Self::CaseClosed { case, took } => fields(&["closed", &case.to_string(), &span(*took)]),
            Self::CaseReopened { case } => fields(&["reopened", case.as_str()]),
            Self::Operator(did) => match did {
                OperatorDid::OrgMade => "org-made".to_owned(),
                OperatorDid::ProductSet { took } => fields(&["product-set", &span(*took)]),
                OperatorDid::RoutesSet { took, ended } => {
                    fields(&["routes-set", &span(*took), &ended.to_string()])
                }
                OperatorDid::RoutesUnchanged => "routes-unchanged".to_owned(),
                OperatorDid::PersonMade => "person-made".to_owned(),
                OperatorDid::RoleSet { person } => fields(&["role-set", person.as_str()]),
                OperatorDid::RoleProposed { person } => fields(&["role-proposed", person.as_str()]),
                OperatorDid::Activated { person } => fields(&["activated", person.as_str()]),
                OperatorDid::Deactivated { person, took } => {
                    fields(&["deactivated", person.as_str(), &span(*took)])
                }
                OperatorDid::Stale => "product-stale".to_owned(),
                OperatorDid::HostsSet => "hosts-set".to_owned(),
                OperatorDid::HostsStale => "hosts-stale".to_owned(),
            },
        }
    }

    /// Reads what [`Self::write`] wrote, and nothing else.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut rest = Rest(text.split(':'));
        let said = match rest.next()? {
            "granted" => Self::Granted {
                case: rest.case()?,
                until: rest.at()?,
            },
            "extended" => Self::Extended {
                case: rest.case()?,
                until: rest.at()?,
            },
            "unchanged" => Self::NothingChanged {
                case: rest.case()?,
                until: rest.at()?,
            },
            "removed" => Self::Removed {
                case: rest.case()?,
                took: rest.took()?,
            },
            "not-ticked" => Self::NotTicked { case: rest.case()? },
            "stale" => Self::Stale { case: rest.case()? },
            "stale-rules" => Self::StaleRules { case: rest.case()? },
            "approved" => Self::Approved { case: rest.case()? },
            "unapproved" => Self::ApprovalWithdrawn {
                case: rest.case()?,
                took: rest.took()?,
            },
            code @ ("ended" | "ended-unticked") => Self::SessionEnded {
                case: rest.case()?,
                agent: Email::parse(rest.next()?).ok()?,
                unticked: code == "ended-unticked",
                took: rest.took()?,
            },
            "blocked" => Self::Blocked { took: rest.took()? },
            "lifted" => Self::BlockLifted,
            "block-stale" => Self::BlockStale,
            "rules" => Self::RulesSaved,
            "token-revoked" => Self::TokenRevoked,
            "rules-same" => Self::RulesUnchanged,
            "rules-stale" => Self::RulesStale,
            "accepted" => Self::Accepted,
            "refused" => Self::Refused,
            "passkey-added" => Self::PasskeyAdded,
            "passkey-removed" => Self::PasskeyRemoved,
            "clients-changed" => Self::ClientsChanged,
            "issuer-added" => Self::IssuerAdded,
            "issuer-secret" => Self::IssuerSecretSet,
            "issuer-removed" => Self::IssuerRemoved,
            "openid-unbound" => Self::OpenIdUnbound,
            "asked" => Self::Asked {
                case: rest.case()?,
                subject: None,
            },
            "asked-as" => Self::Asked {
                case: rest.case()?,
                subject: Some(rest.email()?),
            },
            "more-time" => Self::MoreTimeAsked { case: rest.case()? },
            "withdrawn" => Self::RequestWithdrawn { case: rest.case()? },
            "own-ended" => Self::OwnSessionEnded {
                case: rest.case()?,
                took: rest.took()?,
            },
            "opened" => Self::CaseOpened { case: rest.case()? },
            "closed" => Self::CaseClosed {
                case: rest.case()?,
                took: rest.took()?,
            },
            "reopened" => Self::CaseReopened { case: rest.case()? },
            "org-made" => Self::Operator(OperatorDid::OrgMade),
            "product-set" => Self::Operator(OperatorDid::ProductSet { took: rest.took()? }),
            "routes-set" => Self::Operator(OperatorDid::RoutesSet {
                took: rest.took()?,
                ended: rest.next()?.parse().ok()?,
            }),
            "routes-unchanged" => Self::Operator(OperatorDid::RoutesUnchanged),
            "person-made" => Self::Operator(OperatorDid::PersonMade),
            "role-set" => Self::Operator(OperatorDid::RoleSet {
                person: rest.email()?,
            }),
            "role-proposed" => Self::Operator(OperatorDid::RoleProposed {
                person: rest.email()?,
            }),
            "activated" => Self::Operator(OperatorDid::Activated {
                person: rest.email()?,
            }),
            "deactivated" => Self::Operator(OperatorDid::Deactivated {
                person: rest.email()?,
                took: rest.took()?,
            }),
            "product-stale" => Self::Operator(OperatorDid::Stale),
            "hosts-set" => Self::Operator(OperatorDid::HostsSet),
            "hosts-stale" => Self::Operator(OperatorDid::HostsStale),
            _ => return None,
        };
        rest.next().is_none().then_some(said)
    }
}

fn fields(fields: &[&str]) -> String {
    fields.join(":")
}

fn ms(at: Timestamp) -> String {
    at.as_millis().to_string()
}

fn span(took: Option<Took>) -> String {
    took.map_or_else(
        || "none".to_owned(),
        |took| {
            format!(
                "{}/{}/{}/{}",
                took.since.as_millis(),
                took.acknowledged,
                took.lapsed,
                took.ms
            )
        },
    )
}

struct Rest<'a>(std::str::Split<'a, char>);

impl<'a> Rest<'a> {
    fn next(&mut self) -> Option<&'a str> {
        self.0.next()
    }

    fn case(&mut self) -> Option<CaseNumber> {
        CaseNumber::parse(self.next()?).ok()
    }

    fn email(&mut self) -> Option<Email> {
        Email::parse(self.next()?).ok()
    }

    fn at(&mut self) -> Option<Timestamp> {
        self.next()?.parse().ok().map(Timestamp::from_millis)
    }

    fn took(&mut self) -> Option<Option<Took>> {
        let text = self.next()?;
        if text == "none" {
            return Some(None);
        }
        let mut numbers = text.split('/');
        let took = Took {
            since: Timestamp::from_millis(numbers.next()?.parse().ok()?),
            acknowledged: numbers.next()?.parse().ok()?,
            lapsed: numbers.next()?.parse().ok()?,
            ms: numbers.next()?.parse().ok()?,
        };
        numbers.next().is_none().then_some(Some(took))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let case = CaseNumber::parse("A-1.b_2").unwrap();
        let took = Some(Took {
            since: Timestamp::from_millis(1_763_906_587_000),
            acknowledged: 2,
            lapsed: 1,
            ms: 41,
        });
        let until = Timestamp::from_millis(7);
        let agent = Email::parse("sam@vendor.test").unwrap();
        for said in [
            Said::Granted {
                case: case.clone(),
                until,
            },
            Said::NothingChanged {
                case: case.clone(),
                until,
            },
            Said::Removed {
                case: case.clone(),
                took,
            },
            Said::Removed {
                case: case.clone(),
                took: None,
            },
            Said::SessionEnded {
                case: case.clone(),
                agent,
                unticked: true,
                took,
            },
            Said::Asked {
                case: case.clone(),
                subject: Some(Email::parse("lee@acme.test").unwrap()),
            },
            Said::Blocked { took },
            Said::BlockLifted,
            Said::BlockStale,
            Said::RulesSaved,
            Said::TokenRevoked,
            Said::RulesUnchanged,
            Said::RulesStale,
            Said::Accepted,
            Said::Refused,
            Said::PasskeyAdded,
            Said::PasskeyRemoved,
            Said::ClientsChanged,
            Said::IssuerAdded,
            Said::IssuerSecretSet,
            Said::IssuerRemoved,
            Said::OpenIdUnbound,
            Said::CaseReopened { case },
            Said::Operator(OperatorDid::ProductSet { took }),
            Said::Operator(OperatorDid::RoutesSet { took, ended: 3 }),
            Said::Operator(OperatorDid::RoutesUnchanged),
            Said::Operator(OperatorDid::HostsSet),
            Said::Operator(OperatorDid::HostsStale),
            Said::Operator(OperatorDid::RoleProposed {
                person: Email::parse("kim@vendor.test").unwrap(),
            }),
            Said::Operator(OperatorDid::Deactivated {
                person: Email::parse("kim@vendor.test").unwrap(),
                took: None,
            }),
        ] {
            let written = said.write();
            assert_eq!(Said::read(&written), Some(said), "{written}");
            assert_eq!(Said::read(&format!("{written}:more")), None);
        }
        for text in [
            "",
            "said:You are safe",
            "stale:",
            "stale:<b>",
            "granted:1",
            "granted:1:x",
            "removed:1:1/2/3",
            "ended:1:not an address:none",
        ] {
            assert_eq!(Said::read(text), None, "{text}");
        }
    }
}
