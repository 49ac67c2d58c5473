package io.cloacina.schema.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Index;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SchemaReferenceTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "schema.md");

    @Test
    void the_document_is_what_the_definition_says() throws IOException {
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(DOCUMENT, SchemaReference.markdown());
        }

        assertThat(Files.readString(DOCUMENT))
                .as(
                        "docs/schema.md; write it anew with: mvn -pl schema test -Dtest=SchemaReferenceTest -Dupdate.docs=true"
                                + " (or ./cloacina schema tables --markdown > docs/schema.md)")
                .isEqualTo(SchemaReference.markdown());
    }

    @Test
    void both_texts_name_every_table_column_index_and_constraint() {
        for (String reference : new String[] {SchemaReference.text(), SchemaReference.markdown()}) {
            for (Table table : CloacinaSchema.SCHEMA.tables()) {
                assertThat(reference).contains(table.tableName(), table.description());
                assertThat(table.columns())
                        .extracting(AnyColumn::name)
                        .allSatisfy(name -> assertThat(reference).contains(name));
                assertThat(table.indexes())
                        .extracting(Index::name)
                        .allSatisfy(name -> assertThat(reference).contains(name));
            }
        }
    }

    @Test
    void every_table_says_what_it_is_and_every_partial_index_why() {
        for (Table table : CloacinaSchema.SCHEMA.tables()) {
            assertThat(table.description()).as(table.tableName()).endsWith(".");
            assertThat(table.indexes())
                    .filteredOn(index -> index.predicate().isPresent())
                    .allSatisfy(index ->
                            assertThat(index.description()).as(index.name()).endsWith("."));
        }
    }

    @Test
    void the_text_fits_a_terminal() {
        assertThat(SchemaReference.text().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }
}
