package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTextTest {
    private static Table table() {
        return new Table(Table.text("Workflow"), Table.state("Status"), Table.number("Took"), Table.text("Error"))
                .row("invoice", "Completed", "1.20 s", "")
                .row("a-name-that-is-very-long", "Failed", "0.20 s", "no such order: 42");
    }

    @Test
    void columns_are_aligned_and_no_line_ends_with_spaces() {
        assertThat(TableText.of(table(), new Style(false), "", 100))
                .containsExactly(
                        "Workflow                  Status       Took  Error",
                        "invoice                   Completed  1.20 s",
                        "a-name-that-is-very-long  Failed     0.20 s  no such order: 42");
    }

    @Test
    void texts_give_way_from_the_right_and_states_do_not() {
        assertThat(TableText.of(table(), new Style(false), "", 48))
                .containsExactly(
                        "Workflow           Status       Took  Error",
                        "invoice            Completed  1.20 s",
                        "a-name-that-is...  Failed     0.20 s  no such...");
        assertThat(TableText.of(table(), new Style(false), "", 30))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(33));
    }

    @Test
    void states_are_coloured() {
        assertThat(TableText.of(table(), new Style(true), "", 100).get(1))
                .isEqualTo("invoice                   \u001b[32mCompleted\u001b[0m  1.20 s");
    }

    @Test
    void notes_stand_below_their_rows_where_not_all_fits_and_nothing_of_them_is_cut() {
        Table table = new Table(Table.text("Workflow"), Table.state("Status"), Table.note("Why"))
                .row("invoice", "Completed", "")
                .row("order", "Failed", "charge: the bank refused card 41117, because its limit is exceeded");

        assertThat(TableText.of(table, new Style(false), "", 100))
                .containsExactly(
                        "Workflow  Status     Why",
                        "invoice   Completed",
                        "order     Failed     charge: the bank refused card 41117, because its limit is exceeded");
        assertThat(TableText.of(table, new Style(false), "  ", 40))
                .containsExactly(
                        "  Workflow  Status",
                        "  invoice   Completed",
                        "  order     Failed",
                        "      charge: the bank refused card",
                        "        41117, because its limit is",
                        "        exceeded");
    }

    @Test
    void a_column_of_notes_is_left_out_when_no_row_has_one() {
        Table table = new Table(Table.text("Workflow"), Table.state("Status"), Table.note("Why"))
                .row("invoice", "Completed", "");

        for (int width : new int[] {40, 10}) {
            assertThat(TableText.of(table, new Style(false), "", width).get(0)).matches("W.*  Status");
        }
    }

    @Test
    void names_give_way_first_the_longest_of_them_and_times_ids_and_states_never() {
        Table table = new Table(
                        Table.name("Name"),
                        Table.whole("Next (America/Argentina/Buenos_Aires)"),
                        Table.text("Cron"),
                        Table.name("Workflow"))
                .row(
                        "a-schedule-with-a-name-that-is-rather-long",
                        "2026-11-30 02:00:00",
                        "0 2 * * *",
                        "nightly-report");

        assertThat(TableText.of(table, new Style(false), "", 72))
                .containsExactly(
                        "Name                      Next (America/Ar...  Cron       Workflow",
                        "a-schedule-with-a-nam...  2026-11-30 02:00:00  0 2 * * *  nightly-report");
        assertThat(TableText.of(table, new Style(false), "", 40).get(1))
                .contains("2026-11-30 02:00:00")
                .hasSize(40);
    }
}
