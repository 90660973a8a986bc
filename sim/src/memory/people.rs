//! People as a directory that provisions them lists them.

use countersign_domain::{Email, Person, Profile, StreamId, Timestamp};
use countersign_entries::What;
use countersign_store::{
    ListedPerson, PeopleOf, PeoplePage, PeopleQuery, Which,
    alike::{Parts, external_id},
};

use super::Data;

impl Data {
    pub(super) fn people(&self, query: &PeopleQuery) -> PeoplePage {
        let mut chosen: Vec<(Email, Person)> = match query.of {
            PeopleOf::Org(org) => {
                let of_org = self
                    .state
                    .admins()
                    .filter(|admin| admin.org == org && !admin.removed);
                of_org
                    .filter(|admin| match query.which {
                        Which::Role(role) => admin.role == role,
                        _ => is(
                            &query.which,
                            Person::Admin(admin.id),
                            &admin.email,
                            &admin.profile,
                        ),
                    })
                    .map(|admin| (admin.email.clone(), Person::Admin(admin.id)))
                    .collect()
            }
            PeopleOf::Vendor => {
                let agents = self.state.agents().filter(|agent| !agent.removed);
                agents
                    .filter(|agent| {
                        is(
                            &query.which,
                            Person::Agent(agent.id),
                            &agent.email,
                            &agent.profile,
                        )
                    })
                    .map(|agent| (agent.email.clone(), Person::Agent(agent.id)))
                    .collect()
            }
        };
        let total = chosen.len();
        chosen.sort();
        chosen.retain(|(email, _)| query.after.as_ref().is_none_or(|after| email > after));
        let mut parts = Parts::default();
        let people = chosen
            .into_iter()
            .skip(query.skip)
            .take(query.limit)
            .map(|(_, person)| {
                match person {
                    Person::Admin(id) => parts.admins.extend(self.state.admin(id).cloned()),
                    Person::Agent(id) => parts.agents.extend(self.state.agent(id).cloned()),
                }
                self.listed(person)
            })
            .collect();
        PeoplePage {
            people,
            state: self.closed(parts).into_state(),
            total,
            barrier: self.barrier,
        }
    }

    fn listed(&self, person: Person) -> ListedPerson {
        let stream = match person {
            Person::Admin(id) => StreamId::Admin(id),
            Person::Agent(id) => StreamId::Agent(id),
        };
        let times: Vec<Timestamp> = self
            .events
            .iter()
            .filter(|recorded| recorded.event.stream() == stream)
            .filter(|recorded| {
                let name = What::Event(recorded.event.clone()).name();
                name.starts_with("admin.") || name.starts_with("agent.")
            })
            .map(|recorded| recorded.at)
            .collect();
        ListedPerson {
            person,
            created_at: times.first().copied().unwrap_or(Timestamp::from_millis(0)),
            changed_at: times.last().copied().unwrap_or(Timestamp::from_millis(0)),
        }
    }
}

fn is(which: &Which, person: Person, email: &Email, profile: &Profile) -> bool {
    match which {
        Which::All => true,
        Which::One(one) => *one == person,
        Which::Email(own) => own == email,
        Which::Role(_) => false,
        Which::External(id) => external_id(profile, false).as_deref() == Some(id.as_str()),
    }
}
