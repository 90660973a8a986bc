//! Statements that go out together: the server works through them in their order, and they cost one round
//! trip. None may depend on the answer to another.

use std::{borrow::Cow, collections::VecDeque, future::poll_fn, task::Poll};

use futures_util::{
    FutureExt,
    future::{BoxFuture, MaybeDone, maybe_done, try_join_all},
};
use tokio_postgres::{Row, types::ToSql};

use crate::{connection::Connection, fault::Fault, rows::Columns};

/// A parameter that a volley holds until it is sent.
pub(crate) type Held = Box<dyn ToSql + Sync + Send>;

/// Parameters of a statement of a volley.
macro_rules! held {
    ($($value:expr),* $(,)?) => {
        vec![$(Box::new($value) as $crate::volley::Held),*]
    };
}
pub(crate) use held;

#[derive(Debug)]
struct Asked {
    sql: Cow<'static, str>,
    bound: Vec<Held>,
}

/// Statements in their order.
#[derive(Debug, Default)]
pub(crate) struct Volley(Vec<Asked>);

impl Volley {
    pub(crate) fn push(&mut self, sql: impl Into<Cow<'static, str>>, bound: Vec<Held>) {
        let sql = sql.into();
        self.0.push(Asked { sql, bound });
    }

    pub(crate) fn extend(&mut self, later: Self) {
        self.0.extend(later.0);
    }
}

/// What was answered to statements that have all succeeded, to be taken in their order.
#[derive(Debug)]
pub(crate) struct Answers(VecDeque<Vec<Row>>);

impl Answers {
    fn next(&mut self) -> Result<Vec<Row>, Fault> {
        let unasked = || Fault::Caller("more was read than had been asked".to_owned());
        self.0.pop_front().ok_or_else(unasked)
    }

    /// Those after some that say nothing.
    pub(crate) fn after(mut self, some: usize) -> Self {
        self.0.drain(..some.min(self.0.len()));
        self
    }

    pub(crate) fn all<T: Columns>(&mut self) -> Result<Vec<T>, Fault> {
        self.next()?.iter().map(T::of).collect()
    }

    pub(crate) fn any<T: Columns>(&mut self) -> Result<Option<T>, Fault> {
        self.next()?.first().map(T::of).transpose()
    }

    pub(crate) fn one<T: Columns>(&mut self) -> Result<T, Fault> {
        let none = || Fault::Damaged("there is no row where there always is one".to_owned());
        self.any()?.ok_or_else(none)
    }
}

type Answer<'c> = BoxFuture<'c, Result<Vec<Row>, Fault>>;

/// A volley that has been sent.
pub(crate) struct UnderWay<'c>(VecDeque<MaybeDone<Answer<'c>>>);

impl UnderWay<'_> {
    /// The next answer; none after the last.
    pub(crate) async fn next(&mut self) -> Option<Result<Vec<Row>, Fault>> {
        let mut answer = self.0.pop_front()?;
        (&mut answer).await;
        std::pin::Pin::new(&mut answer).take_output()
    }

    /// How many have not been taken.
    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }

    /// Waits for every answer, so that nothing is under way afterwards; fails for the reason of the first
    /// that failed, those after it do so because of it.
    pub(crate) async fn all(mut self) -> Result<Answers, Fault> {
        let mut answers = VecDeque::with_capacity(self.0.len());
        let mut failed = None;
        while let Some(answer) = self.next().await {
            match answer {
                Ok(rows) => answers.push_back(rows),
                Err(fault) => _ = failed.get_or_insert(fault),
            }
        }
        failed.map_or(Ok(Answers(answers)), Err)
    }
}

impl Connection {
    /// Sends a volley. What is not prepared yet is prepared before.
    pub(crate) async fn send<'c>(&'c self, volley: &'c Volley) -> Result<UnderWay<'c>, Fault> {
        let prepare = |asked: &'c Asked| self.statement(&asked.sql);
        let statements = try_join_all(volley.0.iter().map(prepare)).await?;
        let mut sent: VecDeque<MaybeDone<Answer<'c>>> = statements
            .into_iter()
            .zip(&volley.0)
            .map(|(statement, asked)| {
                maybe_done(async move { self.query(&statement, &asked.bound).await }.boxed())
            })
            .collect();
        // Each goes out when it is looked at for the first time.
        poll_fn(|context| {
            for one in &mut sent {
                let _ = one.poll_unpin(context);
            }
            Poll::Ready(())
        })
        .await;
        Ok(UnderWay(sent))
    }

    /// Sends a volley whose first statement begins a transaction, and waits for the answers to the others.
    /// Fails if none began.
    pub(crate) async fn begin(&self, volley: &Volley) -> Result<Result<Answers, Fault>, Fault> {
        let mut sent = self.send(volley).await?;
        if let Some(begun) = sent.next().await {
            begun?;
        }
        Ok(sent.all().await)
    }

    /// Sends a volley and waits for the answers.
    pub(crate) async fn ask(&self, volley: &Volley) -> Result<Answers, Fault> {
        self.send(volley).await?.all().await
    }
}
