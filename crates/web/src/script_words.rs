//! What the scripts say, in a reader's language, as the object that each is called with. Where a
//! script fills in a number, its name stands in braces.

use serde_json::{Value, json};

use crate::messages::Lang;

/// The banner announces the last ten minutes.
const ANNOUNCED: u16 = 10;

/// For the console's script.
pub(crate) fn of_console(t: Lang) -> Value {
    let mut words = left(t);
    words["days"] = t.left(t.length_days("{days}")).plain().into();
    words["daysHours"] = t
        .left(t.length_days_hours("{days}", "{hours}"))
        .plain()
        .into();
    words["copied"] = t.script_copied().plain().into();
    words["pressCtrlC"] = t.script_press_ctrl_c().plain().into();
    words["ended"] = t.script_ended().plain().into();
    words
}

/// For the banner's script.
pub(crate) fn of_banner(t: Lang) -> Value {
    let minutes = || 1..=ANNOUNCED;
    let mut words = left(t);
    words["lang"] = t.code().into();
    words["dir"] = t.dir().into();
    words["dates"] = t.of_dates().into();
    words["timeIsUp"] = t.banner_time_is_up().plain().into();
    words["idleLeft"] = t.banner_idle_left("{left}").plain().into();
    words["unreachable"] = t.banner_unreachable().plain().into();
    words["endsIn"] = minutes().map(|n| t.banner_ends_in(n).plain()).collect();
    words["idleEndsIn"] = minutes()
        .map(|n| t.banner_idle_ends_in(n).plain())
        .collect();
    words["why"] = t.why().plain().into();
    words["whatYouCanDo"] = t.what_you_can_do().plain().into();
    words["back"] = t.back_to_the_case().plain().into();
    words["show"] = t.banner_show().plain().into();
    words["hide"] = t.banner_hide().plain().into();
    words["over"] = json!({
        "title": t.banner_over().plain(),
        "why": t.banner_over_why().plain(),
        "next": t.banner_over_next().plain(),
    });
    words
}

fn left(t: Lang) -> Value {
    json!({
        "underAMinute": t.left_under_a_minute().plain(),
        "minutes": t.left(t.length_minutes("{minutes}")).plain(),
        "hours": t.left(t.length_hours("{hours}")).plain(),
        "hoursMinutes": t.left(t.length_hours_minutes("{hours}", "{minutes}")).plain(),
    })
}
