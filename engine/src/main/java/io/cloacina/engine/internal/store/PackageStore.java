package io.cloacina.engine.internal.store;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.StorageType;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.WorkflowPackages;
import io.cloacina.schema.tables.WorkflowRegistry;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The statements over packages. */
public final class PackageStore {
    public static final Statements STATEMENTS = new Statements("packages");

    private static final Logger LOG = LoggerFactory.getLogger(PackageStore.class);

    /** A package without its bytes; {@code metadata} and {@code workflows} are JSON. */
    public record Header(
            UniversalUuid id,
            UniversalUuid registry,
            String name,
            String version,
            @Nullable String description,
            @Nullable String author,
            String metadata,
            StorageType storage,
            String hash,
            int size,
            @Nullable String signature,
            @Nullable String workflows,
            UniversalTimestamp createdAt,
            UniversalTimestamp updatedAt,
            @Nullable UniversalTimestamp deletedAt) {
        public boolean isDeleted() {
            return deletedAt != null;
        }

        /** The names and versions of its workflows, none before it was first loaded; empty if they cannot be read. */
        public Optional<List<Version>> versions() {
            if (workflows == null) {
                return Optional.of(List.of());
            }
            try {
                return Optional.of(JsonContext.pairs(workflows).stream()
                        .map(pair -> new Version(pair.getKey(), pair.getValue()))
                        .toList());
            } catch (CloacinaException e) {
                LOG.warn("the workflows of {} cannot be read: {}", what(), e.getMessage());
                return Optional.empty();
            }
        }

        /** How messages name the package. */
        public String what() {
            return "package '" + name + "' version " + version;
        }
    }

    private static Header header(Row row, WorkflowPackages p) {
        return new Header(
                row.get(p.id),
                row.get(p.registryId),
                row.get(p.packageName),
                row.get(p.version),
                row.orNull(p.description),
                row.orNull(p.author),
                row.get(p.metadata),
                row.get(p.storageType),
                row.get(p.contentHash),
                row.get(p.contentSize),
                row.orNull(p.signature),
                row.orNull(p.workflows),
                row.get(p.createdAt),
                row.get(p.updatedAt),
                row.orNull(p.deletedAt));
    }

    public static final Select<NoArgument, Header> ALL = STATEMENTS.select("all", q -> {
        var p = q.from(WorkflowPackages::new);
        q.orderBy(p.createdAt.asc(), p.id.asc());
        return row -> header(row, p);
    });

    public record Version(String name, String version) {}

    public static final Select<Version, Header> FIND = STATEMENTS.select("find", q -> {
        var p = q.from(WorkflowPackages::new);
        q.where(p.packageName.eq(q.arg(Version::name)), p.version.eq(q.arg(Version::version)));
        return row -> header(row, p);
    });

    public static final Select<UniversalUuid, Header> BY_ID = STATEMENTS.select("by-id", q -> {
        var p = q.from(WorkflowPackages::new);
        q.where(p.id.eq(q.arg()));
        return row -> header(row, p);
    });

    /** The package, if executions may be submitted with its workflows: it is not deleted. */
    public static final Select<UniversalUuid, UniversalUuid> SERVING = STATEMENTS.select("serving", q -> {
        var p = q.from(WorkflowPackages::new);
        q.where(p.id.eq(q.arg()), p.deletedAt.isNull());
        return row -> row.get(p.id);
    });

    public static final Select<UniversalUuid, UniversalBinary> BYTES = STATEMENTS.select("bytes", q -> {
        var r = q.from(WorkflowRegistry::new);
        q.where(r.id.eq(q.arg()));
        return row -> row.get(r.data);
    });

    public record NewBytes(UniversalUuid id, UniversalBinary data, UniversalTimestamp at) {}

    public static final Command<NewBytes> INSERT_BYTES = STATEMENTS.insert("insert-bytes", i -> {
        var r = i.into(WorkflowRegistry::new);
        i.set(r.id, i.arg(NewBytes::id));
        i.set(r.createdAt, i.arg(NewBytes::at));
        i.set(r.data, i.arg(NewBytes::data));
    });

    /** Replaces bytes that were damaged. */
    public static final Command<NewBytes> RESTORE_BYTES = STATEMENTS.update("restore-bytes", u -> {
        var r = u.table(WorkflowRegistry::new);
        u.set(r.data, u.arg(NewBytes::data));
        u.where(r.id.eq(u.arg(NewBytes::id)));
    });

    public static final Command<Header> INSERT = STATEMENTS.insert("insert", i -> {
        var p = i.into(WorkflowPackages::new);
        i.set(p.id, i.arg(Header::id));
        i.set(p.registryId, i.arg(Header::registry));
        i.set(p.packageName, i.arg(Header::name));
        i.set(p.version, i.arg(Header::version));
        i.set(p.description, i.argOrNull(Header::description));
        i.set(p.author, i.argOrNull(Header::author));
        i.set(p.metadata, i.arg(Header::metadata));
        i.set(p.storageType, i.arg(Header::storage));
        i.set(p.contentHash, i.arg(Header::hash));
        i.set(p.contentSize, i.arg(Header::size));
        i.set(p.signature, i.argOrNull(Header::signature));
        i.set(p.createdAt, i.arg(Header::createdAt));
        i.set(p.updatedAt, i.arg(Header::updatedAt));
    });

    /**
     * A further upload of a package.
     *
     * @param signature the signature to store; null for none
     */
    public record Again(UniversalUuid id, @Nullable String signature, UniversalTimestamp at) {}

    public static final Command<Again> SERVE_AGAIN = STATEMENTS.update("serve-again", u -> {
        var p = u.table(WorkflowPackages::new);
        u.set(p.signature, u.argOrNull(Again::signature));
        u.setNull(p.deletedAt);
        u.set(p.updatedAt, u.arg(Again::at));
        u.where(p.id.eq(u.arg(Again::id)));
    });

    public record Deleted(UniversalUuid id, UniversalTimestamp at) {}

    public static final Command<Deleted> DELETE = STATEMENTS.update("delete", u -> {
        var p = u.table(WorkflowPackages::new);
        u.set(p.deletedAt, u.arg(Deleted::at));
        u.where(p.id.eq(u.arg(Deleted::id)), p.deletedAt.isNull());
    });

    /** Removes a deleted package, unless it was uploaded again since it was read. */
    public static final Command<Header> REMOVE = STATEMENTS.delete("remove", d -> {
        var p = d.from(WorkflowPackages::new);
        d.where(
                p.id.eq(d.arg(Header::id)),
                p.deletedAt.eq(d.arg(header -> Objects.requireNonNull(header.deletedAt()))));
    });

    /** Removes a package that was never loaded. */
    public static final Command<Header> REMOVE_UNUSED = STATEMENTS.delete("remove-unused", d -> {
        var p = d.from(WorkflowPackages::new);
        d.where(p.id.eq(d.arg(Header::id)), p.workflows.isNull());
    });

    private static final Command<UniversalUuid> REMOVE_BYTES = STATEMENTS.delete("remove-bytes", d -> {
        var r = d.from(WorkflowRegistry::new);
        d.where(r.id.eq(d.arg()));
    });

    /** Removes a package by one of the two commands, and its bytes with it; false if the command does not remove it. */
    public static boolean remove(WriteTransaction transaction, Command<Header> command, Header stored) {
        boolean isRemoved = transaction.run(command, stored) == 1;
        if (isRemoved) {
            transaction.run(REMOVE_BYTES, stored.registry());
        }
        return isRemoved;
    }

    /** The workflows that the first runner that loads a package finds in it, as JSON. */
    public record Found(UniversalUuid id, String workflows) {}

    public static final Command<Found> SAY_WORKFLOWS = STATEMENTS.update("say-workflows", u -> {
        var p = u.table(WorkflowPackages::new);
        u.set(p.workflows, u.arg(Found::workflows));
        u.where(p.id.eq(u.arg(Found::id)), p.workflows.isNull());
    });

    /** An unfinished execution of a workflow in a version. */
    public static final Select<Version, UniversalUuid> UNFINISHED = STATEMENTS.select("unfinished", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(
                e.pipelineName.eq(q.arg(Version::name)),
                e.pipelineVersion.eq(q.arg(Version::version)),
                Conditions.unfinished(e));
        q.orderBy(e.id.asc());
        q.limit(1);
        return row -> row.get(e.id);
    });

    private PackageStore() {}
}
