package io.cloacina.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each example prints what it should. */
@Timeout(60)
class ExamplesTest {
    @TempDir
    Path folder;

    private List<String> printed(Printed.Program program, String... further) throws Exception {
        String[] arguments = new String[further.length + 1];
        arguments[0] = "sqlite:" + folder.resolve("example.db");
        System.arraycopy(further, 0, arguments, 1, further.length);
        return Printed.by(program, arguments);
    }

    @Test
    void weather_reads_sums_up_and_reports() throws Exception {
        Path csv = Files.writeString(
                folder.resolve("days.csv"),
                "day,rain,highest\n2026-07-01,0.5,21.5\n2026-07-02,2.0,24\n2026-07-03,0,19\n");
        assertThat(printed(Weather::main, csv.toString()))
                .containsExactly("Completed", "3 days, 2.5 mm of rain, the hottest day was 2026-07-02");
    }

    @Test
    void expenses_wait_for_an_answer_and_not_for_ever() throws Exception {
        assertThat(printed(Expenses::main))
                .containsExactly(
                        "approved by Grace", "refused by Grace: too much", "closed without an answer", "Failed");
    }

    @Test
    void word_count_counts_each_file_and_says_which_it_cannot_read() throws Exception {
        Path texts = Files.createDirectory(folder.resolve("texts"));
        for (int i = 1; i <= 9; i++) {
            Files.writeString(texts.resolve("text" + i + ".txt"), "one two three\nfour");
        }
        Files.write(texts.resolve("picture.png"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThat(printed(WordCount::main, texts.toString()))
                .containsExactly("36 words in 9 files; 1 could not be read");
    }

    @Test
    void a_crawler_keeps_to_its_limits() throws Exception {
        assertThat(printed(Crawler::main))
                .hasSize(2)
                .anyMatch(line -> line.matches("at most [12] at once from a site"))
                .contains("took its time");
    }
}
