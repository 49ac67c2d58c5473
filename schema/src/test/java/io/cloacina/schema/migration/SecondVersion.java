package io.cloacina.schema.migration;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.Labeled;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.CronExecutions;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.tables.LimitUses;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.SchemaMigrations;
import io.cloacina.schema.tables.Signals;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.tables.WorkflowPackages;
import io.cloacina.schema.tables.WorkflowRegistry;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a second version of the schema may look like: each kind of change once. */
final class SecondVersion {
    private SecondVersion() {}

    /** A closed set that grew. */
    enum Mood implements Labeled {
        CALM,
        UPSET;

        @Override
        public String label() {
            return name();
        }
    }

    /** A table with a closed set and a check, to be there before the second version; others refer to it. */
    static class Notes extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final Column<UniversalUuid> contextId = column("context_id", UUID);
        final Column<Mood> mood = column("mood", enumText(Mood.class)).valuesAddedIn(2, Mood.UPSET);
        final Column<Integer> weight = column("weight", INTEGER);

        final ForeignKey<Contexts> context =
                references(contextId, Contexts::new, parent -> parent.id).onDelete(OnDelete.CASCADE);

        {
            index("context", contextId);
            check("light", weight.lt(10)).removedIn(2);
            check("weight", weight.ge(0)).addedIn(2);
        }

        Notes(Source source) {
            super("notes", source);
        }
    }

    /** Refers to notes, which the second version rebuilds. */
    static final class NoteLines extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final Column<UniversalUuid> noteId = column("note_id", UUID);

        final ForeignKey<Notes> note =
                references(noteId, Notes::new, parent -> parent.id).onDelete(OnDelete.CASCADE);

        NoteLines(Source source) {
            super("note_lines", source);
        }
    }

    /** A nullable column with a length check and one with a foreign key, and an index over it. */
    static final class LaterExecutions extends PipelineExecutions {
        final NullableColumn<String> label = nullable("label", text(20)).addedIn(2);
        final NullableColumn<UniversalUuid> submittedBy =
                nullable("submitted_by", UUID).addedIn(2);

        final ForeignKey<Runners> submitter = references(submittedBy, Runners::new, parent -> parent.id);

        {
            index("submitter", submittedBy).where(submittedBy.isNotNull()).addedIn(2);
        }

        LaterExecutions(Source source) {
            super(source);
        }
    }

    /** NOT NULL columns: a constant and an expression over the row; others refer to this table and it to others. */
    static final class LaterTasks extends TaskExecutions {
        final Column<Integer> weight = column("weight", INTEGER).addedIn(2);
        final Column<UniversalTimestamp> queuedAt =
                column("queued_at", TIMESTAMP).addedIn(2);

        {
            check("weight", weight.ge(1)).addedIn(2);
            index("queued", queuedAt.desc(), id).addedIn(2);
        }

        LaterTasks(Source source) {
            super(source);
        }
    }

    /** A table that comes with the second version. */
    static final class Labels extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final Column<UniversalUuid> executionId = column("execution_id", UUID);

        final ForeignKey<PipelineExecutions> execution =
                references(executionId, PipelineExecutions::new, parent -> parent.id);

        {
            tableAddedIn(2);
            index("execution", executionId);
        }

        Labels(Source source) {
            super("labels", source);
        }
    }

    static final Schema SCHEMA = Schema.of(
            SchemaMigrations::new,
            Contexts::new,
            Runners::new,
            LaterExecutions::new,
            LaterTasks::new,
            TaskExecutionMetadata::new,
            RecoveryEvents::new,
            Signals::new,
            LimitUses::new,
            WorkflowRegistry::new,
            WorkflowPackages::new,
            CronSchedules::new,
            CronExecutions::new,
            Notes::new,
            NoteLines::new,
            Labels::new);

    /** The first version as it is, with the two further tables. */
    static final Migration V1 = Migration.version(
            1,
            "first",
            Stream.of(
                            SchemaMigrations::new,
                            Contexts::new,
                            Runners::new,
                            LaterExecutions::new,
                            LaterTasks::new,
                            TaskExecutionMetadata::new,
                            RecoveryEvents::new,
                            Signals::new,
                            LimitUses::new,
                            WorkflowRegistry::new,
                            WorkflowPackages::new,
                            CronSchedules::new,
                            CronExecutions::new,
                            Notes::new,
                            (Function<Source, Table>) NoteLines::new)
                    .map(Step::create)
                    .toArray(Step[]::new));

    static final Migration V2 = Migration.version(
            2,
            "each kind of change",
            Step.alter(LaterExecutions::new),
            Step.alter(
                    LaterTasks::new,
                    t -> Backfill.constant(t.weight, 7),
                    t -> Backfill.expression(
                            t.queuedAt, "coalesce(started_at, created_at)", "coalesce(started_at, created_at)")),
            Step.alter(Notes::new),
            Step.create(Labels::new),
            Step.sql(
                    "UPDATE pipeline_executions SET label = 'old ' || pipeline_name",
                    "UPDATE pipeline_executions SET label = 'old ' || pipeline_name"));

    /** A second version whose last step fails on both. */
    static final Migration FAILING_V2 = Migration.version(
            2,
            "fails at its end",
            Step.alter(LaterExecutions::new),
            Step.alter(
                    LaterTasks::new,
                    t -> Backfill.constant(t.weight, 7),
                    t -> Backfill.expression(t.queuedAt, "created_at", "created_at")),
            Step.alter(Notes::new),
            Step.sql("UPDATE no_such_table SET a = 1", "UPDATE no_such_table SET a = 1"));
}
