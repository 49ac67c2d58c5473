package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.packages.PackageJar;
import io.cloacina.engine.model.PackageRefusedException;
import io.cloacina.engine.model.PackageSigner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackageJarTest {
    private static final int MAX_BYTES = 100_000;
    private static final String MANIFEST = """
            Manifest-Version: 1.0
            Cloacina-Package: orders
            Cloacina-Version: 1.0
            Cloacina-Workflows: acme.Flow,
              acme.Other

            """;

    private final Map<String, byte[]> files = new LinkedHashMap<>(Map.of(
            "acme/Flow.class", new byte[] {1},
            "acme/Other.class", new byte[] {2},
            "META-INF/MANIFEST.MF", MANIFEST.getBytes(StandardCharsets.UTF_8)));

    private byte[] jar() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static PackageJar read(byte[] jar) {
        return PackageJar.read(jar, "package 'a.jar'", MAX_BYTES);
    }

    private static void assertRefused(byte[] jar, String why) {
        assertThatThrownBy(() -> read(jar))
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageStartingWith("package 'a.jar' is refused: ")
                .hasMessageContaining(why);
    }

    @Test
    void a_whole_one_is_read() {
        files.put("directory/", new byte[0]);

        PackageJar read = read(jar());

        assertThat(read.manifest().name()).isEqualTo("orders");
        assertThat(read.manifest().version()).isEqualTo("1.0");
        assertThat(read.manifest().classes()).containsExactly("acme.Flow", "acme.Other");
        assertThat(read.entries().keySet())
                .containsExactlyInAnyOrder("acme/Flow.class", "acme/Other.class", "META-INF/MANIFEST.MF");
        assertThat(read.hash()).hasSize(64);
    }

    @Test
    void wherever_it_is_cut_off_it_is_refused() {
        byte[] jar = jar();
        for (int length = 0; length < jar.length; length++) {
            assertRefused(Arrays.copyOf(jar, length), "it is not a");
        }
    }

    @Test
    void with_a_byte_changed_it_is_refused_or_reads_the_same() {
        byte[] jar = jar();
        Random random = new Random(42);
        PackageJar whole = read(jar);
        for (int i = 0; i < 3_000; i++) {
            byte[] changed = jar.clone();
            changed[random.nextInt(jar.length)] ^= (byte) (1 << random.nextInt(8));
            PackageJar read;
            try {
                read = read(changed);
            } catch (PackageRefusedException e) {
                continue;
            }
            // What says when a file was made, and of which system, is of no account.
            assertThat(read.manifest()).isEqualTo(whole.manifest());
            read.entries()
                    .forEach((name, content) -> assertThat(content)
                            .as(name)
                            .isEqualTo(whole.entries().values().stream()
                                    .filter(known -> Arrays.equals(known, content))
                                    .findFirst()
                                    .orElseThrow()));
        }
    }

    @Test
    void what_unpacks_to_too_much_is_refused_before_it_is_unpacked() {
        files.put("zeros", new byte[8 * MAX_BYTES]);

        assertThat(jar().length).isLessThan(MAX_BYTES);
        assertRefused(jar(), "its files are more than 8 times as large as the largest jar that is allowed");
    }

    @Test
    void one_that_is_too_large_is_refused() {
        byte[] noise = new byte[MAX_BYTES];
        new Random(1).nextBytes(noise);
        files.put("noise", noise);

        assertRefused(jar(), "bytes and at most 100000 are allowed: leave out what it does not need, or raise");
    }

    @Test
    void one_with_too_many_entries_is_refused() {
        for (int i = 0; i < 20_000; i++) {
            files.put("e" + i, new byte[0]);
        }
        byte[] jar = jar();

        assertThatThrownBy(() -> PackageJar.read(jar, "it", 10 << 20))
                .isInstanceOf(PackageRefusedException.class)
                .hasMessageContaining("it has more than 20000 entries");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../evil", "a/../../b", "/etc/passwd", "a\\b", "C:\\x", "a//b", "./a", "a/./b", "a\nb", ".."})
    void a_name_that_leads_elsewhere_is_refused(String name) {
        files.put(name, new byte[0]);

        assertRefused(jar(), "is not a path in a jar");
    }

    @Test
    void a_directory_that_says_less_than_there_is_is_refused() {
        byte[] jar = jar();
        ByteBuffer end = ByteBuffer.wrap(jar).order(ByteOrder.LITTLE_ENDIAN);
        end.putShort(jar.length - 22 + 8, (short) 2).putShort(jar.length - 22 + 10, (short) 2);

        assertRefused(jar, "its directory does not fit its 3 entries");
    }

    @Test
    void a_directory_that_names_something_else_is_refused() {
        byte[] jar = jar();
        byte[] name = "acme/Flow.class".getBytes(StandardCharsets.UTF_8);
        for (int at = jar.length - name.length; at >= 0; at--) {
            if (Arrays.equals(Arrays.copyOfRange(jar, at, at + name.length), name)) {
                jar[at] = 'A';
                break;
            }
        }

        assertRefused(jar, "its directory does not fit its 3 entries");
    }

    @Test
    void a_class_name_without_end_is_refused() {
        files.put(
                "META-INF/MANIFEST.MF",
                MANIFEST.replace("acme.Flow,", "a.".repeat(30).concat("\n ").repeat(900))
                        .getBytes(StandardCharsets.UTF_8));

        assertRefused(jar(), "is not the name of a class");
    }

    @Test
    void what_stands_behind_its_end_is_refused() {
        assertRefused(Arrays.copyOf(jar(), jar().length + 3), "its end is missing");
    }

    @Test
    void without_a_manifest_it_is_refused() {
        files.remove("META-INF/MANIFEST.MF");

        assertRefused(jar(), "it has no manifest");
    }

    @Test
    void all_that_is_wrong_with_a_manifest_is_said_at_once() {
        files.put("META-INF/MANIFEST.MF", """
                Manifest-Version: 1.0
                Cloacina-Package: a/b
                Cloacina-Workflows: acme.Flow acme.Missing 1bad

                """.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> read(jar()))
                .isInstanceOfSatisfying(
                        PackageRefusedException.class,
                        refused -> assertThat(refused.reasons())
                                .containsExactly(
                                        "the Cloacina-Package of its manifest is 'a/b'; letters, digits, '.', '_', '+' and '-' are"
                                                + " allowed, the first a letter or a digit",
                                        "its manifest has no Cloacina-Version, such as 'Cloacina-Version: 1.0.0'",
                                        "the class acme.Missing in the Cloacina-Workflows of its manifest is not in it",
                                        "'1bad' in the Cloacina-Workflows of its manifest is not the name of a class"));
    }

    @ParameterizedTest
    @CsvSource({"META-INF/versions/9/acme/Flow.class, 9", "META-INF/versions/99/acme/Flow.class, 1"})
    void of_a_multi_release_jar_the_files_for_this_java_count(String name, int content) {
        files.put(
                "META-INF/MANIFEST.MF",
                MANIFEST.replace("1.0\nCloacina-Package", "1.0\nMulti-Release: true\nCloacina-Package")
                        .getBytes(StandardCharsets.UTF_8));
        files.put(name, new byte[] {9});

        assertThat(read(jar()).entries().get("acme/Flow.class")).containsExactly(content);
    }

    @Test
    void the_message_of_a_very_long_path_has_its_beginning_and_its_end() {
        Path file = Path.of("/nowhere/" + "folder/".repeat(700) + "end.jar");
        assertThatThrownBy(() -> Packages.workflowsOf(file))
                .isInstanceOf(CloacinaException.class)
                .hasMessageContaining("/nowhere/folder/")
                .hasMessageContaining("/end.jar")
                .hasMessageMatching("(?s).{0,600}");
        assertThatThrownBy(() -> PackageSigner.of(file))
                .isInstanceOf(CloacinaException.class)
                .hasMessageContaining("/nowhere/folder/")
                .hasMessageContaining("/end.jar")
                .hasMessageMatching("(?s).{0,900}");
    }
}
