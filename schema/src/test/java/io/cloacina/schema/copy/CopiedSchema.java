package io.cloacina.schema.copy;

import static io.cloacina.schema.type.DataType.BIGINT;
import static io.cloacina.schema.type.DataType.BINARY;
import static io.cloacina.schema.type.DataType.BOOL;
import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.JSON;
import static io.cloacina.schema.type.DataType.TEXT;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.TaskStatus;
import io.cloacina.schema.migration.Migration;
import io.cloacina.schema.migration.Migrations;
import io.cloacina.schema.migration.Step;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables that are hard to copy: every type, keys of several types, rows that refer to later rows of their own table. */
final class CopiedSchema {
    static final Schema SCHEMA = Schema.of(Words::new, Samples::new, Nodes::new, Leaves::new);

    static final Migrations MIGRATIONS = Migrations.of(
            "copied_migrations",
            Migration.version(
                    1,
                    "first",
                    () -> List.of(
                            Step.create(Words::new),
                            Step.create(Samples::new),
                            Step.create(Nodes::new),
                            Step.create(Leaves::new))));

    static final Statements STATEMENTS = new Statements("copied");

    static final Command<String> WORD = STATEMENTS.insert("word", i -> {
        var w = i.into(Words::new);
        i.set(w.word, i.arg());
    });

    static final Command<Sample> SAMPLE = STATEMENTS.insert("sample", i -> {
        var s = i.into(Samples::new);
        i.set(s.n, i.arg(Sample::n));
        i.set(s.text, i.argOrNull(Sample::text));
        i.set(s.json, i.argOrNull(Sample::text));
        i.set(s.instant, i.argOrNull(Sample::instant));
        i.set(s.uuid, i.argOrNull(Sample::uuid));
        i.set(s.bool, i.argOrNull(Sample::bool));
        i.set(s.binary, i.argOrNull(Sample::binary));
        i.set(s.integer, i.argOrNull(Sample::integer));
        i.set(s.bigint, i.argOrNull(Sample::bigint));
        i.set(s.status, i.argOrNull(Sample::status));
    });

    static final Command<Node> NODE = STATEMENTS.insert("node", i -> {
        var n = i.into(Nodes::new);
        i.set(n.id, i.arg(Node::id));
        i.set(n.parentId, i.argOrNull(Node::parent));
    });

    static final Command<Node> ADOPT = STATEMENTS.update("adopt", u -> {
        var n = u.table(Nodes::new);
        u.set(n.parentId, u.argOrNull(Node::parent));
        u.where(n.id.eq(u.arg(Node::id)));
    });

    static final Command<Node> LEAF = STATEMENTS.insert("leaf", i -> {
        var l = i.into(Leaves::new);
        i.set(l.id, i.arg(Node::id));
        i.set(l.nodeId, i.argOrNull(Node::parent));
    });

    private CopiedSchema() {}

    record Sample(
            int n,
            @Nullable String text,
            @Nullable UniversalTimestamp instant,
            @Nullable UniversalUuid uuid,
            @Nullable UniversalBool bool,
            @Nullable UniversalBinary binary,
            @Nullable Integer integer,
            @Nullable Long bigint,
            @Nullable TaskStatus status) {}

    record Node(UniversalUuid id, @Nullable UniversalUuid parent) {}

    static final class Words extends Table {
        final Column<String> word = primaryKey("word", text(20));

        Words(Source source) {
            super("copied_words", source);
        }
    }

    static final class Samples extends Table {
        final Column<Integer> n = primaryKey("n", INTEGER);
        final NullableColumn<String> text = nullable("text_value", TEXT);
        final NullableColumn<String> json = nullable("json_value", JSON);
        final NullableColumn<UniversalTimestamp> instant = nullable("instant_value", TIMESTAMP);
        final NullableColumn<UniversalUuid> uuid = nullable("uuid_value", UUID);
        final NullableColumn<UniversalBool> bool = nullable("bool_value", BOOL);
        final NullableColumn<UniversalBinary> binary = nullable("binary_value", BINARY);
        final NullableColumn<Integer> integer = nullable("integer_value", INTEGER);
        final NullableColumn<Long> bigint = nullable("bigint_value", BIGINT);
        final NullableColumn<TaskStatus> status = nullable("status_value", enumText(TaskStatus.class));

        Samples(Source source) {
            super("copied_samples", source);
        }
    }

    static final class Nodes extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final NullableColumn<UniversalUuid> parentId = nullable("parent_id", UUID);
        final ForeignKey<Nodes> parent =
                references(parentId, Nodes::new, node -> node.id).onDelete(OnDelete.CASCADE);

        Nodes(Source source) {
            super("copied_nodes", source);
        }
    }

    static final class Leaves extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final NullableColumn<UniversalUuid> nodeId = nullable("node_id", UUID);
        final ForeignKey<Nodes> node = references(nodeId, Nodes::new, parent -> parent.id);

        Leaves(Source source) {
            super("copied_leaves", source);
        }
    }
}
