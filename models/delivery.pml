/*
 * Entries and receipts between three stations: Alba says two things, Bora one.  PAIRS says who hears whom: 2, each
 * other; 3, the mediator's station also hears Alba; 4, and Bora.
 *
 * The network loses, doubles and reorders; a station crashes between any two steps.  Losses, doublings and crashes are
 * counted down, so every run ends, and what must finally be so is asserted where nothing more can happen.
 *
 * On disk (it survives a crash): what was said, what is held, what was shown, the receipts that came.
 * In memory (it does not):       what waits to be sent, and which receipts are owed.
 *
 * `python -m tools.model` sets the bounds, and plants faults by -D to see that they are found.
 */

#ifndef LOSSES
#define LOSSES 2
#endif
#ifndef DOUBLES
#define DOUBLES 1
#endif
#ifndef CRASHES
#define CRASHES 1
#endif

#ifndef PAIRS
#define PAIRS 3
#endif

#define STATIONS 3
#define ALBA 0
#define BORA 1
#define MEDIATOR 2

/* One author and one reader of its log. */
#define AT(author, reader) ((author) * STATIONS + (reader))
#define BIT(seq) (1 << (seq))
#define HOLDS(set, seq) (((set) >> (seq)) & 1)
/* How many entries of a set stand without a gap: what the size in a receipt means. */
#define PREFIX(set) (HOLDS(set, 0) -> (HOLDS(set, 1) -> 2 : 1) : 0)
#ifdef COUNT_BEYOND_THE_GAP
#define SIZE(set) (HOLDS(set, 1) -> 2 : HOLDS(set, 0))
#else
#define SIZE(set) PREFIX(set)
#endif

/* ---- on disk */
byte said[STATIONS];                       /* how many entries each has said */
byte held[9];                              /* AT: which of the author's entries the reader holds */
byte shown[9];                             /* AT: which of them an officer there has been shown */
byte stored[9];                            /* AT: how many the reader has signed to have stored, as the author knows */
byte presented[9];                         /* AT: the same of presented */

/* ---- in memory */
byte queued[9];                            /* AT: which entries wait to be sent to that reader */
bit owed[9];                               /* AT: the reader owes the author a stored receipt */
bit owed_shown[9];                         /* AT: the same of presented */

/* ---- the network */
byte entries[9];                           /* AT: which entries are under way to that reader */
byte receipts[9];                          /* AT: which sizes of stored receipts are under way to the author */
byte receipts_shown[9];                    /* AT: the same of presented */

/* ---- for the checks */
byte taken[18];                            /* how often each entry took its place at each reader */
byte losses = LOSSES, doubles = DOUBLES, crashes = CRASHES;

/* Officers look at Bora's station; the others store and sign for it, which is the same there. */
#define SHOWS(reader) ((reader) == BORA)
#define TO_SAY(author) (author == ALBA -> 2 : 1)
#define SAID(author) (said[author] == 2 -> 3 : said[author])   /* as a set */
#define UNRECEIPTED(author, pair) (SAID(author) & ~(stored[pair] == 2 -> 3 : stored[pair]))
#define QUIET(pair) (queued[pair] == 0 && entries[pair] == 0 && receipts[pair] == 0 && !owed[pair])

inline owe(pair) {
  owed[pair] = 1
}

/* A receipt is kept as proof, and only then a status shows it: no status without what it stands for. */
inline proved(status, size) {
  if
  :: status < size -> status = size
  :: else
  fi;
  assert(stored[pair] <= PREFIX(held[pair]));
  assert(presented[pair] <= PREFIX(shown[pair]))
}

/* The author's side of one pair: says, sends, sends again until the receipt, takes receipts. */
proctype Author(byte author; byte reader) {
  byte pair = AT(author, reader);
  byte seq;
end:
  do
  :: d_step { queued[pair] -> entries[pair] = entries[pair] | queued[pair]; queued[pair] = 0 }
#ifndef NO_RETRY
  /* The time to wait is over: nothing of it is under way, and there is no receipt. */
  :: d_step { said[author] > stored[pair] && QUIET(pair) -> queued[pair] = UNRECEIPTED(author, pair) }
#endif
  /* Receipts, in any order: an older one says nothing new. */
  :: d_step { receipts[pair] & BIT(1) -> receipts[pair] = receipts[pair] & ~BIT(1); proved(stored[pair], 1) }
  :: d_step { receipts[pair] & BIT(2) -> receipts[pair] = receipts[pair] & ~BIT(2); proved(stored[pair], 2) }
  :: d_step { receipts_shown[pair] & BIT(1) -> receipts_shown[pair] = receipts_shown[pair] & ~BIT(1);
              proved(presented[pair], 1); proved(stored[pair], 1) }
  :: d_step { receipts_shown[pair] & BIT(2) -> receipts_shown[pair] = receipts_shown[pair] & ~BIT(2);
              proved(presented[pair], 2); proved(stored[pair], 2) }
  od
}

/* An author says its entries, each in one transaction with its place in the log. */
proctype Voice(byte author) {
end:
  do
  :: d_step { said[author] < TO_SAY(author) ->
       queued[AT(author, (author + 1) % STATIONS)] = queued[AT(author, (author + 1) % STATIONS)] | BIT(said[author]);
       queued[AT(author, (author + 2) % STATIONS)] = queued[AT(author, (author + 2) % STATIONS)] | BIT(said[author]);
       said[author]++ }
  od
}

/* An entry comes: known already, then only the receipt is owed again; new, then place and row in one transaction. */
inline take(seq) {
  if
  :: HOLDS(entries[pair], seq) ->
     if
     :: entries[pair] = entries[pair] & ~BIT(seq)
     :: doubles > 0 -> doubles--
     fi;
#ifdef TAKE_AGAIN
     if
     :: true ->
#else
     if
#ifdef KNOWN_IS_SILENT
     :: HOLDS(held[pair], seq) -> skip
#else
     :: HOLDS(held[pair], seq) -> owe(pair)
#endif
     :: else ->
#endif
        /* Nothing twice, nothing that was not said. */
        taken[pair * 2 + seq]++;
        assert(taken[pair * 2 + seq] == 1);
        assert(seq < said[author]);
#ifdef RECEIPT_FIRST
        owe(pair); committing = seq + 1
#else
        held[pair] = held[pair] | BIT(seq);
        owe(pair)
#endif
     fi
  fi
}

/* The reader's side of one pair: takes entries, shows them, pays receipts. */
proctype Reader(byte author; byte reader) {
  byte pair = AT(author, reader);
  byte committing = 0;
end:
  do
  :: d_step { HOLDS(entries[pair], 0) -> take(0) }
  :: d_step { HOLDS(entries[pair], 1) -> take(1) }
#ifdef RECEIPT_FIRST
  :: d_step { committing > 0 -> held[pair] = held[pair] | BIT(committing - 1); committing = 0 }
  :: d_step { committing > 0 && crashes > 0 -> crashes--; committing = 0; owed[pair] = 0 }
  :: d_step { committing > 0 && owed[pair] -> owed[pair] = 0; receipts[pair] = receipts[pair] | BIT(committing) }
#endif
  :: d_step { owed[pair] && SIZE(held[pair]) > 0 -> owed[pair] = 0;
              receipts[pair] = receipts[pair] | BIT(SIZE(held[pair])) }
  :: d_step { owed[pair] && SIZE(held[pair]) == 0 -> owed[pair] = 0 }
  /* An officer is shown the next entry; row and receipt owed as with storing. */
  :: d_step { SHOWS(reader) && (held[pair] & ~shown[pair]) & BIT(0) -> shown[pair] = shown[pair] | BIT(0); owed_shown[pair] = 1 }
  :: d_step { SHOWS(reader) && (held[pair] & ~shown[pair]) & BIT(1) -> shown[pair] = shown[pair] | BIT(1); owed_shown[pair] = 1 }
  :: d_step { owed_shown[pair] && SIZE(shown[pair]) > 0 -> owed_shown[pair] = 0;
              receipts_shown[pair] = receipts_shown[pair] | BIT(SIZE(shown[pair])) }
  :: d_step { owed_shown[pair] && SIZE(shown[pair]) == 0 -> owed_shown[pair] = 0 }
#ifndef NEVER_PRESENT_AGAIN
  /* A greeting says that the author lacks a presented receipt. */
  :: d_step { presented[pair] < PREFIX(shown[pair]) && !owed_shown[pair] && receipts_shown[pair] == 0 ->
              owed_shown[pair] = 1 }
#endif
  od
}

/* What is under way is lost. */
proctype Loss(byte author; byte reader) {
  byte pair = AT(author, reader);
end:
  do
  :: d_step { losses > 0 && entries[pair] -> losses--; entries[pair] = 0 }
  :: d_step { losses > 0 && receipts[pair] -> losses--; receipts[pair] = 0 }
  :: d_step { losses > 0 && receipts_shown[pair] -> losses--; receipts_shown[pair] = 0 }
  od
}

/* A station dies and starts: what was in memory is gone; what it owes is made from the disk. */
inline forget(station, author) {
  if
  :: author != station ->
     owed_shown[AT(author, station)] = 0;
#ifdef FORGET_OWED
     owed[AT(author, station)] = 0;
#else
     owed[AT(author, station)] = (held[AT(author, station)] > 0);
#endif
     queued[AT(station, author)] = UNRECEIPTED(station, AT(station, author))
  :: else
  fi
}

proctype Crash(byte station) {
end:
  do
  :: d_step { crashes > 0 -> crashes--; forget(station, 0); forget(station, 1); forget(station, 2) }
  od
}

#define DONE(author, reader) \
  assert(held[AT(author, reader)] == SAID(author)); \
  assert(stored[AT(author, reader)] == TO_SAY(author)); \
  assert(!SHOWS(reader) || shown[AT(author, reader)] == SAID(author)); \
  assert(!SHOWS(reader) || presented[AT(author, reader)] == TO_SAY(author))

/* Where nothing more can happen: everything that was said is stored and shown everywhere, and its author can prove it. */
active proctype Finally() {
  timeout -> d_step {
    DONE(ALBA, BORA);
    DONE(BORA, ALBA);
#if PAIRS > 2
    DONE(ALBA, MEDIATOR);
#endif
#if PAIRS > 3
    DONE(BORA, MEDIATOR);
#endif
  }
}

#define PAIR(author, reader) \
  run Author(author, reader); run Reader(author, reader); run Loss(author, reader)

init {
  atomic {
    run Voice(ALBA); run Voice(BORA);
    PAIR(ALBA, BORA); PAIR(BORA, ALBA);
#if PAIRS > 2
    PAIR(ALBA, MEDIATOR);
    run Crash(MEDIATOR);
#endif
#if PAIRS > 3
    PAIR(BORA, MEDIATOR);
#endif
    run Crash(ALBA); run Crash(BORA)
  }
}
