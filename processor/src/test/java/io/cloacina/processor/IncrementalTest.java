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
    void allWorkflowsOfACompilationAreListed() {
        assertThat(compile(SUN, RAIN).services()).containsExactly(RAIN_LINE, SUN_LINE);
    }

    @Test
    void compilingOneOfTwoKeepsTheOther() {
        compile(SUN, RAIN);

        assertThat(compile(SUN).services()).containsExactly(RAIN_LINE, SUN_LINE);
    }

    @Test
    void aClassThatIsNoWorkflowAnyMoreIsNotListed() {
        compile(SUN, RAIN);

        assertThat(compile("class Rain {}").services()).containsExactly(SUN_LINE);
    }

    @Test
    void aClassThatIsDeletedIsNotListed() {
        compile(SUN, RAIN);
        Compilation.deleteClass(output, "Rain");

        assertThat(compile(SUN).services()).containsExactly(SUN_LINE);
    }

    @Test
    void theLastWorkflowLeavesAnEmptyList() {
        compile(RAIN);

        assertThat(compile("class Rain {}").services()).isEmpty();
    }

    @Test
    void aClassWithAnErrorLeavesTheListAsItWas() {
        compile(SUN, RAIN);

        Compilation broken = Compilation.of(output, Compilation.inPackage("@Workflow class Rain {}"));

        assertThat(broken.problems()).hasSize(1);
        assertThat(broken.services()).containsExactly(RAIN_LINE, SUN_LINE);
    }
}
