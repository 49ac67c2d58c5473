package io.cloacina.engine.internal.store;

import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Outer;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.WorkflowDefinitions;
import io.cloacina.schema.tables.WorkflowPackages;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** The statements over the definitions of workflows. */
public final class DefinitionStore {
    public static final Statements STATEMENTS = new Statements("definitions");

    public record Version(String workflow, String version) {}

    /**
     * A definition without its text.
     *
     * @param fromPackage the package that it came with; null if a program was built with it
     * @param packageLabel the name and version of that package
     */
    public record Header(
            UniversalUuid id,
            String workflow,
            String version,
            @Nullable UniversalUuid fromPackage,
            @Nullable String packageLabel,
            boolean isDeleted,
            UniversalTimestamp createdAt,
            UniversalTimestamp updatedAt) {}

    private static Header header(Row row, WorkflowDefinitions d, Outer<WorkflowPackages> p) {
        return new Header(
                row.get(d.id),
                row.get(d.workflowName),
                row.get(d.version),
                row.orNull(d.packageId),
                row.orNull(p, DefinitionStore::label),
                Boolean.TRUE.equals(row.orNull(p, (joined, its) -> joined.orNull(its.deletedAt) != null)),
                row.get(d.createdAt),
                row.get(d.updatedAt));
    }

    /** The versions of a workflow, newest first. */
    public static final Select<String, Header> VERSIONS = STATEMENTS.select("versions", q -> {
        var d = q.from(WorkflowDefinitions::new);
        q.where(d.workflowName.eq(q.arg()));
        q.orderBy(d.createdAt.desc(), d.id.desc());
        var p = q.leftJoin(d.fromPackage);
        return row -> header(row, d, p);
    });

    /** The versions of all workflows, by name, newest first. */
    public static final Select<NoArgument, Header> ALL = STATEMENTS.select("all", q -> {
        var d = q.from(WorkflowDefinitions::new);
        q.orderBy(d.workflowName.asc(), d.createdAt.desc(), d.id.desc());
        var p = q.leftJoin(d.fromPackage);
        return row -> header(row, d, p);
    });

    /** A definition as it is stored, as JSON. */
    public record Stored(
            UniversalUuid id, String json, @Nullable UniversalUuid fromPackage, UniversalTimestamp updatedAt) {}

    public static final Select<Version, Stored> FIND = STATEMENTS.select("find", q -> {
        var d = q.from(WorkflowDefinitions::new);
        q.where(d.workflowName.eq(q.arg(Version::workflow)), d.version.eq(q.arg(Version::version)));
        return row -> new Stored(row.get(d.id), row.get(d.definition), row.orNull(d.packageId), row.get(d.updatedAt));
    });

    public record New(
            UniversalUuid id,
            String workflow,
            String version,
            String json,
            @Nullable UniversalUuid fromPackage,
            UniversalTimestamp at) {}

    public static final Command<New> INSERT = STATEMENTS.insert("insert", i -> {
        var d = i.into(WorkflowDefinitions::new);
        i.set(d.id, i.arg(New::id));
        i.set(d.workflowName, i.arg(New::workflow));
        i.set(d.version, i.arg(New::version));
        i.set(d.definition, i.arg(New::json));
        i.set(d.packageId, i.argOrNull(New::fromPackage));
        i.set(d.createdAt, i.arg(New::at));
        i.set(d.updatedAt, i.arg(New::at));
    });

    /** Replaces the definition that another program or package has stored under the same version. */
    public static final Command<New> REPLACE = STATEMENTS.update("replace", u -> {
        var d = u.table(WorkflowDefinitions::new);
        u.set(d.definition, u.arg(New::json));
        u.set(d.packageId, u.argOrNull(New::fromPackage));
        u.set(d.updatedAt, u.arg(New::at));
        u.where(d.id.eq(u.arg(New::id)));
    });

    public record At(UniversalUuid id, UniversalTimestamp at) {}

    /**
     * Stores that a runner with the definition has started: from then on its age counts. Does nothing if it is removed.
     */
    public static final Command<At> TOUCH = STATEMENTS.update("touch", u -> {
        var d = u.table(WorkflowDefinitions::new);
        u.set(d.updatedAt, u.arg(At::at));
        u.where(d.id.eq(u.arg(At::id)));
    });

    /** Locks a definition without changing it, if no runner that has it has started since a time. */
    public static final Command<At> LOCK_OLD = STATEMENTS.update("lock-old", u -> {
        var d = u.table(WorkflowDefinitions::new);
        u.set(d.updatedAt, d.updatedAt);
        u.where(d.id.eq(u.arg(At::id)), d.updatedAt.lt(u.arg(At::at)));
    });

    public static final Command<UniversalUuid> REMOVE = STATEMENTS.delete("remove", d -> {
        var its = d.from(WorkflowDefinitions::new);
        d.where(its.id.eq(d.arg()));
    });

    /** When the newest execution of a version was submitted. Executions are read from the youngest one on. */
    public static final Select<Version, UniversalTimestamp> LAST_USE = STATEMENTS.select("last-use", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.pipelineName.eq(q.arg(Version::workflow)), e.pipelineVersion.eq(q.arg(Version::version)));
        q.orderBy(e.id.desc());
        q.limit(1);
        return row -> row.get(e.createdAt);
    });

    private DefinitionStore() {}

    private static String label(Row row, WorkflowPackages its) {
        return row.get(its.packageName) + "@" + row.get(its.version);
    }
}
