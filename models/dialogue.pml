/*
 * One dialogue at both its ends: Alba asks, Bora replies up to REPLIES times, whatever it likes, or is silent; Alba may
 * end or repeat its message.  Statements arrive in any order (models/delivery.pml: each arrives, once), and time passes.
 *
 * The state table, what has ended and what alarms are not written here: table.pml is made from
 * openline.dialogue.states.TABLE each time, so this model cannot drift from the code.  The walk below is that of
 * openline.dialogue.thread, step by step.
 */

byte state;
#include "table.pml"

#ifndef REPLIES
#define REPLIES 3
#endif
#ifndef CLOCK_MAX
#define CLOCK_MAX 4
#endif

#define DUE 1                              /* when the answer is owed, on a clock that begins at 0 */
#define PATIENCE 1                         /* after NOT UNDERSTOOD, and after a late wrong answer */
#define NONE 255
#define HOLDS(set, place) (((set) >> (place)) & 1)
#define ALL(count) ((1 << (count)) - 1)

byte clock = 0;
byte kind[REPLIES], sense[REPLIES], when[REPLIES];   /* Bora's replies, in the order in which they were said */
byte told = 0, willing = 0;                /* how many replies Bora has said, and will say */
byte known = 0;                            /* which of them Alba holds */
byte order[REPLIES], arrived = 0;          /* in which order they came */
bit receipt = 0;                           /* Alba holds Bora's receipt */
byte change = NONE;                        /* what Alba has since said of its message */
bit change_known = 0, repeated = 0, repetition_known = 0;
byte expiry = NONE;                        /* when the proposal ends by itself */

/* The walk's own. */
byte due, standbys, answer, at, place, happening;

inline pass_time(moment, by) {
  if
  :: expiry != NONE && expiry < moment + by -> move(EXPIRY)
  :: else
  fi;
  if
  :: due < moment + by -> move(DEADLINE)
  :: else
  fi
}

inline remember() {
  if
  :: happening == STANDBY_ -> standbys++; due = when[place] + 1
  :: happening == ANSWER -> answer = sense[place]
  :: happening == NOT_UNDERSTOOD -> answer = 0; due = when[place] + PATIENCE
  :: else ->
     if
     :: state == S_REOPENED ->
        answer = 0;
        if
        :: due < when[place] -> due = when[place] + PATIENCE
        :: else
        fi
     :: else
     fi
  fi
}

inline take() {
  pass_time(when[place], 0);
  happening = kind[place];
  if
#ifndef STANDBY_FOREVER
  :: happening == STANDBY_ && standbys == STANDBY_MAX -> skip
#endif
  :: else ->
     if
     :: happening == ANSWER && answer != 0 && answer != sense[place] -> happening = OTHER_ANSWER
     :: else
     fi;
     move(happening);
     if
     :: moved -> remember()
     :: else
     fi
  fi
}

/* Where the dialogue stands for whoever holds these replies, the receipt, the change and the repetition. */
inline fold(held, stored, has_change, has_repetition, in_order) {
  state = S_PENDING; due = DUE; standbys = 0; answer = 0; at = 0;
  if
  :: held != 0 || stored -> move(STORED)
  :: else
  fi;
  do
  :: at == REPLIES -> break
  :: at < REPLIES ->
     place = at;
#ifdef ORDER_OF_ARRIVAL
     if
     :: !in_order && at < arrived -> place = order[at]
     :: else
     fi;
#endif
     if
     :: HOLDS(held, place) -> take()
     :: else
     fi;
     at++
  od;
  if
  :: has_repetition -> move(REPETITION)
  :: else
  fi;
  pass_time(clock, 1);
  if
  :: has_change -> move(change)
  :: else
  fi;
  place = 0; happening = 0; at = 0; moved = 0
}

#define ALBAS fold(known, receipt, change != NONE, repeated, 0)
#define BORAS fold(ALL(told), 1, change_known, repetition_known, 1)

inline forget_walk() { state = 0; due = 0; standbys = 0; answer = 0 }

inline has_answer(set, found) {
  found = 0; at = 0;
  do
  :: at == REPLIES -> break
  :: at < REPLIES ->
     if
     :: HOLDS(set, at) && kind[at] == ANSWER -> found = 1
     :: else
     fi;
     at++
  od;
  at = 0
}

/* What holds at either end at any time.  held: the replies that this end holds. */
inline safe(held, changed) {
  assert(standbys <= 2);
  /* Silence is never assent, and never anything but itself. */
  assert(held != 0 || changed || state == S_PENDING || state == S_OPEN || state == S_OVERDUE || state == S_EXPIRED);
  assert(held != 0 || changed || clock <= DUE || IS_ALARMING(state) || state == S_EXPIRED);
  /* Closed by a closing reply that this end holds, and by nothing else. */
  has_answer(held, moved);
  assert(state != S_CLOSED || moved);
  moved = 0
}

active proctype Look() {
  d_step {
    ALBAS; safe(known, (change != NONE || repeated)); forget_walk();
    BORAS; safe(ALL(told), (change_known || repetition_known)); forget_walk()
  }
}

#define SAY(what, meaning) kind[told] = what; sense[told] = meaning; when[told] = clock; told++

/* Nothing is said in the last moment, so that whatever it makes due falls due while we look. */
active proctype Bora() {
  if
  :: willing = 0
  :: willing = 1
  :: willing = REPLIES
  fi;
end:
  do
  :: d_step { told < willing && clock < CLOCK_MAX -> SAY(STANDBY_, 0) }
  :: d_step { told < willing && clock < CLOCK_MAX -> SAY(TAKEN_TO_LEADERSHIP, 0) }
  :: d_step { told < willing && clock < CLOCK_MAX -> SAY(ANSWER, 1) }
  :: d_step { told < willing && clock < CLOCK_MAX -> SAY(ANSWER, 2) }
  :: d_step { told < willing && clock < CLOCK_MAX -> SAY(WRONG_READ_BACK, 0) }
  :: d_step { told < willing && clock < CLOCK_MAX -> SAY(NOT_UNDERSTOOD, 0) }
  :: d_step { told < willing && clock < CLOCK_MAX -> SAY(MACHINE_ERROR, 0) }
  :: d_step { change != NONE && !change_known -> change_known = 1 }
  :: d_step { repeated && !repetition_known -> repetition_known = 1 }
  od
}

#define ARRIVES(which) d_step { told > which && !HOLDS(known, which) -> \
  known = known | (1 << which); order[arrived] = which; arrived++ }

active proctype Alba() {
  bit free = 1;
  if
  :: expiry = 3
  :: skip
  fi;
end:
  do
  :: d_step { !receipt -> receipt = 1 }
  :: ARRIVES(0)
  :: ARRIVES(1)
#if REPLIES > 2
  :: ARRIVES(2)
#endif
  :: d_step { clock < CLOCK_MAX -> clock++ }
  :: d_step { free && change == NONE -> change = CORRECTION; free = 0 }
  :: d_step { free && change == NONE -> change = CANCELLATION; free = 0 }
  :: d_step { free && !repeated -> repeated = 1; free = 0 }
  :: free -> free = 0
  od
}

/* Where nothing more can happen: both ends agree; who waits is told so; and the asker can always end it. */
active proctype Finally() {
  byte albas;
  timeout -> d_step {
    ALBAS; albas = state;
    BORAS;
    assert(state == albas);
    assert(IS_ENDED(state) || IS_ALARMING(state) || state == S_WITH_LEADERSHIP);
    if
    :: change == NONE -> change = CANCELLATION; change_known = 1
    :: else
    fi;
    ALBAS;
    assert(IS_ENDED(state));
    BORAS;
    assert(IS_ENDED(state))
  }
}
