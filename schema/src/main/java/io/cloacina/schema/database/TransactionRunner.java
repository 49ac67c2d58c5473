package io.cloacina.schema.database;

import io.cloacina.schema.database.Gate.Purpose;
import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.Select;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs transactions of a database, each in the thread that calls. Thread safe. */
final class TransactionRunner {
    private final Gate gate;
    private final Sessions sessions;
    private final Definitions definitions;

    TransactionRunner(Gate gate, Sessions sessions, Definitions definitions) {
        this.gate = gate;
        this.sessions = sessions;
        this.definitions = definitions;
    }

    /** Begins a transaction on a session. */
    interface Beginning<T extends ReadTransaction> {
        T begin(Session session);
    }

    /** Takes a session, begins a transaction, does the work, and commits or rolls back. */
    <T extends ReadTransaction, R> R inTransaction(
            Purpose purpose,
            Function<Sessions, Session> lender,
            Beginning<T> beginning,
            Consumer<Session> commit,
            Consumer<Session> rollback,
            Function<T, R> work) {
        ArgumentChecks.given("the work", work);
        gate.enter(purpose);
        Session session = null;
        try {
            session = lender.apply(sessions);
            session.useFor(definitions);
            T transaction = beginning.begin(session);
            session.usedBy(transaction);
            boolean committed = false;
            try {
                R result = work.apply(transaction);
                transaction.requireNoFailure();
                session.requireWhole();
                session.lender().takeBack(session, null);
                commit.accept(session);
                committed = true;
                return result;
            } finally {
                transaction.end();
                if (!committed) {
                    rollback.accept(session);
                }
            }
        } finally {
            leave(purpose, session);
        }
    }

    interface Reading<P, R, T> {
        T read(Session session, Select<P, R> select, P argument);
    }

    /** Runs one select without a transaction, which it does not need for a single snapshot. */
    <P, R, T> T readOne(Reading<P, R, T> reading, Select<P, R> select, P argument) {
        ArgumentChecks.given("the statement", select);
        gate.enter(Purpose.READING);
        Session session = null;
        try {
            session = sessions.reader();
            session.useFor(definitions);
            return reading.read(session, select, argument);
        } finally {
            leave(Purpose.READING, session);
        }
    }

    private void leave(Purpose purpose, @Nullable Session session) {
        try {
            if (session instanceof JoinedSession joined) {
                joined.close();
            } else if (session != null) {
                sessions.giveBack(session);
            }
        } finally {
            gate.leave(purpose);
        }
    }
}
