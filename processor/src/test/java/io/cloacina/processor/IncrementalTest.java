package io.cloacina.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncrementalTest {
    private static final String RAIN = "@Workflow class Rain { @Task int read() { return 1; } }";
    private static final String SUN = "@Workflow class Sun { @Task int read() { return 1; } }";
    private static final String RAIN_LINE = "weather.RainDefinition # weather.Rain";
    private static final String SUN_LINE = "weather.SunDefinition # weather.Sun";

    @TempDir
    Path output;

    private Compilation compile(String... classes) {
        String[] sources = new String[classes.length];
        for (int i = 0; i < classes.length; i++) {
            sources[i] = Compilation.inPackage(classes[i]);
        }
        Compilation compilation = Compilation.of(output, sources);
        assertThat(compilation.problems()).isEmpty();
        return compilation;
    }

    @Test
    void all_workflows_of_a_compilation_are_listed() {
        assertThat(compile(SUN, RAIN).services()).containsExactly(RAIN_LINE, SUN_LINE);
    }

    @Test
    void compiling_one_of_two_keeps_the_other() {
        compile(SUN, RAIN);

        assertThat(compile(SUN).services()).containsExactly(RAIN_LINE, SUN_LINE);
    }

    @Test
    void a_class_that_is_no_workflow_any_more_is_not_listed() {
        compile(SUN, RAIN);

        assertThat(compile("class Rain {}").services()).containsExactly(SUN_LINE);
    }

    @Test
    void a_class_that_is_deleted_is_not_listed() {
        compile(SUN, RAIN);
        Compilation.deleteClass(output, "Rain");

        assertThat(compile(SUN).services()).containsExactly(SUN_LINE);
    }

    @Test
    void the_last_workflow_leaves_an_empty_list() {
        compile(RAIN);

        assertThat(compile("class Rain {}").services()).isEmpty();
    }

    @Test
    void a_class_with_an_error_leaves_the_list_as_it_was() {
        compile(SUN, RAIN);

        Compilation broken = Compilation.of(output, Compilation.inPackage("@Workflow class Rain {}"));

        assertThat(broken.problems()).hasSize(1);
        assertThat(broken.services()).containsExactly(RAIN_LINE, SUN_LINE);
    }
}
