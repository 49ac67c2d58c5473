package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class DemoIT {
    @TempDir
    private Path home;

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolder() throws IOException {
        folder = home.resolve("my_files");
        write("src/Main.java", "class Main {\n}\n");
        write("src/copy/Main.java", "class Main {\n}\n");
        write("notes.md", "# Notes\n\nnone");
        write("image.png", "\u0000PNG and so on");
        write("target/Main.class", "left out");
        write(".git/config", "left out");
    }

    private void write(String path, String content) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** What differs from run to run, made equal. */
    private static String withoutTimes(String text) {
        return text.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID")
                .replaceAll("version [0-9a-f]{16}", "version VERSION")
                .replaceAll("\\d+\\.\\d\\d? s", "TIME");
    }

    @Test
    void writes_a_report_on_the_folder() throws IOException {
        CloacinaProcess.Finished finished = CloacinaProcess.run(home, "demo", "my_files");

        assertThat(finished.err()).isEmpty();
        assertThat(finished.exitCode()).isZero();
        assertThat(withoutTimes(Files.readString(home.resolve("cloacina-report.md"))))
                .isEqualTo("""
                # Report on REAL

                4 files, 57 B, 7 lines of text.

                ## Languages

                | Language | Files | Lines | Size | Share of lines |
                | --- | ---: | ---: | ---: | ---: |
                | Java | 2 | 4 | 30 B | 57.1 % |
                | Markdown | 1 | 3 | 13 B | 42.9 % |
                | (binary) | 1 | 0 | 14 B | 0.0 % |

                ## Largest files

                | Size | File |
                | ---: | --- |
                | 15 B | `src/Main.java` |
                | 15 B | `src/copy/Main.java` |
                | 14 B | `image.png` |
                | 13 B | `notes.md` |

                ## Duplicates

                2 files in 1 group of the same content: 15 B wasted.

                | Wasted | Copies | File |
                | ---: | ---: | --- |
                | 15 B | 2 | `src/Main.java` |
                |  |  | `src/copy/Main.java` |

                ## How it was made

                Execution ID of workflow folder-report, version VERSION:

                ```text
                  ●        scan       Completed   TIME
                  ●─┬─┬─┐  read       Completed   TIME      4 of 4 elements done
                  ●─│─│─┤  languages  Completed   TIME
                    ●─│─┤  largest    Completed   TIME
                      ●─┤  copies     Completed   TIME
                        ●  summary    Completed   TIME
                ```
                """.replace("REAL", folder.toRealPath().toString().replace("_", "\\_")));
    }

    @Test
    void shows_the_tasks_the_report_and_what_to_try_without_control_sequences() {
        CloacinaProcess.Finished finished = CloacinaProcess.run(home, "demo", "my_files", "--report", "r.md");

        assertThat(finished.out())
                .noneMatch(line -> line.contains("\u001b"))
                .anyMatch(line -> line.matches(" {2}state +sqlite:cloacina-demo.db"))
                .anyMatch(line -> line.matches("new execution \\S+: 6 tasks"))
                .anyMatch(line -> line.matches(" {2}read +done in \\S+ s +4 of 4 elements done"))
                .contains("  Java          2      4  30 B          57.1 %")
                .anyMatch(line -> line.matches("Finished in .* s; the report is in r.md\\."))
                .contains("    ./cloacina demo my_files --report r.md --pause 1000")
                .allMatch(line -> line.length() <= 80);
        assertThat(finished.out().stream().filter(line -> line.contains(" done in ")))
                .hasSize(6);
    }

    @Test
    void its_own_files_are_not_reported_on_and_a_second_run_is_a_new_execution_with_the_same_report()
            throws IOException {
        CloacinaProcess.Finished first = CloacinaProcess.run(folder, "demo");
        String report = withoutTimes(Files.readString(folder.resolve("cloacina-report.md")));
        CloacinaProcess.Finished second = CloacinaProcess.run(folder, "demo");

        assertThat(first.exitCode()).isZero();
        assertThat(second.exitCode()).isZero();
        assertThat(report).contains("4 files, 57 B");
        assertThat(withoutTimes(Files.readString(folder.resolve("cloacina-report.md"))))
                .isEqualTo(report);
        assertThat(second.out()).anyMatch(line -> line.startsWith("new execution "));
    }

    @Test
    void an_empty_folder_has_a_report_too() throws IOException {
        Files.createDirectory(home.resolve("empty"));

        CloacinaProcess.Finished finished = CloacinaProcess.run(home, "demo", "empty");

        assertThat(finished.exitCode()).isZero();
        assertThat(finished.out()).contains("  0 files, 0 B, 0 lines of text.");
    }

    @Test
    void a_failed_task_is_named_with_its_reason() throws IOException {
        Path doomed = Files.createDirectory(home.resolve("doomed"));
        String path = doomed.toRealPath().toString();
        CloacinaProcess process = CloacinaProcess.start(home, "demo", "doomed", "--pause", "1500");
        process.awaitLines(1, line -> line.matches(" {2}scan +started"));
        Files.delete(doomed);

        CloacinaProcess.Finished finished = process.finish();

        assertThat(finished.exitCode()).isEqualTo(1);
        assertThat(finished.out()).anyMatch(line -> line.matches(" {2}scan +failed in .*"));
        assertThat(Files.readString(home.resolve("cloacina-report.md")))
                .contains("Task scan failed: the folder " + path + " cannot be read: no longer there")
                .contains("Not run because of that: read, languages, largest, copies, summary.");
    }
}
