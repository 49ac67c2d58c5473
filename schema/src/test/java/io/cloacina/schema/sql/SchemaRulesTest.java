package io.cloacina.schema.sql;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TEXT;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.TaskStatus;
import io.cloacina.schema.type.InvalidSchemaException;
import io.cloacina.schema.type.UniversalUuid;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Definitions that a schema refuses. */
class SchemaRulesTest {
    /** A table that is right, and the mistake that a test makes in it. */
    private static class Parents extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final Column<String> code = column("code", TEXT);

        Parents(Source source) {
            super("parents", source);
        }
    }

    private static final String TWO_CHECKS =
            "two constraints of table children are named children_positive_check: give a"
                    + " check(...) a name that neither another check nor an enum or a limited text among its columns has";

    private static final String TWO_INDEXES =
            "two tables or indexes are named children_some_idx: give one of the tables"
                    + " another name, or one of the indexes another purpose, index(PURPOSE, ...)";

    private static final class Children extends Table {
        final Column<UniversalUuid> parentId = column("parent_id", UUID);
        final NullableColumn<Integer> count = nullable("count", INTEGER);

        Children(Source source, Consumer<Children> mistake) {
            super("children", source);
            primaryKey("id", UUID);
            mistake.accept(this);
        }

        ForeignKey<Parents> parent() {
            return references(parentId, Parents::new, p -> p.id);
        }

        ForeignKey<Parents> parentByCode() {
            return references(column("parent_code", TEXT), Parents::new, p -> p.code);
        }

        Index indexOf(IndexPart... parts) {
            return index("some", parts);
        }

        Index uniqueOf(AnyColumn<?>... parts) {
            return unique(parts);
        }

        Check positive() {
            return check("positive", count.gt(0));
        }

        Column<Integer> added(String name) {
            return column(name, INTEGER);
        }

        Column<TaskStatus> state(String name) {
            return column(name, enumText(TaskStatus.class));
        }

        void added(int version) {
            tableAddedIn(version);
        }

        void anotherKey() {
            primaryKey("other_id", UUID);
        }
    }

    private static final class Named extends Table {
        Named(String name, Source source) {
            super(name, source);
            primaryKey("id", UUID);
        }
    }

    private static final class Keyless extends Table {
        Keyless(Source source) {
            super("keyless", source);
            column("id", UUID);
        }
    }

    private static Function<Source, Children> children(Consumer<Children> mistake) {
        return source -> new Children(source, mistake);
    }

    private static void refused(String because, Consumer<Children> mistake) {
        assertThatThrownBy(() -> Schema.of(Parents::new, children(mistake)))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessage(because);
    }

    private static void refusedName(String name, String because) {
        assertThatThrownBy(() -> Schema.of(source -> new Named(name, source)))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContaining(because);
    }

    @Test
    void names_are_lower_case_letters_digits_and_underscores() {
        for (String name : new String[] {"Tasks", "1task", "_task", "task-s", "tâche", "", "task s", "task;"}) {
            refusedName(name, "'" + name + "' is not a valid name on both backends: use a-z, 0-9 and _ only");
        }
        refused("'Count' is not a valid name on both backends: use a-z, 0-9 and _ only", c -> c.added("Count"));
    }

    @Test
    void names_have_at_most_63_bytes() {
        refusedName("t".repeat(64), "has 64 bytes; PostgreSQL cuts names after 63");
        refusedName("t".repeat(63), "has 71 bytes"); // with what its columns add
        refused(
                "'children_" + "c".repeat(50) + "_check' has 65 bytes; PostgreSQL cuts names after 63",
                c -> c.state("c".repeat(50)));
        assertThat(Schema.of(children(c -> c.state("c".repeat(48)))).tables()).hasSize(1);
    }

    @Test
    void a_column_is_declared_once() {
        refused("column children.count is declared twice", c -> c.added("count"));
    }

    @Test
    void a_table_is_declared_once() {
        assertThatThrownBy(() -> Schema.of(Parents::new, Parents::new)).hasMessage("table parents is declared twice");
    }

    @Test
    void constraints_of_a_table_differ_in_name() {
        refused(TWO_CHECKS, c -> {
            c.positive();
            c.positive();
        });
        refused(TWO_CHECKS, c -> {
            c.positive();
            c.state("positive");
        });
    }

    @Test
    void a_check_may_be_replaced_under_its_name() {
        assertThat(Schema.of(children(c -> {
                    c.positive().removedIn(2);
                    c.positive().addedIn(2);
                })))
                .isNotNull();
        refused(TWO_CHECKS, c -> {
            c.positive().removedIn(3);
            c.positive().addedIn(2);
        });
    }

    @Test
    void tables_and_indexes_differ_in_name_across_the_schema() {
        assertThatThrownBy(() ->
                        Schema.of(children(c -> c.indexOf(c.count)), source -> new Named("children_some_idx", source)))
                .hasMessage(TWO_INDEXES);
        refused(TWO_INDEXES, c -> {
            c.indexOf(c.count);
            c.indexOf(c.parentId);
        });
    }

    @Test
    void a_foreign_key_refers_to_a_primary_key() {
        refused("children_parent_code_fkey must refer to a primary key, not to parents.code", Children::parentByCode);
    }

    @Test
    void a_foreign_key_refers_to_a_table_that_is_declared_before() {
        assertThatThrownBy(() -> Schema.of(children(Children::parent), Parents::new))
                .hasMessage("table children refers to parents, which must be declared before it");
    }

    @Test
    void a_plain_column_cannot_become_null_with_its_parent() {
        refused(
                "children_parent_id_fkey sets a NOT NULL column to NULL",
                c -> c.parent().onDelete(OnDelete.SET_NULL));
    }

    @Test
    void a_table_has_one_primary_key() {
        refused("table children has two primary keys", Children::anotherKey);
        assertThatThrownBy(() -> Schema.of(Keyless::new)).hasMessage("table keyless has no primary key");
    }

    @Test
    void an_index_has_columns_of_its_table_each_once() {
        refused("index children_some_idx needs at least one column, and none of them twice", Children::indexOf);
        refused(
                "index children_count_count_key needs at least one column, and none of them twice",
                c -> c.uniqueOf(c.count, c.count));
        refused("column parents.code is not of table children", c -> c.indexOf(Schema.define(Parents::new).code));
        refused(
                "index children_some_idx names parents.code, which is not a column of children",
                c -> c.indexOf(c.count).where(Schema.define(Parents::new).code.eq("x")));
    }

    @Test
    void an_index_does_not_say_where_nulls_go() {
        refused(
                "index children_some_idx sets the order of nulls, which indexes of SQLite do not support; name the"
                        + " column alone",
                c -> c.indexOf(c.count.desc(Nulls.LAST)));
    }

    @Test
    void nothing_is_older_than_what_it_names() {
        refused(
                "index children_some_idx is of version 1, but children.late comes only in version 2",
                c -> c.indexOf(c.added("late").addedIn(2)));
        refused(
                "index children_some_idx is of version 2, but children.late comes only in version 3",
                c -> c.indexOf(c.count)
                        .addedIn(2)
                        .where(c.added("late").addedIn(3).eq(1)));
        assertThatThrownBy(() -> Schema.of(
                        source -> new Parents(source) {
                            {
                                tableAddedIn(2);
                            }
                        },
                        children(Children::parent)))
                .hasMessage("children_parent_id_fkey is of version 1, but parents comes only in version 2");
    }

    @Test
    void what_comes_with_a_later_table_says_no_version_of_its_own() {
        refused("children.late is declared for version 2, but its table for version 2", c -> {
            c.added(2);
            c.added("late").addedIn(2);
        });
    }

    @Test
    void a_version_that_is_said_is_two_or_more() {
        refused("a later version must be 2 or more, not 1", c -> c.added("late").addedIn(1));
    }

    @Test
    void a_check_is_removed_after_it_is_added() {
        refused(
                "check children_positive_check is removed before it is added",
                c -> c.positive().addedIn(3).removedIn(2));
    }
}
