package io.cloacina.engine.internal.store;

import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** The statements over the successors of executions. */
public final class ContinuationStore {
    public static final Statements STATEMENTS = new Statements("continuations");

    /** The successor that a task asks for, as JSON. */
    public record Asked(UniversalUuid execution, String continuation, UniversalTimestamp at) {}

    /** Stores the successor that a task asks for; the last one counts. */
    public static final Command<Asked> ASK = STATEMENTS.update("ask", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.continuation, u.arg(Asked::continuation));
        u.set(e.updatedAt, u.arg(Asked::at));
        u.where(e.id.eq(u.arg(Asked::execution)));
    });

    public record Link(UniversalUuid from, UniversalUuid successor) {}

    public static final Command<Link> CONTINUED_AS = STATEMENTS.update("continued-as", u -> {
        var e = u.table(PipelineExecutions::new);
        u.setNull(e.continuation);
        u.set(e.continuedAs, u.arg(Link::successor));
        u.where(e.id.eq(u.arg(Link::from)));
    });

    public static final Command<Link> CONTINUED_FROM = STATEMENTS.update("continued-from", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.continuedFrom, u.arg(Link::from));
        u.where(e.id.eq(u.arg(Link::successor)));
    });

    private ContinuationStore() {}
}
