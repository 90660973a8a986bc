//! Parts of a task that are polled only when they can go on.
//!
//! A task is polled whole, whichever of the things it waits for has woken it. A part of it that has a
//! waker of its own is left alone unless that one was called.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures_util::task::AtomicWaker;

/// How often a part may wake itself before the other tasks of its thread have their turn.
const TURNS: usize = 8;

/// What wakes a part, and through it its task.
#[derive(Debug)]
struct Bell {
    rung: AtomicBool,
    task: AtomicWaker,
}

impl Bell {
    /// Whether it has rung since it was asked last.
    fn has_rung(&self) -> bool {
        self.rung.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        self.task.wake();
    }
}

/// A future that is a part of a task.
#[derive(Debug)]
pub(crate) struct Part<F> {
    future: F,
    bell: Arc<Bell>,
    waker: Waker,
}

impl<F: Future + Unpin> Part<F> {
    pub(crate) fn new(future: F) -> Self {
        let bell = Arc::new(Bell {
            // What has not begun can begin.
            rung: AtomicBool::new(true),
            task: AtomicWaker::new(),
        });
        Self {
            future,
            waker: Waker::from(Arc::clone(&bell)),
            bell,
        }
    }

    /// Polls it if it was woken. Nobody is told when it is woken next.
    pub(crate) fn turn(&mut self) -> Poll<F::Output> {
        drop(self.bell.task.take());
        if !self.bell.has_rung() {
            return Poll::Pending;
        }
        Pin::new(&mut self.future).poll(&mut Context::from_waker(&self.waker))
    }

    /// Polls for something that comes of this part's work, and does the work meanwhile; an error when
    /// the work is over, and nothing more will come of it. What the one wakes the other for is done
    /// here and now, without another poll of the whole task.
    pub(crate) fn poll_for<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut wanted: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<Result<T, F::Output>> {
        for _ in 0..TURNS {
            if let Poll::Ready(over) = self.turn() {
                return Poll::Ready(Err(over));
            }
            if let Poll::Ready(wanted) = wanted(&mut Context::from_waker(&self.waker)) {
                return Poll::Ready(Ok(wanted));
            }
            self.bell.task.register(cx.waker());
            if !self.bell.rung.load(Ordering::Acquire) {
                return Poll::Pending;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Goes on without being a part.
    pub(crate) fn into_inner(self) -> F {
        self.future
    }
}

impl<F: Future + Unpin> Future for Part<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // In this order: whoever wakes it from now on is heard.
        self.bell.task.register(cx.waker());
        if !self.bell.has_rung() {
            return Poll::Pending;
        }
        let Self { future, waker, .. } = &mut *self;
        Pin::new(future).poll(&mut Context::from_waker(waker))
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, sync::Mutex};

    use super::*;

    /// Work that is never over, how often it was polled, and its waker.
    #[derive(Clone, Default)]
    struct Work(Arc<Mutex<(usize, Option<Waker>)>>);

    impl Work {
        fn part(&self) -> Part<impl Future<Output = ()> + Unpin + use<>> {
            let work = self.clone();
            Part::new(poll_fn(move |cx| {
                let mut state = work.0.lock().unwrap();
                state.0 += 1;
                state.1 = Some(cx.waker().clone());
                Poll::<()>::Pending
            }))
        }

        fn polled(&self) -> usize {
            self.0.lock().unwrap().0
        }

        fn wake(&self) {
            let waker = self.0.lock().unwrap().1.clone();
            waker.unwrap().wake();
        }
    }

    /// A task that counts how often it is woken.
    #[derive(Default)]
    struct Task(Mutex<usize>);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            *self.0.lock().unwrap() += 1;
        }
    }

    impl Task {
        fn woken(&self) -> usize {
            *self.0.lock().unwrap()
        }
    }

    #[test]
    fn a_part_is_polled_when_it_was_woken_and_not_with_its_task() {
        let (work, task) = (Work::default(), Arc::new(Task::default()));
        let waker = Waker::from(Arc::clone(&task));
        let cx = &mut Context::from_waker(&waker);
        let mut part = work.part();
        for _ in 0..3 {
            assert!(Pin::new(&mut part).poll(cx).is_pending());
        }
        assert_eq!((work.polled(), task.woken()), (1, 0));
        work.wake();
        assert_eq!(task.woken(), 1);
        assert!(Pin::new(&mut part).poll(cx).is_pending());
        assert_eq!(work.polled(), 2);
    }

    #[test]
    fn what_is_waited_for_and_the_work_wake_each_other_without_the_task() {
        let (work, task) = (Work::default(), Arc::new(Task::default()));
        let waker = Waker::from(Arc::clone(&task));
        let cx = &mut Context::from_waker(&waker);
        let mut part = work.part();
        let mut asked = 0;
        let got = part.poll_for(cx, |cx| {
            asked += 1;
            if asked == 3 {
                return Poll::Ready("came");
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        });
        assert_eq!(got, Poll::Ready(Ok("came")));
        assert_eq!((work.polled(), task.woken()), (3, 0));
        // And once there is nothing left to do here, the task hears of it.
        assert!(part.poll_for(cx, |_| Poll::<()>::Pending).is_pending());
        assert_eq!((work.polled(), task.woken()), (3, 0));
        work.wake();
        assert_eq!((work.polled(), task.woken()), (3, 1));
    }

    #[test]
    fn work_that_wakes_itself_again_and_again_lets_others_have_their_turn() {
        let (work, task) = (Work::default(), Arc::new(Task::default()));
        let waker = Waker::from(Arc::clone(&task));
        let cx = &mut Context::from_waker(&waker);
        let mut part = work.part();
        let got = part.poll_for(cx, |cx| {
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        assert!(got.is_pending());
        assert_eq!(work.polled(), TURNS);
        assert!(task.woken() > 0, "it comes back");
    }

    #[test]
    fn nobody_waits_for_what_can_not_come_any_more() {
        let waker = Waker::from(Arc::new(Task::default()));
        let mut part = Part::new(poll_fn(|_| Poll::Ready("closed")));
        let got = part.poll_for(&mut Context::from_waker(&waker), |_| Poll::<()>::Pending);
        assert_eq!(got, Poll::Ready(Err("closed")));
    }
}
