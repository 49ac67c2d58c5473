package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.host.ProcessIdentity;
import io.cloacina.engine.internal.host.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of other processes, as told by a folder like that of Linux. */
@EnabledOnOs(OS.LINUX)
class OtherProcessesTest {
    private static final long OWN = 4_711;
    private static final long OTHER = 815;

    @TempDir
    private Path folder;

    @BeforeEach
    void there_are_three_processes() throws IOException {
        Files.createDirectories(folder.resolve("sys/kernel/random"));
        Files.writeString(folder.resolve("sys/kernel/random/boot_id"), "00000000-0000-4000-8000-000000000001\n");
        Files.createSymbolicLink(folder.resolve("self"), Path.of(String.valueOf(OWN)));
        began(1, "init", "5");
        began(OWN, "java", "1000");
        began(OTHER, "java", "2000");
        nameSpaces("4026531836", "4026531834");
    }

    private void began(long pid, String name, String ticks) throws IOException {
        Path its = Files.createDirectories(folder.resolve(String.valueOf(pid)));
        String line = pid + " (" + name + ") S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 33 0 " + ticks + " 99 100 101";
        Files.write(its.resolve("stat"), line.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void nameSpaces(String pids, String times) throws IOException {
        Path its = Files.createDirectories(folder.resolve(OWN + "/ns"));
        Files.deleteIfExists(its.resolve("pid"));
        Files.deleteIfExists(its.resolve("time"));
        Files.createSymbolicLink(its.resolve("pid"), Path.of("pid:[" + pids + "]"));
        Files.createSymbolicLink(its.resolve("time"), Path.of("time:[" + times + "]"));
    }

    private Processes seen() {
        return new Processes(folder, OWN);
    }

    /** The other process, as it registered itself. */
    private ProcessIdentity other() {
        ProcessIdentity self = seen().self();
        return new ProcessIdentity(self.host(), self.bootId(), OTHER, "2000");
    }

    @Test
    void a_process_is_known_by_the_ticks_of_its_start() {
        assertThat(seen().self().start()).isEqualTo("1000");
        assertThat(seen().isGone(other())).isFalse();
    }

    @Test
    void a_clock_that_is_set_changes_the_time_of_the_boot_and_nothing_else() throws IOException {
        ProcessIdentity other = other();
        ProcessIdentity before = seen().self();
        for (String boot : new String[] {"btime 1700000000", "btime 1700036000", "btime 1"}) {
            Files.writeString(folder.resolve("stat"), boot + "\n");
            assertThat(seen().self()).isEqualTo(before);
            assertThat(seen().isGone(other)).isFalse();
        }
    }

    @Test
    void a_name_may_have_spaces_and_parentheses_and_bytes_of_any_kind() throws IOException {
        for (String name : new String[] {"a b", "a) S 1 (", "((", ")", "\u00ff\u00fe) 1 2 3 4 5 6 7 8 9"}) {
            began(OTHER, name, "2000");
            assertThat(seen().isGone(other())).as(name).isFalse();
            began(OTHER, name, "2001");
            assertThat(seen().isGone(other())).as(name).isTrue();
        }
    }

    @Test
    void who_is_not_there_is_gone_and_so_is_who_has_left_its_number_to_another() throws IOException {
        began(OTHER, "sh", "123456");
        assertThat(seen().isGone(other())).isTrue();

        Files.delete(folder.resolve(OTHER + "/stat"));
        Files.delete(folder.resolve(String.valueOf(OTHER)));
        assertThat(seen().isGone(other())).isTrue();
    }

    @Test
    void when_its_start_cannot_be_read_a_process_is_alive() throws IOException {
        Files.writeString(folder.resolve(OTHER + "/stat"), "815 (java) S 1");
        assertThat(seen().isGone(other())).isFalse();
        Files.delete(folder.resolve(OTHER + "/stat"));
        assertThat(seen().isGone(other())).isFalse();

        began(OTHER, "java", "2000");
        ProcessIdentity unknown = new ProcessIdentity(other().host(), other().bootId(), OTHER, "unknown");
        assertThat(seen().isGone(unknown)).isFalse();
    }

    @Test
    void of_another_host_boot_or_name_space_nothing_is_known() throws IOException {
        ProcessIdentity other = other();
        ProcessIdentity elsewhere = new ProcessIdentity("elsewhere", other.bootId(), 99, "1");
        assertThat(seen().isGone(elsewhere)).isFalse();

        ProcessIdentity gone = new ProcessIdentity(other.host(), other.bootId(), 99, "1");
        assertThat(seen().isGone(gone)).isTrue();
        nameSpaces("4026532999", "4026531834");
        assertThat(seen().isGone(gone)).isFalse();
        // In another name space of times the same start has other ticks.
        nameSpaces("4026531836", "4026532998");
        assertThat(seen().isGone(gone)).isFalse();
        nameSpaces("4026531836", "4026531834");
        assertThat(seen().isGone(gone)).isTrue();
        Files.writeString(folder.resolve("sys/kernel/random/boot_id"), "00000000-0000-4000-8000-000000000002\n");
        assertThat(seen().isGone(gone)).isFalse();
    }

    @Test
    void a_folder_that_does_not_show_everything_tells_nothing() throws IOException {
        ProcessIdentity gone = new ProcessIdentity(other().host(), other().bootId(), 99, "1");
        assertThat(seen().isGone(gone)).isTrue();

        // Of another name space: the numbers in it are others.
        Files.delete(folder.resolve("self"));
        Files.createSymbolicLink(folder.resolve("self"), Path.of("17"));
        assertThat(seen().isGone(gone)).isFalse();
        assertThat(seen().self().bootId()).isEqualTo("unknown");

        // Processes of other users are hidden.
        Files.delete(folder.resolve("self"));
        Files.createSymbolicLink(folder.resolve("self"), Path.of(String.valueOf(OWN)));
        Files.delete(folder.resolve("1/stat"));
        Files.delete(folder.resolve("1"));
        assertThat(seen().isGone(gone)).isFalse();

        assertThat(new Processes(folder.resolve("none"), OWN).isGone(gone)).isFalse();
    }

    @Test
    void two_unknown_boots_are_not_the_same() {
        Processes nowhere = new Processes(folder.resolve("none"), OWN);
        assertThat(nowhere.isGone(new ProcessIdentity(nowhere.self().host(), "unknown", 99, "unknown")))
                .isFalse();
    }

    @Test
    void a_real_process_is_alive_until_it_is_gone() throws Exception {
        Processes real = Processes.OF_THIS_HOST;
        assertThat(real.isGone(real.self())).isFalse();

        Process child = new ProcessBuilder("cat").start();
        ProcessIdentity identity = new Processes(Path.of("/proc"), child.pid()).self();
        assertThat(identity.bootId())
                .as("seen by another it would be another's folder")
                .isEqualTo("unknown");
        ProcessIdentity of = new ProcessIdentity(real.self().host(), real.self().bootId(), child.pid(), "unknown");
        assertThat(real.isGone(of)).isFalse();
        child.destroyForcibly();
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(real.isGone(of)).isTrue();
    }
}
